// Filing by hand: asks what an address means as soon as it is left, and shows what may be a double.
(function () {
  "use strict";
  var form = document.querySelector("form[data-place]");
  if (!form || !window.fetch) return;
  var address = form.elements.address;
  var words = form.querySelector("[data-place-words]");
  var doubles = form.querySelector("[data-doubles]");
  var list = form.querySelector("[data-doubles-list]");
  var asked = address.value;

  function line(one) {
    var item = document.createElement("li");
    var link = document.createElement("a");
    link.href = one.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = one.title;
    var more = document.createElement("span");
    more.className = "muted";
    more.textContent = one.number + " · " + one.stage;
    item.append(link, more);
    return item;
  }

  address.addEventListener("change", function () {
    if (address.value === asked) return;
    asked = address.value;
    var body = new URLSearchParams();
    body.set("address", asked);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fetch(form.dataset.place, { method: "POST", body: body, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (found) {
        if (!found) return;
        words.hidden = !found.words;
        words.querySelector("span").textContent = found.words;
        doubles.hidden = !found.doubles.length;
        list.replaceChildren.apply(list, found.doubles.map(line));
      })
      .catch(function () { /* Without an answer the server looks again when the form is sent. */ });
  });
})();

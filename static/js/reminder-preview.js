// Shows the sentence of a reminder rule while it is being written; saving shows it without this.
(function () {
  "use strict";
  function begin() {
    var form = document.getElementById("reminderrule_form");
    var place = document.querySelector(".field-meaning .readonly");
    if (!form || !place) return;
    var address = location.pathname.replace(/(add|\d+\/change)\/$/, "preview/");
    var waiting = 0;
    place.setAttribute("aria-live", "polite");

    function show(found) {
      if (!found || !found.sentence) return;
      place.textContent = found.sentence;
      place.classList.toggle("is-wrong", Boolean(found.is_wrong));
    }

    function ask() {
      fetch(address, { method: "POST", body: new FormData(form), credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(show)
        .catch(function () {});
    }

    form.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 300);
    });
  }

  // The desk loads the scripts of a form in its head, before the form is there.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();

// The dispatch queue by keyboard: a number chooses a unit and sends, Enter sends what is chosen,
// j and k turn to the neighbouring case.
(function () {
  "use strict";
  var form = document.querySelector("form[data-queue]");
  if (!form) return;
  var sent = false;

  function send() {
    if (sent) return;
    sent = true;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  }

  form.addEventListener("submit", function () { sent = true; });
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (/^(TEXTAREA|SELECT|A|BUTTON|SUMMARY)$/.test(target.tagName)) return;
    if (target.tagName === "INPUT" && target.type !== "radio") return;
    if (/^[1-9]$/.test(event.key)) {
      var choice = form.querySelector('[data-key="' + event.key + '"]');
      if (!choice) return;
      event.preventDefault();
      choice.checked = true;
      form.querySelector("select[name=unit]").value = "";
      send();
    } else if (event.key === "Enter") {
      event.preventDefault();
      send();
    } else if (event.key === "j" || event.key === "k") {
      var link = document.querySelector('[rel="' + (event.key === "j" ? "next" : "prev") + '"]');
      if (link) window.location.assign(link.href);
    }
  });
})();

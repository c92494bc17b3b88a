// The review queue by keyboard: a approves, a digit ticks a ready reason, b sends back, j and k turn
// to the neighbouring answer.
(function () {
  "use strict";
  var approve = document.querySelector("form[data-approve]");
  var back = document.querySelector("form[data-send-back]");
  if (!approve || !back) return;
  var sent = false;

  function send(form) {
    if (sent) return;
    if (form.requestSubmit) return form.requestSubmit();
    sent = true;
    form.submit();
  }

  // A form that still has a question is not sent, and may be sent later.
  [approve, back].forEach(function (form) { form.addEventListener("submit", function () { sent = true; }); });

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (/^(TEXTAREA|SELECT)$/.test(target.tagName)) return;
    if (target.tagName === "INPUT" && target.type !== "radio") return;
    if (event.key === "a") send(approve);
    else if (event.key === "b") {
      var reason = back.querySelector('input[name="reason"]:checked');
      var note = back.querySelector("textarea[name=note]");
      if (reason && !reason.value && !note.value.trim()) {
        event.preventDefault();
        note.focus();
      } else send(back);
    } else if (/^[1-9]$/.test(event.key)) {
      var choice = back.querySelector('[data-key="' + event.key + '"]');
      if (choice) choice.checked = true;
    } else if (event.key === "j" || event.key === "k") {
      var link = document.querySelector('[rel="' + (event.key === "j" ? "next" : "prev") + '"]');
      if (link) window.location.assign(link.href);
    }
  });
})();

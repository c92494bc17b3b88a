// A link that copies itself at a tap; without this script it is marked and copied by hand.
(function () {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var field = document.querySelector("[data-copy-from]");
    button.hidden = false;
    button.addEventListener("click", function () {
      field.focus();
      field.setSelectionRange(0, field.value.length);
      var done = function () { button.textContent = button.dataset.copied; };
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(field.value).then(done);
      else if (document.execCommand("copy")) done();
    });
  });
})();

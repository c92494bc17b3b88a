// The residents' pages: type size without losing what was typed, and a link that copies itself.
// Both work without this script: the size by loading the page anew, the link by holding it down.
(function () {
  "use strict";
  var root = document.documentElement;

  document.querySelectorAll("[data-size-choice]").forEach(function (choice) {
    choice.addEventListener("click", function (event) {
      event.preventDefault();
      root.dataset.size = choice.dataset.sizeChoice;
      document.cookie = "resident_size=" + choice.dataset.sizeChoice + "; path=/; max-age=31536000; samesite=lax";
      document.querySelectorAll("[data-size-choice]").forEach(function (one) {
        if (one === choice) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      });
    });
  });

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

  // A second tap on a slow network sends nothing twice.
  document.querySelectorAll("form").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      window.setTimeout(function () { delete form.dataset.sent; }, 8000);
    });
  });
})();

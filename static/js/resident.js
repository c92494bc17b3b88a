// The residents' pages: type size without losing what was typed, and no deed sent twice.
// The size works without this script too: by loading the page anew.
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

  // A second tap on a slow network sends nothing twice.
  document.querySelectorAll("form").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      window.setTimeout(function () { delete form.dataset.sent; }, 8000);
    });
  });
})();

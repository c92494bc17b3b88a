// Large type: <button data-size-switch> turns it on and off; the cookie lets the server draw it at once.
(function () {
  "use strict";
  var root = document.documentElement;

  function show() {
    var large = root.dataset.size === "large";
    document.querySelectorAll("[data-size-switch]").forEach(function (button) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(large));
    });
  }

  function choose(large) {
    if (large) root.dataset.size = "large";
    else delete root.dataset.size;
    document.cookie = "size=" + (large ? "large" : "normal") + "; path=/; max-age=31536000; samesite=lax";
    try {
      localStorage.setItem("size", large ? "large" : "normal");
    } catch (refused) {
      // Private windows refuse to store; the cookie is enough.
    }
    show();
  }

  try {
    if (!/(^|; )size=/.test(document.cookie) && root.dataset.size !== "large" && localStorage.getItem("size") === "large") choose(true);
  } catch (refused) {
    // Nothing was stored, so nothing is restored.
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-size-switch]")) choose(root.dataset.size !== "large");
  });
  show();
})();

// One tap calls: the page with the number opens the dialler by itself, once.
(function () {
  "use strict";
  var link = document.querySelector("[data-call]");
  if (!link) return;
  try {
    // Coming back from the dialler must not dial again.
    if (window.history.state && window.history.state.called) return;
    window.history.replaceState({ called: true }, "");
  } catch (refused) {
    return;
  }
  if (!("ontouchstart" in window)) return;
  // Only when the page has arrived whole: the dialler may stop what is still loading.
  window.addEventListener("load", function () {
    window.setTimeout(function () { link.click(); }, 0);
  });
})();

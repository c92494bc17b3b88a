// Menus and clocks are <details>; a click elsewhere or Escape closes the open one.
(function () {
  "use strict";
  function close(except) {
    document.querySelectorAll("details.menu[open], details.clock[open]").forEach(function (one) {
      if (one !== except) one.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    close(event.target.closest ? event.target.closest("details.menu, details.clock") : null);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.menu[open], details.clock[open]");
    close(null);
    if (open) open.querySelector("summary").focus();
  });
})();

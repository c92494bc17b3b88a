// The desk by keyboard: "/" searches, j and k walk through [data-row], Enter opens the chosen row.
(function () {
  "use strict";
  var chosen = -1;

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-row], #result_list tbody tr"));
  }

  function choose(step) {
    var all = rows();
    if (!all.length) return;
    if (all[chosen]) all[chosen].classList.remove("is-chosen");
    chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
    all[chosen].classList.add("is-chosen");
    all[chosen].scrollIntoView({ block: "nearest" });
    var link = all[chosen].querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (event.key === "/") {
      var search = document.querySelector("[data-search], #searchbar, input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "j") choose(1);
    else if (event.key === "k") choose(-1);
  });
})();

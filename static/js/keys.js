// The desk by keyboard: "/" searches, j and k walk through the rows of any list, Enter opens the
// chosen one, x ticks it, v shows it beside the list, "?" tells all this.
(function () {
  "use strict";
  var chosen = -1;
  var help = document.querySelector("[data-keys-help]");
  var current = document.querySelector(".desk-queue-list .is-current");

  // A long list beside a case opens where that case stands.
  if (current) {
    var list = current.closest(".desk-queue-list");
    list.scrollTop = current.offsetTop - (list.clientHeight - current.offsetHeight) / 2;
  }

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("[data-row], #result_list tbody tr"));
  }

  function choose(step) {
    var all = rows();
    if (!all.length) return;
    if (all[chosen]) all[chosen].classList.remove("is-chosen");
    if (chosen < 0) chosen = all.findIndex(function (row) { return row.classList.contains("is-beside"); });
    chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
    var row = all[chosen];
    row.classList.add("is-chosen");
    row.scrollIntoView({ block: "nearest" });
    var link = row.querySelector("a[data-open], th a[href]") || row.querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
    row.dispatchEvent(new CustomEvent("row-chosen", { bubbles: true }));
  }

  function inRow(selector) {
    var row = rows()[chosen];
    return row ? row.querySelector(selector) : null;
  }

  function open_help() {
    if (!help || !help.showModal || help.open) return;
    help.showModal();
  }

  document.querySelectorAll("[data-keys-open]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", open_help);
  });

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (help && help.open) return;
    var isTick = target.tagName === "INPUT" && /^(checkbox|radio)$/.test(target.type);
    if (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isTick)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (event.key === "/") {
      var search = document.querySelector("[data-search], #searchbar, input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      event.preventDefault();
      open_help();
    } else if (event.key === "j") choose(1);
    else if (event.key === "k") choose(-1);
    else if (event.key === "x") {
      var tick = inRow("input[type=checkbox]");
      if (tick) tick.click();
    } else if (event.key === "v") {
      var look = inRow("[data-preview]");
      if (look) look.click();
    } else if (event.key === "Enter" && (target === document.body || isTick)) {
      var link = inRow("a[data-open], th a[href], a[href]");
      if (!link) return;
      event.preventDefault();
      link.click();
    }
  });
})();

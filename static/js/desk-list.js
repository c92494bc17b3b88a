// Lists at the desk: many rows ticked at once (Shift takes a stretch), one case shown beside them.
// Without this file the ticks, the buttons and the links work all the same, a page at a time.
(function () {
  "use strict";
  var form = document.querySelector("form[data-bulk]");
  var TICKS = "input[name=case], input[name=row]";

  function ticks() {
    return Array.prototype.slice.call(form.querySelectorAll(TICKS));
  }

  function show() {
    var all = ticks();
    var count = all.filter(function (one) { return one.checked; }).length;
    var bar = form.querySelector("[data-bulk-bar]");
    if (bar) {
      bar.hidden = count === 0;
      bar.querySelector("[data-bulk-count]").textContent = count;
      bar.querySelector("[data-bulk-none]").hidden = false;
    }
    form.querySelectorAll("[data-bulk-all]").forEach(function (one) {
      one.checked = count > 0 && count === all.length;
      one.indeterminate = count > 0 && count < all.length;
    });
    all.forEach(function (one) {
      var row = one.closest("tr, li");
      if (row) row.classList.toggle("is-ticked", one.checked);
    });
  }

  if (form && form.querySelector(TICKS)) {
    var last = null;
    form.querySelectorAll("[data-bulk-all], [data-bulk-all-words]").forEach(function (one) {
      one.hidden = false;
    });
    form.addEventListener("click", function (event) {
      var target = event.target;
      if (target.matches("[data-bulk-none]")) {
        ticks().forEach(function (one) { one.checked = false; });
      } else if (target.matches("[data-bulk-all]")) {
        ticks().forEach(function (one) { one.checked = target.checked; });
      } else if (target.matches(TICKS)) {
        var all = ticks();
        if (event.shiftKey && last && all.indexOf(last) >= 0) {
          var ends = [all.indexOf(last), all.indexOf(target)].sort(function (a, b) { return a - b; });
          all.slice(ends[0], ends[1] + 1).forEach(function (one) { one.checked = target.checked; });
        }
        last = target;
      } else return;
      show();
    });
    // Enter in a list opens the row; it never sends the form by chance.
    form.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
    });
    window.addEventListener("pageshow", show);
    show();
  }

  var split = document.querySelector("[data-split]");
  var pane = document.querySelector("[data-preview-pane]");
  var wide = window.matchMedia("(min-width: 1200px)");
  if (!split || !pane || !window.fetch) return;
  var wanted = "", waiting = 0;

  function look(link) {
    wanted = link.dataset.preview;
    fetch(wanted, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (words) {
        if (link.dataset.preview !== wanted) return;
        pane.innerHTML = words;
        pane.hidden = false;
        split.classList.add("is-split");
        split.querySelectorAll(".is-beside").forEach(function (row) {
          row.classList.remove("is-beside");
          row.removeAttribute("aria-current");
        });
        var row = link.closest("tr");
        row.classList.add("is-beside");
        row.setAttribute("aria-current", "true");
        window.history.replaceState(null, "", link.getAttribute("href"));
      })
      .catch(function () {
        if (link.dataset.preview === wanted) window.location.assign(link.href);
      });
  }
  // Whoever opens a case while another is still being fetched leaves for the one that was opened.
  window.addEventListener("beforeunload", function () {
    wanted = "";
    window.clearTimeout(waiting);
  });

  split.addEventListener("click", function (event) {
    var link = event.target.closest("[data-preview]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    look(link);
  });
  // While a case stands beside the list, walking through the rows takes it along.
  split.addEventListener("row-chosen", function (event) {
    var link = event.target.querySelector("[data-preview]");
    if (!link || !wide.matches || !split.classList.contains("is-split")) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () { look(link); }, 150);
  });
})();

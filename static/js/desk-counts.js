// How much waits, in the title of the tab and beside 待派单: shown at once as last known, asked
// again quietly once a minute while somebody looks. What was asked is kept for the other tabs.
(function () {
  "use strict";
  var body = document.body, address = body.dataset.counts;
  if (!address || !window.fetch) return;
  var KEPT = "desk-counts:" + (body.dataset.user || ""), PAUSE = 60000, FRESH = 15000;
  var which = body.dataset.countOf || "waiting";

  function show(counts) {
    var plain = document.title.replace(/^\(\d+\+?\) /, "");
    var count = counts[which];
    document.title = count && count !== "0" ? "(" + count + ") " + plain : plain;
    document.querySelectorAll("[data-tab-count]").forEach(function (place) {
      var words = counts[place.dataset.tabCount] || "0";
      place.textContent = words;
      place.hidden = words === "0";
    });
  }

  function kept() {
    try { return JSON.parse(window.localStorage.getItem(KEPT) || "null"); } catch (error) { return null; }
  }

  function keep(counts) {
    try {
      window.localStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), counts: counts }));
    } catch (error) { /* a full store is no reason to stop */ }
  }

  function ask(isFirst) {
    if (document.hidden) return;
    var found = kept();
    if (found) show(found.counts);
    if (found && !isFirst && Date.now() - found.at < FRESH) return;
    fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (counts) { keep(counts); show(counts); })
      .catch(function () { window.clearInterval(clock); });
  }

  var clock = window.setInterval(ask, PAUSE, false);
  document.addEventListener("visibilitychange", function () { ask(false); });
  ask(true);
})();

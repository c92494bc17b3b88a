// The wall screen: a clock, and every minute the same page again, exchanged without a flicker.
// When the line is cut or the session has ended, the last picture stays and says so.
(function () {
  var EVERY = 60000;

  function tick() {
    var clock = document.querySelector("[data-clock]");
    if (clock) clock.textContent = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  }

  function refresh() {
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("signed out");
        return answer.text();
      })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-wall]");
        var shown = document.querySelector("[data-wall]");
        if (!fresh || !shown) throw new Error("another page");
        shown.replaceWith(fresh);
        tick();
      })
      .catch(function () {
        var lost = document.querySelector("[data-lost]");
        if (lost) lost.hidden = false;
      });
  }

  tick();
  window.setInterval(tick, 5000);
  window.setInterval(refresh, EVERY);
})();

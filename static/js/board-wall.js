// The wall screen: a clock, and every minute the same page again, exchanged without a flicker.
// When the line is cut or the session has ended, the last picture stays and says so.
(function () {
  var EVERY = 60000;

  function tick() {
    var clock = document.querySelector("[data-clock]");
    if (!clock) return;
    // The hour of the street, also where the screen's own computer keeps another.
    var here = /([+-])(\d\d):(\d\d)$/.exec(clock.parentNode.querySelector("time").dateTime);
    var minutes = here ? (here[1] === "-" ? -1 : 1) * (here[2] * 60 + Number(here[3])) : 0;
    clock.textContent = new Date(Date.now() + minutes * 60000).toISOString().slice(11, 16);
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

// Counts down how long a slip may still be taken back; then the button goes.
(function () {
  "use strict";
  document.querySelectorAll("[data-undo]").forEach(function (line) {
    var left = parseInt(line.dataset.undo, 10);
    var words = line.querySelector("[data-undo-left]");
    var clock = window.setInterval(function () {
      left -= 1;
      if (left > 0) {
        if (words) words.textContent = Math.floor(left / 60) + ":" + ("0" + (left % 60)).slice(-2);
        return;
      }
      window.clearInterval(clock);
      line.hidden = true;
    }, 1000);
  });
})();

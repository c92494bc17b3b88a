// Follows a long work: asks the address in data-progress every two seconds until it ended.
(function () {
  "use strict";
  if (!window.fetch) return;

  function put(card, name, words) {
    var place = card.querySelector("[data-progress-" + name + "]");
    if (place && words !== undefined && words !== null) place.textContent = words;
  }

  function follow(card) {
    var pause = 2000;

    function ask() {
      fetch(card.dataset.progress, { credentials: "same-origin", headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .then(function (job) {
          var line = card.querySelector("[data-progress-line]");
          if (job.total) line.max = job.total;
          line.value = job.done || 0;
          put(card, "done", job.done);
          put(card, "total", job.total);
          put(card, "state", job.state_text);
          put(card, "remaining", job.remaining_text);
          if (job.state !== "done" && job.state !== "failed") {
            pause = 2000;
            return window.setTimeout(ask, pause);
          }
          var link = card.querySelector("[data-progress-result]");
          if (!job.result_url) return window.location.reload();
          link.href = job.result_url;
          link.hidden = false;
          card.querySelectorAll("[data-progress-running]").forEach(function (part) { part.hidden = true; });
          link.focus();
        })
        .catch(function () {
          // The network may come back: ask again, but less often.
          pause = Math.min(pause * 2, 30000);
          window.setTimeout(ask, pause);
        });
    }

    ask();
  }

  document.querySelectorAll("[data-progress]").forEach(function (card) {
    if (card.dataset.progress) follow(card);
  });
})();

// The chip that says whether the phone is connected and how much still waits to be sent.
// Other scripts tell the number: window.dispatchEvent(new CustomEvent("outbox", { detail: { count: 2 } }))
(function () {
  "use strict";
  var chip = document.querySelector("[data-network]");
  var note = document.querySelector("[data-offline-note]");
  var waiting = 0;

  function show() {
    var offline = navigator.onLine === false;
    if (note) note.hidden = !offline;
    if (!chip) return;
    chip.hidden = false;
    chip.classList.toggle("is-offline", offline);
    chip.querySelector("[data-network-on]").hidden = offline;
    chip.querySelector("[data-network-off]").hidden = !offline;
    chip.querySelector("[data-network-words]").textContent = waiting
      ? chip.dataset.waiting.replace("0", waiting)
      : offline ? chip.dataset.offline : chip.dataset.online;
  }

  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  window.addEventListener("outbox", function (event) {
    waiting = event.detail && event.detail.count ? event.detail.count : 0;
    show();
  });
  show();
})();

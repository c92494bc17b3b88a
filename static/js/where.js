// Says in whose grid the address or the position lies, while the report is being written.
(function () {
  "use strict";
  var place = document.querySelector("[data-where]");
  var address = document.getElementById("id_address");
  var lat = document.getElementById("id_lat");
  var lng = document.getElementById("id_lng");
  if (!place || !address || !window.fetch) return;
  var words = place.querySelector("[data-where-grid]");
  var waiting = 0;
  var asked = 0;

  function ask() {
    var mine = ++asked;
    var query = new URLSearchParams({ address: address.value, lat: lat.value, lng: lng.value });
    fetch(place.dataset.where + "?" + query, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : { grid: "" }; })
      .then(function (found) {
        if (mine !== asked) return;
        words.textContent = found.grid;
        place.hidden = !found.grid;
      })
      .catch(function () {
        // Without a network the grid is found when the report arrives.
        place.hidden = true;
      });
  }

  function later() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, 600);
  }

  address.addEventListener("input", later);
  document.addEventListener("positioned", ask);
  if (address.value || lat.value) ask();
})();

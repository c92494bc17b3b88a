// <button type="button" data-position data-latitude="#id_latitude" data-longitude="#id_longitude" hidden>
// fills two inputs with where the phone is; words go to the element named by data-says.
(function () {
  "use strict";
  if (!("geolocation" in navigator)) return;
  document.querySelectorAll("[data-position]").forEach(function (button) {
    var says = document.querySelector(button.dataset.says || "#position-says");

    function say(words) {
      if (says) says.textContent = words;
    }

    button.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      say(button.dataset.searching);
      navigator.geolocation.getCurrentPosition(
        function (found) {
          document.querySelector(button.dataset.latitude).value = found.coords.latitude.toFixed(6);
          document.querySelector(button.dataset.longitude).value = found.coords.longitude.toFixed(6);
          button.disabled = false;
          say(button.dataset.found.replace("0", Math.round(found.coords.accuracy)));
          document.dispatchEvent(new CustomEvent("positioned"));
        },
        function () {
          button.disabled = false;
          say(button.dataset.failed);
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 }
      );
    });
  });
})();

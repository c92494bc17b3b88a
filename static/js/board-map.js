// The grid map that can be moved and read with the keyboard, in place of the server's drawing.
// <div data-map="/board/map.json?…">drawing</div>; without this file the drawing stays.
document.querySelectorAll("[data-map]").forEach(function (place) {
  if (!window.L || !window.fetch) return;
  fetch(place.dataset.map, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("no map");
      return answer.json();
    })
    .then(function (areas) { if (areas.features.length) show(place, areas); })
    .catch(function () { /* The drawing says the same. */ });
});

function show(place, areas) {
  var frame = document.createElement("div");
  frame.className = "map-live";
  var box = place.querySelector("svg").viewBox.baseVal;
  frame.style.aspectRatio = box.width + " / " + box.height;
  place.appendChild(frame);
  place.classList.add("is-live");
  var map = L.map(frame, { attributionControl: false, zoomControl: false, zoomSnap: 0.05, zoomDelta: 0.5, scrollWheelZoom: false, tap: false });
  L.control.zoom({ position: "bottomright" }).addTo(map);
  var layer = L.geoJSON(areas, {
    style: function (area) { return { className: "area tone-" + area.properties.tone, weight: 1.2 }; },
    onEachFeature: function (area, shape) { describe(area.properties, shape); }
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [4, 4], animate: false });
  layer.eachLayer(function (shape) {
    reach(shape);
    label(shape, map);
  });
  crowd(frame, areas.features.length);
  window.addEventListener("resize", function () { map.invalidateSize(); });
}

function describe(facts, shape) {
  var words = document.createElement("span");
  words.textContent = facts.name + "：" + facts.said;
  shape.bindTooltip(words, { sticky: true });
  if (facts.url) shape.on("click", function () { window.location.assign(facts.url); });
}

// Each area is a link for the keyboard and for the ear.
function reach(shape) {
  var facts = shape.feature.properties, element = shape.getElement();
  if (!element) return;
  element.setAttribute("aria-label", facts.name + "：" + facts.said);
  element.setAttribute("role", facts.url ? "link" : "img");
  if (!facts.url) return;
  element.setAttribute("tabindex", "0");
  element.addEventListener("keydown", function (pressed) {
    if (pressed.key === "Enter") window.location.assign(facts.url);
  });
}

function label(shape, map) {
  var text = shape.feature.properties.label, at = shape.feature.properties.at;
  if (!text || !at) return;
  var sign = document.createElement("span");
  sign.textContent = text;
  var icon = L.divIcon({ className: "map-label", html: sign, iconSize: [34, 18] });
  L.marker([at[1], at[0]], { icon: icon, interactive: false, keyboard: false }).addTo(map);
}

function crowd(frame, count) {
  frame.classList.toggle("is-far", count > 40 && frame.clientWidth < 500);
}

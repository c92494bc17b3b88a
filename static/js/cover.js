// Brushing over the squares of a photo: the first one touched says whether squares are set or cleared.
document.querySelectorAll("[data-cover]").forEach(function (form) {
  "use strict";
  var net = form.querySelector(".cover-squares");
  var brush = null;

  function box(event) {
    var under = document.elementFromPoint(event.clientX, event.clientY);
    return under && net.contains(under) ? under.closest("label").querySelector("input") : null;
  }

  net.addEventListener("pointerdown", function (event) {
    var first = box(event);
    if (!first || event.button > 0) return;
    brush = !first.checked;
    first.checked = brush;
  });
  net.addEventListener("pointermove", function (event) {
    var next = brush === null ? null : box(event);
    if (next) next.checked = brush;
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    window.addEventListener(name, function () { brush = null; });
  });
  // A finger or a mouse has set its squares above; only keys still tick by clicking.
  net.addEventListener("click", function (event) {
    if (event.detail > 0 || event.target.tagName !== "INPUT") event.preventDefault();
  });
});

// A tapped sentence goes to where the cursor is: <p data-insert-into="id"><a data-insert="…">
document.querySelectorAll("[data-insert-into]").forEach(function (place) {
  "use strict";
  var field = document.getElementById(place.dataset.insertInto);
  if (!field) return;
  place.addEventListener("click", function (event) {
    var tapped = event.target.closest("[data-insert]");
    if (!tapped) return;
    event.preventDefault();
    var end = field.selectionEnd || field.value.length;
    var start = field.selectionStart || end;
    field.setRangeText(tapped.dataset.insert, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    // What is still to be written stands ready to be typed over.
    var gap = tapped.dataset.insert.search(/＿+/);
    if (gap >= 0) field.setSelectionRange(start + gap, start + gap + tapped.dataset.insert.match(/＿+/)[0].length);
  });
});

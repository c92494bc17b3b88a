// The search boxes that take the place of long lists bear the name of their field for the ear.
window.addEventListener("load", function () {
  "use strict";
  if (!window.django || !window.django.jQuery) return;
  // Behind Django's own callbacks, which make the boxes.
  window.django.jQuery(function () {
    document.querySelectorAll("select.admin-autocomplete").forEach(function (select) {
      var label = document.querySelector("label[for='" + select.id + "']");
      if (!label) return;
      label.id = label.id || select.id + "-name";
      select.parentNode.querySelectorAll(".select2-selection, .select2-selection__rendered").forEach(function (box) {
        box.setAttribute("aria-labelledby", label.id + " " + (box.getAttribute("aria-labelledby") || ""));
      });
    });
  });
});

// A new channel asks only for what the chosen kind needs. Without this file all fields are there.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var kind = document.querySelector("select[name=kind]");
  if (!kind) return;

  function show() {
    document.querySelectorAll("[data-kinds]").forEach(function (field) {
      var wanted = !kind.value || field.dataset.kinds.split(" ").indexOf(kind.value) >= 0;
      field.closest(".form-row").hidden = !wanted;
    });
  }

  kind.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
});

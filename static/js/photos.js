// Photos before they are sent: shown small, and made at most 1600 pixels, so that a slow network
// carries them. Without this script the files go as they are.
(function () {
  "use strict";
  var LONGEST = 1600;
  var HEAVY = 500 * 1024;

  function lighter(file) {
    if (file.size <= HEAVY || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" })
      .then(function (picture) {
        var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.82); });
      })
      .then(function (blob) {
        if (!blob || blob.size >= file.size) return file;
        return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
      })
      .catch(function () { return file; });
  }

  // A picture taken by mistake goes before anything is sent.
  function remover(tiles, input, file) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "photo-remove";
    button.textContent = "×";
    button.setAttribute("aria-label", tiles.dataset.removeWords + " " + file.name);
    button.addEventListener("click", function () {
      var carrier = new DataTransfer();
      Array.prototype.forEach.call(input.files, function (one) { if (one !== file) carrier.items.add(one); });
      input.files = carrier.files;
      show(tiles, input);
      var next = tiles.querySelector("label input:not([hidden])");
      if (next) next.focus();
    });
    return button;
  }

  function show(tiles, input) {
    tiles.querySelectorAll('[data-of="' + input.dataset.photoNumber + '"]').forEach(function (one) { one.remove(); });
    Array.prototype.forEach.call(input.files, function (file) {
      var tile = document.createElement("span");
      var picture = document.createElement("img");
      tile.className = "photo-tile photo-kept";
      tile.dataset.of = input.dataset.photoNumber;
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      picture.onload = function () { URL.revokeObjectURL(picture.src); };
      tile.appendChild(picture);
      if (tiles.dataset.removeWords) tile.appendChild(remover(tiles, input, file));
      tiles.insertBefore(tile, tiles.querySelector("label"));
    });
  }

  // The camera gives one picture at a time: after each, a fresh input waits for the next.
  function wait(tiles, input, number) {
    input.dataset.photoNumber = String(number);
    input.addEventListener("change", function () {
      if (!input.files.length) return;
      Promise.all(Array.prototype.map.call(input.files, lighter)).then(function (files) {
        try {
          var carrier = new DataTransfer();
          files.forEach(function (file) { carrier.items.add(file); });
          input.files = carrier.files;
        } catch (old) {
          // An old browser sends the files as they are.
        }
        show(tiles, input);
        var next = input.cloneNode();
        next.value = "";
        input.hidden = true;
        input.parentNode.appendChild(next);
        wait(tiles, next, number + 10);
      });
    });
  }

  document.querySelectorAll("[data-photos]").forEach(function (tiles) {
    tiles.querySelectorAll("[data-photo-input]").forEach(function (input, place) { wait(tiles, input, place + 1); });
  });
})();

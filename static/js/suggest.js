// Suggests kinds of matters by the words typed: each <option data-keywords="停车 占道"> that fits
// becomes a chip before the list.
(function () {
  "use strict";
  var text = document.getElementById("id_text");
  var list = document.getElementById("id_category");
  var place = document.querySelector("[data-suggest-place]");
  var words = document.querySelector("[data-suggest-words]");
  if (!text || !list || !place) return;
  var kinds = Array.prototype.filter.call(list.options, function (one) { return one.dataset.keywords; });

  function score(option, typed) {
    return option.dataset.keywords.split(/\s+/).reduce(function (sum, word) {
      return word && typed.indexOf(word) >= 0 ? sum + word.length : sum;
    }, 0);
  }

  function show() {
    var typed = text.value;
    var best = kinds
      .map(function (option) { return [score(option, typed), option]; })
      .filter(function (one) { return one[0] > 0; })
      .sort(function (a, b) { return b[0] - a[0]; })
      .slice(0, 3);
    place.textContent = "";
    best.forEach(function (one) {
      var chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip-choice";
      chip.textContent = one[1].textContent;
      chip.setAttribute("aria-pressed", String(list.value === one[1].value));
      chip.addEventListener("click", function () {
        list.value = list.value === one[1].value ? "" : one[1].value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      });
      place.appendChild(chip);
    });
    place.hidden = words.hidden = best.length === 0;
  }

  text.addEventListener("input", show);
  list.addEventListener("change", show);
  show();
})();

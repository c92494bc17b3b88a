// The callback desk by keyboard: letters and digits choose, Enter saves, j and k turn to the
// neighbouring call, c shows the number. What will follow is said before it is saved.
(function () {
  "use strict";
  var form = document.querySelector("form[data-calls]");
  if (!form) return;
  var effect = form.querySelector("[data-effect]");
  var sent = false;

  function chosen(name) {
    var found = form.querySelector('input[name="' + name + '"]:checked');
    return found ? found.value : "";
  }

  function pick(name, value) {
    var found = form.querySelector('input[name="' + name + '"][value="' + value + '"]');
    if (found) found.checked = true;
  }

  function consequence() {
    var outcome = chosen("outcome");
    if (outcome === "later") return "later";
    if (outcome === "unreached" || outcome === "wrong") return "try";
    if (outcome === "refused") return "close";
    var solved = chosen("solved");
    var satisfaction = chosen("satisfaction");
    if (outcome !== "reached" || !solved || !satisfaction) return "";
    if (solved !== "no" && satisfaction.indexOf("dissatisfied") < 0) return "close";
    if (!form.querySelector('input[name="again"]')) return "again";
    return { again: "again", close: "close" }[chosen("again")] || "decide";
  }

  function show() {
    // Whoever answers has been reached.
    if (!chosen("outcome") && (chosen("solved") || chosen("satisfaction"))) pick("outcome", "reached");
    var outcome = chosen("outcome");
    form.querySelectorAll("[data-when]").forEach(function (part) {
      part.hidden = part.dataset.when === "reached" ? Boolean(outcome) && outcome !== "reached" : outcome !== part.dataset.when;
    });
    var next = consequence();
    effect.hidden = !next;
    effect.textContent = next ? effect.dataset[next] : "";
  }

  form.addEventListener("change", show);
  form.addEventListener("submit", function (event) {
    var outcome = chosen("outcome");
    var missing = !outcome ? "outcome" : outcome === "reached" && !(chosen("solved") && chosen("satisfaction")) ? "answers" : "";
    if (missing) {
      // One stays at the desk: the list and the keys are here.
      event.preventDefault();
      effect.hidden = false;
      effect.textContent = effect.dataset[missing];
      return;
    }
    sent = true;
  });
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (/^(TEXTAREA|SELECT|A|BUTTON|SUMMARY)$/.test(target.tagName)) return;
    if (target.tagName === "INPUT" && target.type !== "radio") return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!sent && form.requestSubmit) form.requestSubmit();
      return;
    }
    if (event.key === "c") {
      var reveal = document.querySelector('[data-key="c"]');
      if (reveal) reveal.form.requestSubmit(reveal);
      return;
    }
    if (event.key === "j" || event.key === "k") {
      var link = document.querySelector('[rel="' + (event.key === "j" ? "next" : "prev") + '"]');
      if (link) window.location.assign(link.href);
      return;
    }
    var hint = form.querySelector('[data-choice="' + event.key.toLowerCase() + '"]');
    if (!hint) return;
    event.preventDefault();
    var radio = hint.closest("label").querySelector("input");
    radio.checked = true;
    show();
  });
  show();
})();

// Keeps what was typed into <form data-draft="new-complaint">, until the server says it arrived:
// a page that holds <span data-draft-done="new-complaint"></span> clears it. Sign-out clears all.
// A page with [data-draft-lasting] is a resident's own phone: there the words outlive the window.
// A field with [data-draft-skip] is never kept. A form with [data-draft-sent] needs no such word: its
// draft goes once another page of the same door has answered; the page to sign in again is none.
(function () {
  "use strict";
  var store;
  try {
    store = document.querySelector("[data-draft-lasting]") ? window.localStorage : window.sessionStorage;
    store.setItem("draft?", "1");
    store.removeItem("draft?");
  } catch (refused) {
    return;
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !field.hasAttribute("data-draft-skip") && !/^(hidden|password|file|submit|button)$/.test(field.type);
    });
  }

  function keep(form, key) {
    var kept = fields(form).map(function (field) {
      var chosen = field.type === "checkbox" || field.type === "radio";
      return [field.name, field.value, chosen ? field.checked : null];
    });
    store.setItem(key, JSON.stringify(kept));
    document.querySelectorAll("[data-draft-state]").forEach(function (place) { place.hidden = false; });
  }

  function restore(form, key) {
    var kept = JSON.parse(store.getItem(key) || "[]");
    fields(form).forEach(function (field) {
      var chosen = field.type === "checkbox" || field.type === "radio";
      var found = kept.find(function (one) { return one[0] === field.name && (!chosen || one[1] === field.value); });
      if (!found) return;
      if (chosen) field.checked = found[2];
      // What the server sent back after an error is newer than the draft.
      else if (!field.value || field.tagName === "SELECT") field.value = found[1];
    });
  }

  document.querySelectorAll("[data-draft-done]").forEach(function (place) {
    store.removeItem("draft:" + place.dataset.draftDone);
  });
  // What was sent and led to another page has arrived; the same form again means it was refused.
  Object.keys(store).filter(function (name) { return name.indexOf("sent:") === 0; }).forEach(function (name) {
    var form = document.querySelector('form[data-draft="' + CSS.escape(name.slice(5)) + '"]');
    if (!form) store.removeItem("draft:" + name.slice(5));
    store.removeItem(name);
  });
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var key = "draft:" + form.dataset.draft;
    if (form.hasAttribute("data-draft-sent")) {
      form.addEventListener("submit", function () { store.setItem("sent:" + form.dataset.draft, "1"); });
    }
    if (!form.hasAttribute("data-draft-fresh")) restore(form, key);
    form.addEventListener("input", function () { keep(form, key); });
    form.addEventListener("change", function () { keep(form, key); });
  });
  document.querySelectorAll("form[data-sign-out]").forEach(function (form) {
    form.addEventListener("submit", function () { store.clear(); });
  });
})();

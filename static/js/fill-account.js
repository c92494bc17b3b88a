// The list of demonstration accounts: one tap fills the form above. Without this script one types.
(function () {
  "use strict";
  var list = document.querySelector("[data-fill-account]");
  var login = document.querySelector('input[name="login"]');
  var password = document.querySelector('input[name="password"]');
  if (!list || !login || !password) return;
  list.querySelectorAll("li").forEach(function (line) {
    var code = line.querySelector("code");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "demonstration-fill";
    button.textContent = code.textContent;
    button.setAttribute("aria-label", list.dataset.fillAccount + " " + line.textContent.trim().replace(/\s+/g, " "));
    button.addEventListener("click", function () {
      login.value = code.textContent;
      password.value = list.dataset.password;
      login.form.querySelector('[type="submit"]').focus();
      window.scrollTo(0, 0);
    });
    code.replaceWith(button);
    code.hidden = true;
  });
})();

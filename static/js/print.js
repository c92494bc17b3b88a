// A print page offers its own button: <button type="button" data-print hidden>.
document.querySelectorAll("[data-print]").forEach(function (button) {
  button.hidden = false;
  button.addEventListener("click", function () { window.print(); });
});
// Whoever pressed "print and remember" comes back here, and the printer's window opens by itself.
if (document.querySelector("[data-print-now]")) {
  window.addEventListener("load", function () {
    if (window.history.replaceState) window.history.replaceState(null, "", window.location.pathname);
    window.print();
  });
}

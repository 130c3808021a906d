// Typing in sheets: the first field is ready, Enter saves and takes the next sheet. All of it works without, by the button.
(() => {
  "use strict";
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  const told = form.querySelector("[data-enter]");
  if (told) told.hidden = false;
  const first = form.querySelector("textarea, input:not([type=hidden]), select");
  if (first && !form.querySelector("[role=alert], .error-summary")) first.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.tagName !== "TEXTAREA") return;
    event.preventDefault();
    form.requestSubmit();
  });
})();

// A button that prints the page: shown only where there is a script to press it with.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-print]")) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => window.print());
  }
})();

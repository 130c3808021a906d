// Buttons to print the page, copy one's address or send it on: shown only where there is a script to press them with.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-print]")) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => window.print());
  }
  for (const box of document.querySelectorAll("[data-address]")) {
    const [copy, share] = box.querySelectorAll("button");
    const status = box.querySelector("[role=status]");
    const url = box.dataset.address;
    if (navigator.clipboard) {
      copy.hidden = box.hidden = false;
      copy.addEventListener("click", () => navigator.clipboard.writeText(url).then(() => { status.textContent = box.dataset.copied; }, () => {}));
    }
    if (navigator.share) {
      share.hidden = box.hidden = false;
      share.addEventListener("click", () => navigator.share({ url }).catch(() => {}));
    }
  }
})();

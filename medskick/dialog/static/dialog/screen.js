// The presenter screen: htmx fetches the answers; when what came belongs to another question, the page is made anew.
(() => {
  "use strict";
  const live = document.getElementById("live");
  const now = () => live.querySelector("[data-now]")?.dataset.now;
  if (!live) return;
  const begun = now();
  new MutationObserver(() => { if (now() && now() !== begun) location.reload(); }).observe(live, { childList: true, subtree: true });
})();

// The presenter screen and the facilitator's pages: how many have answered grows by itself; the picture is fetched when
// it has changed, and only where it is shown. When what came belongs to another question, the page is made anew.
(() => {
  "use strict";
  const part = document.querySelector("[data-part]");
  if (!part || !window.medskickLive) return;
  const { listen, fetcher, paced, swap } = window.medskickLive;
  const state = () => part.querySelector("[data-now]");
  const begun = state()?.dataset.now;

  const fetchPart = fetcher(part.dataset.part, { "HX-Request": "true", Accept: "text/html" });
  const look = paced(async () => {
    const answer = await fetchPart();
    if (!answer) return;
    if (answer.redirected || answer.headers.get("HX-Redirect")) return location.reload();
    if (!answer.ok) return;
    swap(part, await answer.text());
    if (begun && state()?.dataset.now !== begun) location.reload();
  }, 500);

  const spaced = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  function grow(told) {
    const bar = part.querySelector(`[data-answered="${told.step}"]`);
    if (bar) {
      const { some, one, all } = bar.dataset;
      const words = told.phones > told.answered ? some : told.answered === 1 ? one : all.replace("{answered}", spaced(told.answered));
      const said = words.replace("{answered}", told.answered).replace("{phones}", told.phones);
      const meter = bar.querySelector("progress");
      meter.max = told.phones;
      meter.value = told.answered;
      meter.textContent = said;
      meter.setAttribute("aria-label", said);
      bar.querySelector(".progress-label").textContent = said;
      bar.hidden = !told.phones;
    }
    const phones = part.querySelector("[data-phones]");
    if (phones && told.phones > 1) phones.textContent = phones.dataset.phones.replace("{phones}", spaced(told.phones));
    if (state()?.hasAttribute("data-pictured") || (phones && told.phones < 2)) look();
  }

  const tell = (name, data) => document.dispatchEvent(new CustomEvent(name, { detail: { data } }));
  const clock = (data) => tell("clock", data);
  const step = (data) => { tell("step", data); look(); };
  const again = () => { clock(); look(); };
  listen(part.dataset.live, { answers: (data) => grow(JSON.parse(data)), changed: look, step, clock }, again, look);
})();

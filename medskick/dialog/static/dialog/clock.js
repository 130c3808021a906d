// A step's time, counted down. Without this the page says at which time of day it is out. The device's own clock may be wrong,
// so what counts is how far it is from the server's, which the page carries. Said aloud twice, never each second.
(() => {
  "use strict";
  const first = performance.getEntriesByType("navigation")[0];
  const day = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" });
  let box = null, behind = 0, left = Infinity, ends = "", voice = null;

  const seconds = () => Math.max(0, Math.ceil((new Date(box.dataset.ends) - Date.now() - behind) / 1000));
  // A clock that the server has just sent: with the page, counted from when its first byte came, or in a part of it.
  const meet = (found) => {
    const here = box || !first ? Date.now() : Date.now() - performance.now() + first.responseStart;
    box = found;
    behind = new Date(box.dataset.server) - here;
    if (ends !== box.dataset.ends) left = Infinity;
  };
  const say = (words) => {
    if (!voice) {
      voice = document.createElement("p");
      voice.className = "ds-sr-only";
      voice.setAttribute("role", "status");
      (document.querySelector("main") || document.body).append(voice);
    }
    // A status that is filled in the moment it is made is not read.
    setTimeout(() => { voice.textContent = words; }, 150);
  };
  // Only what is new is written: the observer below hears each change.
  const write = (name, words) => {
    const part = box.querySelector(name);
    if (part.textContent !== words) part.textContent = words;
    part.hidden = !words;
  };

  const draw = () => {
    const found = document.querySelector("[data-ends]");
    if (!found) return;
    if (found !== box) meet(found);
    box.hidden = !box.dataset.ends;
    for (const one of document.querySelectorAll("[data-when-out]")) one.hidden = box.hidden || seconds() > 0;
    if (box.hidden) return;
    const now = seconds(), counted = `${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
    write(".step-clock-count", now ? box.dataset.left.replace("{time}", counted) : box.dataset.out);
    write(".step-clock-until", now ? box.dataset.until.replace("{time}", day.format(new Date(box.dataset.ends)).replace(":", ".")) : "");
    if (left !== Infinity && left > 0 && now === 0) say(box.dataset.out);
    else if (left !== Infinity && left > 60 && now <= 60) say(box.dataset.minute);
    left = now;
    ends = box.dataset.ends;
  };
  const move = (end) => {
    if (!box || box.dataset.ends === end) return;
    box.dataset.ends = end;
    draw();
  };
  // The clock alone, from the page as it is now: whatever is being typed stays.
  const fetchIt = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-ends]");
      if (answer.ok && found && box && found.dataset.step === box.dataset.step) { box.replaceWith(found); draw(); }
    } catch { /* the net is away: the clock counts on */ }
  };

  // The event says which step and until when; without words the page is asked.
  document.addEventListener("clock", (event) => {
    const [step, end] = (event.detail?.data || "").split(" ");
    if (!end) fetchIt(); else if (box && step === box.dataset.step) move(end);
  });
  // Staff pages hear what phones do now. When another step is open, or none, this one's clock is over.
  document.addEventListener("step", (event) => {
    if (box && event.detail?.data && !event.detail.data.startsWith(box.dataset.step)) move("");
  });
  draw();
  setInterval(draw, 250);
  // Parts of the page are fetched anew as answers come: the time of day must not be seen blinking by.
  new MutationObserver(draw).observe(document.body, { childList: true, subtree: true });
  if (first?.type === "back_forward") fetchIt();
})();

// The phone in a session: keeps what is typed through a dead spot, sends it when the net is back, and turns to the next
// question by itself. Everything here also works without it, by the form and the links on the page.
(() => {
  "use strict";
  const box = document.querySelector("[data-phone]");
  if (!box) return;
  const form = box.querySelector("form");
  const state = box.querySelector("#lage");
  const place = `medskick:${box.dataset.phone}`;
  const store = {
    read: () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } },
    write: (value) => { try { localStorage.setItem(place, JSON.stringify(value)); } catch { /* private mode: the field still holds it */ } },
    clear: () => { try { localStorage.removeItem(place); } catch { /* nothing was kept */ } },
  };
  const say = (words) => { if (state) state.textContent = words || ""; };
  let waiting = false, timer = 0, pause = 2000;

  if (form) {
    const submission = form.elements.submission_key;
    const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
    const typed = () => fields().map((one) => (one.type === "checkbox" || one.type === "radio") ? one.checked : one.value);
    const fill = (values) => fields().forEach((one, at) => {
      if (one.type === "checkbox" || one.type === "radio") one.checked = Boolean(values[at]); else one.value = values[at] ?? "";
    });
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    let begun = typed();
    const kept = store.read();
    if (kept && Array.isArray(kept.typed) && kept.typed.length === begun.length && !same(kept.typed, begun)) {
      fill(kept.typed);
      if (kept.key) submission.value = kept.key;
      if (kept.sent) { waiting = true; send(); } else say(box.dataset.back);
    } else {
      store.clear();
    }
    const keep = (sent) => store.write({ typed: typed(), key: submission.value, sent });
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", (event) => {
      if (!window.fetch || !form.checkValidity()) return;
      event.preventDefault();
      keep(true);
      waiting = true;
      pause = 2000;
      send();
    });
    window.addEventListener("online", () => { if (waiting) send(); });
    document.addEventListener("visibilitychange", () => { if (waiting && !document.hidden) send(); });

    // The quick way: beside the pages, acknowledged when it is stored. What it does not take goes the form's own way.
    const quick = form.id === "svar" && box.dataset.ticket;
    const post = (address, headers, signal) => {
      const body = new URLSearchParams(new FormData(form));
      if (quick) body.append("step", box.dataset.step);
      return fetch(address, { method: "POST", body, signal, headers });
    };
    const key = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
    const saved = () => {
      waiting = false;
      store.clear();
      begun = typed();
      submission.value = key();
      say(box.dataset.saved);
      // A new phone gets its own address with the page, and one that may see the result sees it; spread out, so that a hall
      // does not ask at once.
      if ("first" in box.dataset || box.dataset.now.endsWith("shown")) setTimeout(() => { if (box.untouched()) location.reload(); }, 1500 + Math.random() * 6000);
    };

    async function send() {
      clearTimeout(timer);
      say(box.dataset.sending);
      const control = new AbortController();
      const late = setTimeout(() => control.abort(), 12000);
      try {
        if (quick) {
          const answer = await post("/live/svar", { "X-Ticket": box.dataset.ticket }, control.signal);
          if (answer.ok) return saved();
          if (answer.status === 503 || answer.status === 502 || answer.status === 504) throw new Error(String(answer.status));
        }
        const answer = await post(form.action, { Accept: "text/html" }, control.signal);
        if (answer.status >= 500) throw new Error(String(answer.status));
        waiting = false;
        store.clear();
        // What the server did not take it explains on its own page, with the words given back.
        if (answer.ok) location.assign(answer.url); else form.submit();
      } catch {
        say(box.dataset.kept);
        timer = setTimeout(send, pause);
        pause = Math.min(pause * (1.4 + Math.random() * 0.4), 20000);
      } finally {
        clearTimeout(late);
      }
    }

    box.untouched = () => !waiting && same(typed(), begun);
  }

  if (box.dataset.live && window.EventSource) {
    const stream = new EventSource(box.dataset.live);
    const turn = () => { if (!box.untouched || box.untouched()) location.reload(); };
    // The event says what phones do now; a phone that shows it already, or is being typed on, stays where it is.
    stream.addEventListener("step", (event) => { if (event.data !== box.dataset.now) turn(); });
    // Others' questions, or own notes that are shown now: fetched after a short while, not by all phones at once.
    const part = box.querySelector("[data-fresh]");
    let due = 0;
    stream.addEventListener("list", () => {
      if (!part || due) return;
      due = setTimeout(async () => {
        due = 0;
        // Whoever is about to press a button there must not have it moved away under the finger.
        if (part.contains(document.activeElement)) return;
        try {
          const answer = await fetch(part.dataset.fresh, { headers: { Accept: "text/html" } });
          if (answer.ok) part.innerHTML = await answer.text();
        } catch { /* the net is away: the page is whole as it is */ }
      }, 500 + Math.random() * 2500);
    });
    // After a break in which events may have been lost, phones look again, spread out so that a hall does not ask at once.
    let first = true;
    stream.addEventListener("resync", () => { if (!first) setTimeout(turn, Math.random() * 3000); first = false; });
  }
})();

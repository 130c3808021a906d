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
  // Not a reload: a page that came of a form that was refused would send that form again.
  const turnOver = () => location.replace(box.dataset.here);
  const say = (words) => { if (state) state.textContent = words || ""; };
  let waiting = false, timer = 0, pause = 2000;

  // The key of a sending (UUIDv7): when it was made, and later than any that this phone made before, also where its clock
  // is set back; of two sendings that arrive in the wrong order the server knows which one holds.
  let newest = 0;
  const clock = "medskick:nyckel";
  const key = () => {
    try { newest = Math.max(newest, Number(localStorage.getItem(clock)) || 0); } catch { /* private mode: as far as this page knows */ }
    newest = Math.max(newest + 1, Date.now());
    try { localStorage.setItem(clock, newest); } catch { /* the same */ }
    const time = newest.toString(16).padStart(12, "0");
    const random = [...crypto.getRandomValues(new Uint8Array(10))].map((one) => one.toString(16).padStart(2, "0")).join("");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${(8 + parseInt(random[3], 16) % 4).toString(16)}${random.slice(4, 7)}-${random.slice(7, 19)}`;
  };

  if (form) {
    const submission = form.elements.submission_key;
    const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
    const typed = () => fields().map((one) => (one.type === "checkbox" || one.type === "radio") ? one.checked : one.value);
    const fill = (values) => fields().forEach((one, at) => {
      if (one.type === "checkbox" || one.type === "radio") one.checked = Boolean(values[at]); else one.value = values[at] ?? "";
    });
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    let begun = typed();
    // What is on its way, as it stood when the button was pressed: what is typed after that is no part of it.
    let pressed = null, body = null;
    const press = () => {
      pressed = typed();
      body = new URLSearchParams(new FormData(form));
      if (quick) body.append("step", box.dataset.step);
    };
    // The quick way: beside the pages, acknowledged when it is stored. What it does not take goes the form's own way.
    const quick = form.id === "svar" && box.dataset.ticket;
    const kept = store.read();
    if (kept && Array.isArray(kept.typed) && kept.typed.length === begun.length && !same(kept.typed, begun)) {
      fill(kept.typed);
      if (kept.key) submission.value = kept.key;
      if (kept.sent) { waiting = true; press(); setTimeout(send); } else say(box.dataset.back);
    } else {
      store.clear();
    }
    const keep = (sent) => store.write({ typed: typed(), key: submission.value, sent });
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", (event) => {
      if (!window.fetch || !form.checkValidity()) return;
      event.preventDefault();
      // The same words pressed twice are one sending. Other words are another: what was sent before may have arrived.
      if (!waiting || !same(typed(), pressed)) { submission.value = key(); press(); }
      keep(true);
      waiting = true;
      pause = 2000;
      send();
    });
    window.addEventListener("online", () => { if (waiting) send(); });
    document.addEventListener("visibilitychange", () => { if (waiting && !document.hidden) send(); });

    const post = (address, headers, signal) => fetch(address, { method: "POST", body, signal, headers });
    const saved = () => {
      waiting = false;
      begun = pressed;
      if (same(typed(), pressed)) store.clear(); else keep(false);
      say(box.dataset.saved);
      // A new phone gets its own address with the page, and one that may see the result sees it; spread out, so that a hall
      // does not ask at once.
      if ("first" in box.dataset || box.dataset.now.endsWith("shown")) setTimeout(() => { if (box.untouched()) turnOver(); }, 1500 + Math.random() * 6000);
    };

    async function send() {
      clearTimeout(timer);
      say(box.dataset.sending);
      const control = new AbortController();
      const late = setTimeout(() => control.abort(), 12000);
      const mine = submission.value;
      const replaced = () => submission.value !== mine;  // other words were sent meanwhile, and are waited for instead
      try {
        if (quick) {
          const answer = await post("/live/svar", { "X-Ticket": box.dataset.ticket }, control.signal);
          if (replaced()) return;
          if (answer.ok) return saved();
          if (answer.status === 503 || answer.status === 502 || answer.status === 504) throw new Error(String(answer.status));
        }
        const answer = await post(form.action, { Accept: "text/html" }, control.signal);
        if (replaced()) return;
        if (answer.status >= 500) throw new Error(String(answer.status));
        waiting = false;
        store.clear();
        // What the server did not take it explains on its own page, with the words given back.
        if (answer.ok) location.assign(answer.url); else form.submit();
      } catch {
        if (replaced()) return;
        say(box.dataset.kept);
        timer = setTimeout(send, pause);
        pause = Math.min(pause * (1.4 + Math.random() * 0.4), 20000);
      } finally {
        clearTimeout(late);
      }
    }

    box.untouched = () => !waiting && same(typed(), begun);
  }

  if (box.dataset.live && window.medskickLive) {
    const { listen, fetcher, paced, swap } = window.medskickLive;
    // The event says what phones do now; a phone that shows it already, or is being typed on, stays where it is.
    const turn = (now) => { if (now !== box.dataset.now && (!box.untouched || box.untouched())) turnOver(); };
    // The same, asked for; and the result, where this phone is shown one.
    const grows = document.querySelector("[data-grows]");
    const fetchState = fetcher("/live/lage", { "X-Ticket": box.dataset.state });
    const look = async () => {
      const answer = await fetchState();
      if (!answer || !answer.ok) return;
      turn(decodeURIComponent(answer.headers.get("X-Now")));
      const result = await answer.text();
      if (grows && result) swap(grows, result);
    };
    // Spread out, so that a hall does not ask at once.
    const lookSoon = paced(look, 2000, 2000);
    const lookLater = paced(look, 2000, 6000);
    // Others' questions, or own notes that are shown now: fetched after a short while, not by all phones at once.
    const part = box.querySelector("[data-fresh]");
    let due = 0;
    const list = () => {
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
    };
    // More time: the clock (clock.js) moves, and what is being typed stays.
    const clock = (data) => document.dispatchEvent(new CustomEvent("clock", { detail: { data } }));
    const again = () => { lookLater(); list(); setTimeout(clock, Math.random() * 20000); };
    listen(box.dataset.live, { step: turn, list, clock, result: () => { if (grows) lookSoon(); } }, again, () => { look(); list(); });
  }
})();

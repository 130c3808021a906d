// The phone in a session: keeps what is typed through a dead spot, sends it when the net is back, and turns to the next
// question by itself. Everything here also works without it, by the form and the links on the page.
(() => {
  "use strict";
  const box = document.querySelector("[data-phone]");
  if (!box) return;
  const form = box.querySelector("form");
  const state = box.querySelector("#lage");
  const key = `medskick:${box.dataset.phone}`;
  const store = {
    read: () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write: (value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode: the field still holds it */ } },
    clear: () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  };
  const say = (words) => { if (state) state.textContent = words || ""; };
  let waiting = false, timer = 0, pause = 2000;

  if (form) {
    const field = form.elements.answer;
    const submission = form.elements.submission_key;
    const begun = field.value;
    const kept = store.read();
    if (kept && kept.text !== field.value) {
      field.value = kept.text;
      if (kept.key) submission.value = kept.key;
      if (kept.sent) { waiting = true; send(); } else say(box.dataset.back);
    } else {
      store.clear();
    }
    field.addEventListener("input", () => store.write({ text: field.value, key: submission.value, sent: false }));
    form.addEventListener("submit", (event) => {
      if (!window.fetch || !field.value.trim()) return;
      event.preventDefault();
      store.write({ text: field.value, key: submission.value, sent: true });
      waiting = true;
      pause = 2000;
      send();
    });
    window.addEventListener("online", () => { if (waiting) send(); });
    document.addEventListener("visibilitychange", () => { if (waiting && !document.hidden) send(); });

    async function send() {
      clearTimeout(timer);
      say(box.dataset.sending);
      const control = new AbortController();
      const late = setTimeout(() => control.abort(), 12000);
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: control.signal, headers: { Accept: "text/html" } });
        if (answer.status >= 500) throw new Error(String(answer.status));
        waiting = false;
        store.clear();
        // What the server did not take it explains on its own page, with the words given back.
        if (answer.ok) location.assign(answer.url); else form.submit();
      } catch {
        say(box.dataset.kept);
        timer = setTimeout(send, pause);
        pause = Math.min(pause * 1.6, 20000);
      } finally {
        clearTimeout(late);
      }
    }

    box.untouched = () => !waiting && field.value === begun;
  }

  if (box.dataset.live && window.EventSource) {
    const stream = new EventSource(box.dataset.live);
    const turn = () => { if (!box.untouched || box.untouched()) location.reload(); };
    // The event says what phones do now; a phone that shows it already, or is being typed on, stays where it is.
    stream.addEventListener("question", (event) => { if (event.data !== box.dataset.now) turn(); });
    // After a break in which events may have been lost, phones look again, spread out so that a hall does not ask at once.
    let first = true;
    stream.addEventListener("resync", () => { if (!first) setTimeout(turn, Math.random() * 3000); first = false; });
  }
})();

// What live pages share: a stream that comes back by itself, asking now and then where streams do not get through, and
// parts of the page that are fetched only when they have changed.
window.medskickLive = (() => {
  "use strict";
  const FAILURES = 3, PATIENCE = 10000, ASK = 5000, LONGEST = 30000;
  const spread = (ms) => ms * (0.75 + Math.random() / 2);

  // on: what to do at each event, with its data. again: some were missed, or may have been. ask: as again, every five
  // seconds while the stream does not work.
  function listen(address, on, again, ask) {
    let stream = null, seen = null, failures = 0, asking = 0, late = 0, next = 0;

    function keepAsking() {
      asking = setTimeout(() => { if (!document.hidden) ask(); keepAsking(); }, spread(ASK));
    }
    function works() {
      clearTimeout(late);
      failures = 0;
      if (!asking) return;
      clearTimeout(asking);
      asking = 0;
      again();
    }
    function fails() {
      failures += 1;
      if (failures >= FAILURES && !asking) keepAsking();
      if (stream.readyState === EventSource.CLOSED) retry(); else watch();
    }
    function retry() {
      clearTimeout(late);
      clearTimeout(next);
      next = setTimeout(connect, spread(Math.min(1000 * 2 ** failures, LONGEST)));
    }
    // A proxy that holds the stream back says nothing at all.
    function watch() {
      clearTimeout(late);
      late = setTimeout(() => { stream.close(); fails(); }, PATIENCE);
    }
    // Events are numbered one after another: 3f2a-17, 3f2a-18.
    function inOrder(id) {
      const [boot, number] = [id.slice(0, id.indexOf("-")), Number(id.slice(id.indexOf("-") + 1))];
      const before = seen;
      if (before && before.boot === boot && number <= before.number) return false;
      seen = { boot, number };
      if (before && (before.boot !== boot || number > before.number + 1)) again();
      return true;
    }
    function connect() {
      stream = new EventSource(address);
      watch();
      stream.onopen = works;
      stream.onerror = fails;
      stream.addEventListener("resync", (event) => { inOrder(event.lastEventId); again(); });
      for (const name of Object.keys(on)) {
        stream.addEventListener(name, (event) => { if (inOrder(event.lastEventId)) on[name](event.data); });
      }
    }
    if (window.EventSource) connect(); else keepAsking();
  }

  // Fetches an address again, with what the server said of the state it gave last. Gives the answer where it is a new one.
  function fetcher(address, headers) {
    let tag = "";
    return async () => {
      try {
        const answer = await fetch(address, { headers: tag ? { ...headers, "If-None-Match": tag } : headers });
        if (!answer.ok || answer.redirected) return answer.status === 304 ? null : answer;
        tag = answer.headers.get("ETag") || "";
        return answer;
      } catch {
        return null;  // the net is away: the page is whole as it is
      }
    };
  }

  // One at a time, `pause` apart (and up to `jitter` more), and once more after the last time somebody asked.
  function paced(work, pause, jitter = 0) {
    let running = false, wanted = false, from = 0;
    const run = async () => {
      wanted = false;
      await work();
      from = Date.now() + pause;
      running = false;
      if (wanted) begin();
    };
    const begin = () => {
      if (running) { wanted = true; return; }
      running = true;
      setTimeout(run, Math.max(from - Date.now(), 0) + Math.random() * jitter);
    };
    return begin;
  }

  // Puts new content into a part: what is unfolded stays so, and the focus stays on the same button or link.
  function swap(part, html) {
    const fields = [...part.querySelectorAll("textarea, input:not([type=hidden])")];
    if (fields.some((one) => one === document.activeElement || one.value !== one.defaultValue)) return;
    const same = (one) => `${one.tagName} ${one.href || ""} ${one.form?.action || ""} ${one.textContent}`;
    const held = part.contains(document.activeElement) ? same(document.activeElement) : "";
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    part.innerHTML = html;
    part.querySelectorAll("details").forEach((one, at) => { if (at < open.length) one.open = open[at]; });
    if (held) [...part.querySelectorAll("a, button, summary")].find((one) => same(one) === held)?.focus({ preventScroll: true });
  }

  return { listen, fetcher, paced, swap };
})();

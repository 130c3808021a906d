// Questions made easier to answer with a thumb: a ranking is a list with buttons up and down, and 100 points say what
// is left. The selects and boxes beneath hold the answer; without this script they are filled in by hand.
(() => {
  "use strict";
  const button = (words, label, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ds-button";
    made.dataset.variant = "secondary";
    made.textContent = words;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", press);
    return made;
  };
  const changed = (form) => form.dispatchEvent(new Event("input", { bubbles: true }));
  const status = () => Object.assign(document.createElement("p"), { role: "status" });

  function rank(form, selects) {
    const list = document.createElement("ol");
    list.className = "rank-list";
    const told = status();
    told.className = "ds-sr-only";
    const ordered = [...selects].sort((one, other) => (Number(one.value) || 99) - (Number(other.value) || 99));
    const items = () => [...list.children];
    const write = () => items().forEach((item, place) => { item.select.value = String(place + 1); });
    const mark = () => items().forEach((item, place) => {
      item.up.disabled = place === 0;
      item.down.disabled = place === items().length - 1;
    });
    const move = (item, by, pressed) => {
      const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (by < 0) other.before(item); else other.after(item);
      write();
      mark();
      (pressed.disabled ? (by < 0 ? item.down : item.up) : pressed).focus();
      const place = items().indexOf(item) + 1;
      told.textContent = `${item.select.dataset.rank}: ${item.select.dataset.place} ${place}`;
      changed(form);
    };
    for (const select of ordered) {
      const item = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { textContent: select.dataset.rank, dir: "auto" });
      item.select = select;
      item.up = button("↑", `${select.dataset.up}: ${select.dataset.rank}`, () => move(item, -1, item.up));
      item.down = button("↓", `${select.dataset.down}: ${select.dataset.rank}`, () => move(item, 1, item.down));
      item.append(name, item.up, item.down);
      list.append(item);
      select.closest(".field").hidden = true;
    }
    selects[0].closest(".field").before(list, told);
    mark();
    // Whoever sends the list as it stands means that order. Before all others, who read the form when it is sent.
    document.addEventListener("submit", (event) => { if (event.target === form) write(); }, true);
  }

  function share(form, boxes) {
    const told = status();
    told.className = "points-left";
    const all = Number(boxes[0].dataset.points);
    const given = () => boxes.reduce((sum, box) => sum + (Number(box.value) || 0), 0);
    const tell = () => {
      const left = all - given();
      const words = left === 0 ? boxes[0].dataset.done : left > 0 ? boxes[0].dataset.left : boxes[0].dataset.over;
      told.textContent = words.replace("{n}", Math.abs(left));
      told.dataset.state = left === 0 ? "done" : left > 0 ? "left" : "over";
    };
    const add = (box, points) => {
      const value = Math.min(Math.max((Number(box.value) || 0) + points, 0), all);
      box.value = value ? String(value) : "";
      tell();
      changed(form);
    };
    for (const box of boxes) {
      const row = document.createElement("div");
      row.className = "points-row";
      const name = form.querySelector(`label[for="${box.id}"]`).textContent.trim();
      box.before(row);
      row.append(
        button("−10", `${box.dataset.less}: ${name}`, () => add(box, -10)), box,
        button("+10", `${box.dataset.more}: ${name}`, () => add(box, 10)),
      );
    }
    form.querySelector(".buttons").before(told);
    form.addEventListener("input", tell);
    tell();
  }

  for (const form of document.forms) {
    const selects = [...form.querySelectorAll("select[data-rank]")];
    const boxes = [...form.querySelectorAll("input[data-points]")];
    if (selects.length) rank(form, selects);
    if (boxes.length) share(form, boxes);
  }
})();

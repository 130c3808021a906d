// The board with a mouse: drag a note to a cluster. It fills in the form that the keyboard uses, and sends it.
(() => {
  "use strict";
  const form = document.getElementById("flytt");
  if (!form) return;
  let held = null;
  for (const note of document.querySelectorAll("[data-note]")) {
    note.draggable = true;
    note.addEventListener("dragstart", (event) => {
      held = note;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", note.dataset.note);
    });
    note.addEventListener("dragend", () => { held = null; });
  }
  for (const cluster of document.querySelectorAll("[data-cluster]")) {
    const over = (on) => cluster.toggleAttribute("data-over", on);
    cluster.addEventListener("dragover", (event) => { if (held) { event.preventDefault(); over(true); } });
    cluster.addEventListener("dragleave", (event) => { if (!cluster.contains(event.relatedTarget)) over(false); });
    cluster.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      if (!held || cluster.contains(held)) return;
      const box = (note) => note.querySelector("input[name=lapp]");
      // Several that are ticked go together, when one of them is the one that is dragged.
      if (!box(held).checked) {
        for (const other of document.querySelectorAll("[data-note] input[name=lapp]")) other.checked = false;
        box(held).checked = true;
      }
      form.elements.till.value = cluster.dataset.cluster;
      form.requestSubmit();
    });
  }
})();

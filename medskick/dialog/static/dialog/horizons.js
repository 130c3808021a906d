// Drag a card to a column: an extra beside the select, which does the same by keyboard and without JavaScript.
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;
  let dragged = null;
  board.querySelectorAll(".horizon-card").forEach((card) => {
    if (!card.querySelector("select[name=years]")) return;
    card.draggable = true;
    card.addEventListener("dragstart", (event) => { dragged = card; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", card.id); });
    card.addEventListener("dragend", () => { dragged = null; board.querySelectorAll("[data-over]").forEach((one) => one.removeAttribute("data-over")); });
  });
  board.querySelectorAll("[data-years]").forEach((column) => {
    column.addEventListener("dragover", (event) => { if (dragged) { event.preventDefault(); column.setAttribute("data-over", ""); } });
    column.addEventListener("dragleave", (event) => { if (!column.contains(event.relatedTarget)) column.removeAttribute("data-over"); });
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || column.contains(dragged)) return;
      const select = dragged.querySelector("select[name=years]");
      select.value = column.dataset.years;
      select.form.requestSubmit();
    });
  });
})();

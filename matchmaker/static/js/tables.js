// A table that the window would cut or crush is told row by row, each answer after the words of its column.
const NARROW = 480, FOUR_LINES = 100;
const hasLooseWords = (cell) => cell.childNodes.length > 1
  && [...cell.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
const asOne = (cell) => {
  const whole = document.createElement("span");
  whole.append(...cell.childNodes);
  cell.append(whole);
};
const tell = (table) => {
  const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  table.setAttribute("role", "table");
  table.querySelectorAll("thead, tbody").forEach((part) => part.setAttribute("role", "rowgroup"));
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    for (const cell of row.cells) {
      cell.setAttribute("role", { col: "columnheader", row: "rowheader" }[cell.scope] ?? "cell");
      cell.classList.toggle("is-empty", !cell.textContent.trim() && !cell.querySelector("input, select"));
      if (hasLooseWords(cell)) asOne(cell);
      if (cell.tagName === "TD" && heads[cell.cellIndex] && cell.closest("tbody")) cell.dataset.told = heads[cell.cellIndex];
    }
  }
};
const fits = (table, room) => table.scrollWidth <= room + 1
  && (room > NARROW || [...table.tBodies].every((body) => [...body.rows].every((row) => row.offsetHeight < FOUR_LINES)));
const fit = () => document.querySelectorAll(".scroll > .data").forEach((table) => {
  table.classList.remove("is-stacked");
  if (fits(table, table.parentElement.clientWidth)) return;
  tell(table);
  table.classList.add("is-stacked");
});
fit();
document.fonts.ready.then(fit);
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth !== width) { width = window.innerWidth; fit(); }
});
document.addEventListener("toggle", fit, true); // what a closed part hides has no width yet

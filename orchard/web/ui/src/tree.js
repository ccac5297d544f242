// In a table marked `data-tree`, a row's `.fold` button hides what is below it; left folds, right unfolds, up and down walk.
const depthOf = (row) => Number(row.dataset.depth);
const foldOf = (row) => row.querySelector(".fold");
const isOpen = (row) => foldOf(row)?.getAttribute("aria-expanded") !== "false";

/** Shows exactly the rows whose every ancestor is open. */
function lay(table) {
  let closed = Infinity;
  for (const row of table.querySelectorAll("tr[data-depth]")) {
    if (depthOf(row) <= closed) closed = Infinity;
    row.classList.toggle("is-folded", depthOf(row) > closed);
    if (closed === Infinity && !isOpen(row)) closed = depthOf(row);
  }
}

function fold(row, open) {
  foldOf(row)?.setAttribute("aria-expanded", String(open));
  lay(row.closest("[data-tree]"));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-tree] .fold");
  if (button) fold(button.closest("tr"), button.getAttribute("aria-expanded") === "false");
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-tree] tr[data-depth]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const shown = [...row.closest("[data-tree]").querySelectorAll("tr[data-depth]:not(.is-folded)")];
  const here = shown.indexOf(row);
  let next = null;
  if (event.key === "ArrowDown") next = shown[here + 1];
  else if (event.key === "ArrowUp") next = shown[here - 1];
  else if (event.key === "ArrowRight" && foldOf(row)) isOpen(row) ? (next = shown[here + 1]) : fold(row, true);
  else if (event.key === "ArrowLeft" && foldOf(row) && isOpen(row)) fold(row, false);
  else if (event.key === "ArrowLeft") next = shown.slice(0, here).findLast((each) => depthOf(each) < depthOf(row));
  else return;
  next?.querySelector(".row-link")?.focus();
  event.preventDefault();
});

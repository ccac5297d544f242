// A letter presses what is marked `data-key`: in the row that has the focus, else on the page outside of rows.
const typing = "input, textarea, select, dialog[open], [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  if (!/^[a-z]$/.test(event.key)) return;
  const marked = `[data-key="${event.key}"]`;
  const row = document.activeElement?.closest("[data-rows] > li");
  const found = row?.querySelector(marked) ?? [...document.querySelectorAll(marked)].find((each) => !each.closest("[data-rows]"));
  if (!found) return;
  event.preventDefault();
  found.click();
});

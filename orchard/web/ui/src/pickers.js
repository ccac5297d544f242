// A `.picker` shows in its closed state what is ticked in its list, as chips; a long list is searched by name. It and a
// `.judge` close when one clicks or tabs away, or presses Escape.
const OPEN = "details:is(.picker, .judge)[open]";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const rowsOf = (picker) => [...picker.querySelectorAll(".picker-list > .check")];

document.addEventListener("change", ({ target }) => {
  const picker = target.closest("details.picker");
  const words = picker?.querySelector(".picker-words");
  if (!words) return;
  const chips = rowsOf(picker).filter((row) => row.querySelector("input").checked).map((row) => {
    const chip = document.createElement("span");
    chip.className = "strange" in row.dataset ? "picked is-strange" : "picked";
    chip.textContent = row.textContent.trim();
    return chip;
  });
  words.replaceChildren(...(chips.length ? chips : [picker.dataset.picker]));
  const said = chips.map((chip) => chip.textContent).join(", ") || picker.dataset.picker;
  picker.querySelector("summary").setAttribute("aria-label", `${picker.querySelector(".picker-list").getAttribute("aria-label")}: ${said}`);
});

/** Leaves of a list what was searched for: by its code or the beginning of a word of its name, else by any part of it. */
function narrow(picker, asked) {
  const wanted = folded(asked.trim());
  const rows = rowsOf(picker).map((row) => ({ row, name: folded(row.textContent.trim()), code: folded(row.querySelector("input").value) }));
  const begins = ({ name, code }) => code === wanted || name.startsWith(wanted) || name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted));
  const fits = rows.some(begins) ? begins : ({ name }) => name.includes(wanted);
  for (const each of rows) each.row.hidden = !fits(each);
  picker.querySelector(".picker-none").hidden = rows.some(fits);
}

// What is typed into a search is no part of the form: nothing that reads the form hears of it.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.matches?.(".picker-search")) return;
    event.stopPropagation();
    narrow(event.target.closest(".picker"), event.target.value);
  }, true);
}

document.addEventListener("toggle", ({ target }) => {
  const search = target.matches?.(".picker[open]") && target.querySelector(".picker-search");
  if (!search) return;
  search.hidden = false;
  search.value = "";
  narrow(target, "");
  if (matchMedia("(hover: hover)").matches) search.focus({ preventScroll: true });
}, true);

document.addEventListener("keydown", (event) => {
  const picker = event.target.closest(".picker[open]");
  const isSearch = event.target.matches(".picker-search");
  if (!picker || !(isSearch || event.target.matches(".picker-list > .check > input"))) return;
  const boxes = rowsOf(picker).filter((row) => !row.hidden).map((row) => row.querySelector("input"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const next = boxes.indexOf(event.target) + step;
    (boxes[next] ?? (next < 0 ? picker.querySelector(".picker-search:not([hidden])") : null))?.focus();
  } else if (event.key === "Enter") {
    event.preventDefault(); // the form is not sent by it
    if (!isSearch || event.target.value.trim()) (isSearch ? boxes[0] : event.target)?.click();
  }
});

for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    for (const picker of document.querySelectorAll(OPEN)) {
      if (!picker.contains(target)) picker.open = false;
    }
  });
}

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest(OPEN);
  if (!open) return;
  event.stopPropagation();
  open.open = false;
  open.querySelector("summary").focus();
}, true);

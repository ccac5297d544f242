// A `.picker` says in its closed state what is ticked in its list; it and a `.judge` close when one clicks or tabs away,
// or presses Escape.
const OPEN = "details:is(.picker, .judge)[open]";

document.addEventListener("change", ({ target }) => {
  const picker = target.closest("details.picker");
  const words = picker?.querySelector(".picker-words");
  if (!words) return;
  const ticked = [...picker.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  words.textContent = ticked.join(", ") || picker.dataset.picker;
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

// A `.picker` says in its closed state what is ticked in its list, and closes when one clicks or tabs away.
document.addEventListener("change", ({ target }) => {
  const picker = target.closest("details.picker");
  const words = picker?.querySelector(".picker-words");
  if (!words) return;
  const ticked = [...picker.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  words.textContent = ticked.join(", ") || picker.dataset.picker;
});

for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    for (const picker of document.querySelectorAll("details.picker[open]")) {
      if (!picker.contains(target)) picker.open = false;
    }
  });
}

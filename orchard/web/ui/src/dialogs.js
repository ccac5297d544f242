// `data-opens="id"` opens a <dialog>, `data-closes` closes the one it stands in; a click beside it closes it too.
// `data-sets="name=value"` on the opener chooses that value in the dialog's form.
// A key that opens does not move the focus, so the opener takes it: closing gives it back there at once, and no key
// typed right after falls into a field that is no longer seen.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.opens);
    for (const [name, value] of new URLSearchParams(opener.dataset.sets)) {
      const field = dialog?.querySelector("form")?.elements.namedItem(name);
      if (field) field.value = value;
    }
    opener.focus({ preventScroll: true });
    dialog?.showModal();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.nodeName === "DIALOG") event.target.close();
});

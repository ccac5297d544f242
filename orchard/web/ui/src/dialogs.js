// `data-opens="id"` opens a <dialog>, `data-closes` closes the one it stands in; a click beside it closes it too.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.nodeName === "DIALOG") event.target.close();
});

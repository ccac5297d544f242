// `data-submit-on-change` sends a filter form when a choice changes; `data-copy="text"` puts text on the clipboard.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const word = button.querySelector("[data-copied]");
  if (!word) return;
  const before = word.textContent;
  word.textContent = word.dataset.copied;
  setTimeout(() => { word.textContent = before; }, 1600);
});

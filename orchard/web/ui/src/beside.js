// Opening a line beside its list and closing it moves nobody's focus away: where the open line takes the list's place, as on
// a phone, one begins to read at its title, and who closes it is at the line again.
let open = "";

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (target?.matches(".beside")) open = target.querySelector(".row-link[aria-expanded=true]")?.id ?? open;
});

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (!target?.matches(".beside")) return;
  const title = document.getElementById("beside-title");
  if (title && !target.querySelector(".beside-list").offsetParent) {
    scrollTo({ top: 0 });
    title.focus({ preventScroll: true });
  } else if (!title && document.activeElement === document.body) {
    document.getElementById(open)?.focus();
  }
});

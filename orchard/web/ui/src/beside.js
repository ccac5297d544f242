// Where what is open takes the place of its list, as on a phone, one begins to read at its top.
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  const list = document.querySelector(".beside:has(> .beside-panel) > .beside-list");
  if (list && !list.offsetParent && target.closest(".beside")) scrollTo({ top: 0 });
});

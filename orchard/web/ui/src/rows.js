// In a list marked `data-rows`, j and k walk its `.row-link`s; Enter follows the focused link, as links do.
const typing = "input, textarea, select, dialog[open], [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = [...document.querySelectorAll("[data-rows] .row-link")].filter((link) => link.offsetParent);
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  event.preventDefault();
});

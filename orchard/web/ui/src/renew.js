// `data-renews` on a part with `hx-get` and `hx-trigger="renew"`: it asks twice a minute whether it is still as it stands,
// while somebody looks at the page and writes or chooses nothing.
import htmx from "htmx.org";

const EVERY = 30_000;
const MARK = "Orchard-Mark";

/** What each part was last renewed to. */
const marks = new WeakMap();

/** Whether something would be taken out of somebody's hands. */
function isBusy(part) {
  const active = document.activeElement;
  return Boolean(document.querySelector("dialog[open], [popover]:popover-open")) || (part.contains(active) && !active?.matches(".row-link"));
}

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  for (const part of document.querySelectorAll("[data-renews]")) {
    if (part.offsetParent && !isBusy(part)) htmx.trigger(part, "renew");
  }
}, EVERY);

document.addEventListener("htmx:configRequest", ({ detail: { elt, headers } }) => {
  if (elt?.matches("[data-renews]")) headers[MARK] = marks.get(elt) ?? "";
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr } = event.detail;
  if (!elt?.matches("[data-renews]")) return;
  // What somebody began meanwhile is not taken away, and a session that has ended takes nobody from the page.
  if (xhr.getResponseHeader("HX-Redirect") || isBusy(elt)) event.preventDefault();
  else if (xhr.getResponseHeader(MARK)) marks.set(elt, xhr.getResponseHeader(MARK));
});

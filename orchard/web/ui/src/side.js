// The sidebar stays scrolled as it was from page to page, and shows the entry of this page. It moves itself alone, never the
// page.
const KEY = "side-at";
/** Room at either end, for the fade and a neighbour of the entry. */
const ROOM = 82;

function show(box) {
  const entry = box.querySelector("[aria-current]");
  if (!entry) return;
  const [outer, inner] = [box.getBoundingClientRect(), entry.getBoundingClientRect()];
  box.scrollTop += Math.max(inner.bottom - outer.bottom + ROOM, 0) || Math.min(inner.top - outer.top - ROOM, 0);
}

const side = document.querySelector(".side-inner");
if (side) {
  side.scrollTop = Number(sessionStorage.getItem(KEY) ?? 0);
  show(side);
  addEventListener("pagehide", () => sessionStorage.setItem(KEY, String(side.scrollTop)));
}

const more = document.getElementById("more");
more?.addEventListener("toggle", (event) => event.newState === "open" && show(more));

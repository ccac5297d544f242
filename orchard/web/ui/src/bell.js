// The bell asks once a minute whether there is something new, while somebody looks at the page. A session that has
// ended meanwhile takes nobody away from what is being written. Who wished so in this browser is told by a notification
// of the browser while another window has the attention: how many are new, and no word of whom they are about.
import htmx from "htmx.org";

const MINUTE = 60_000;
const WISHED = "orchard-notices";

const bell = () => document.getElementById("bell");
const canTell = () => "Notification" in window;

/** Whether the member of this page wished to be told in this browser, and the browser allows it. */
function isTold() {
  return canTell() && Notification.permission === "granted" && localStorage.getItem(WISHED) === bell()?.dataset.member;
}

setInterval(() => {
  if (bell() && (document.visibilityState === "visible" || isTold())) htmx.trigger(bell(), "look");
}, MINUTE);

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.id === "bell" && event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
});

let shown = Number(bell()?.dataset.unseen ?? 0);

document.addEventListener("htmx:load", () => {
  const now = Number(bell()?.dataset.unseen ?? 0);
  const isMore = now > shown;
  shown = now;
  if (isMore && !document.hasFocus() && isTold()) notify(bell().getAttribute("aria-label"), bell().href);
});

/** Lets the browser say it. One tag: of several open pages only the last one's stands. */
function notify(words, address) {
  try {
    const note = new Notification("Orchard", { body: words, tag: WISHED });
    note.addEventListener("click", () => {
      window.focus();
      window.location.assign(address);
    });
  } catch {
    localStorage.removeItem(WISHED); // some browsers, as Chrome on Android, let no page do that
  }
}

/** Shows of the ways to be told here the one that fits; the room for it is kept, so that nothing jumps. */
function offer() {
  const place = document.querySelector("[data-telling]");
  if (!place) return;
  place.hidden = !canTell();
  if (place.hidden) return;
  const state = Notification.permission === "denied" ? "denied" : isTold() ? "on" : "off";
  for (const way of place.querySelectorAll("[data-when]")) way.hidden = way.dataset.when !== state;
  place.classList.remove("invisible");
}

document.addEventListener("click", async ({ target }) => {
  const way = target.closest("[data-telling] button");
  if (!way) return;
  if (way.closest("[data-when]").dataset.when === "on") localStorage.removeItem(WISHED);
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(WISHED, bell().dataset.member);
  offer();
  document.querySelector("[data-telling] [data-when]:not([hidden]) button")?.focus();
});

offer();

// The bell asks once a minute whether there is something new, while somebody looks at the page. A session that has
// ended meanwhile takes nobody away from what is being written.
import htmx from "htmx.org";

const MINUTE = 60_000;

setInterval(() => {
  const bell = document.getElementById("bell");
  if (bell && document.visibilityState === "visible") htmx.trigger(bell, "look");
}, MINUTE);

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.id === "bell" && event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
});

// What forms do beyond HTML: `data-submit-on-change` sends a filter form when a choice changes, what changes something
// is sent once however often one presses, `data-copy="text"` puts text on the clipboard, and in a `data-enter-sends`
// field Enter sends the form (Shift and Enter begin a new line). Without a connection nothing is sent, and that is said.
import { toast } from "./toasts.js";

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.closest("[data-enter-sends]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

/** Milliseconds after which a page that is still here was stopped by its reader, or answered with a file. */
const STOPPED = 8000;

const isPost = (form) => form.getAttribute("method")?.toLowerCase() === "post";

/** The forms under way, each with the button that sent it (which is not `disabled`: its name and value are posted). */
const sent = new Map();

function hold(form, button) {
  sent.set(form, button);
  button?.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-disabled", "true");
}

function release(form) {
  const button = sent.get(form);
  sent.delete(form);
  button?.removeAttribute("aria-busy");
  button?.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const isOffline = !navigator.onLine && document.body.dataset.offline && isPost(event.target);
  if (!sent.has(event.target) && !isOffline) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isOffline) toast(document.body.dataset.offline, () => event.target.requestSubmit(event.submitter));
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form)) return;
  hold(form, event.submitter);
  setTimeout(release, STOPPED, form);
});

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  const { triggeringEvent: cause, verb } = requestConfig;
  if (elt.matches("form") && verb !== "get" && cause?.type === "submit") hold(elt, cause.submitter);
});

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const leaves = xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh");
  if (!leaves) release(elt);
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => [...sent.keys()].forEach(release));

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

// `data-keys="l c"` presses a link or a button when its keys are typed one after the other, outside of fields and dialogs.
// What stands in a row of a list is pressed only while that row has the focus, and then before anything else. A row that
// opens beside its list names in `data-keys-beside` the keys of what stands there: they open it and are pressed then, as
// does whatever of the row is marked `data-opens-first` with the key that it stands for.
export const typing = "input, textarea, select, dialog[open], [contenteditable]";

/** Milliseconds after which a key begins anew. */
const APART = 1500;

let typed = "";
let last = 0;

/** All that can be seen and has keys. */
export function pressable() {
  return [...document.querySelectorAll("[data-keys]")].filter((each) => each.offsetParent);
}

/** What can be pressed now, what is nearest first. */
function offered() {
  const row = document.activeElement?.closest("[data-rows] > :is(li, tr)");
  const all = pressable();
  const near = all.filter((each) => row?.contains(each));
  // What is open beside the list is another line's than the one that has the focus.
  const far = row && !row.matches(".is-open") ? ".beside-panel [data-keys]:not([data-keys=Escape]), [data-rows] *" : "[data-rows] *";
  return [...near, ...all.filter((each) => !each.matches(far))];
}

/** Takes a key: presses what has it, or waits for the next; tells whether anything has keys that begin so. */
function take(key, at) {
  typed = at - last < APART && typed ? `${typed} ${key}` : key;
  last = at;
  const now = offered();
  const pressed = now.find((each) => each.dataset.keys === typed);
  if (!pressed && now.some((each) => each.dataset.keys.startsWith(`${typed} `))) return true;
  typed = "";
  pressed?.click();
  return Boolean(pressed);
}

/** The keys that wait for a row to be open beside its list. */
let waiting = null;

function openFor(row, key) {
  waiting = [key];
  row.querySelector(".row-link").click();
}

/** Whether a key is meant for the field it is pressed in; Escape means nothing to what is only chosen. */
function isTyped({ key, target }) {
  return target.closest(typing) && !(key === "Escape" && target.matches("form:not(dialog *) :is([type=radio], [type=checkbox])"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyped(event)) return;
  if (event.key === "Escape" && document.querySelector("[popover]:popover-open")) return;
  if (waiting) {
    waiting.push(event.key);
    event.preventDefault();
    return;
  }
  const row = document.activeElement?.closest("[data-rows] > li:not(.is-open)");
  if (take(event.key, event.timeStamp)) event.preventDefault();
  else if (row?.querySelector("[data-keys-beside]")?.dataset.keysBeside.split(" ").includes(event.key)) {
    event.preventDefault();
    openFor(row, event.key);
  }
});

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-opens-first]");
  if (!act || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openFor(act.closest("li"), act.dataset.opensFirst);
});

document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
  if (!waiting || !target?.matches(".beside")) return;
  const keys = waiting;
  waiting = null;
  for (const key of keys) take(key, performance.now());
});

document.addEventListener("htmx:afterRequest", ({ detail: { successful } }) => {
  if (!successful) waiting = null;
});

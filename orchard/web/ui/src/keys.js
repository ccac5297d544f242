// `data-keys="l c"` presses a link or a button when its keys are typed one after the other, outside of fields and dialogs.
// What stands in a row of a list is pressed only while that row has the focus, and then before anything else.
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(typing)) return;
  if (event.key === "Escape" && document.querySelector("[popover]:popover-open")) return;
  typed = event.timeStamp - last < APART && typed ? `${typed} ${event.key}` : event.key;
  last = event.timeStamp;
  const now = offered();
  const pressed = now.find((each) => each.dataset.keys === typed);
  if (pressed) {
    event.preventDefault();
    typed = "";
    pressed.click();
  } else if (!now.some((each) => each.dataset.keys.startsWith(`${typed} `))) {
    typed = "";
  }
});

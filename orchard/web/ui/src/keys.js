// `data-keys="l c"` presses a link or a button when its keys are typed one after the other, outside of fields and dialogs.
const typing = "input, textarea, select, dialog[open], [contenteditable]";

/** Milliseconds after which a key begins anew. */
const APART = 1500;

let typed = "";
let last = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(typing)) return;
  typed = event.timeStamp - last < APART && typed ? `${typed} ${event.key}` : event.key;
  last = event.timeStamp;
  const offered = [...document.querySelectorAll("[data-keys]")].filter((each) => each.offsetParent);
  const pressed = offered.find((each) => each.dataset.keys === typed);
  if (pressed) {
    event.preventDefault();
    typed = "";
    pressed.click();
  } else if (!offered.some((each) => each.dataset.keys.startsWith(`${typed} `))) {
    typed = "";
  }
});

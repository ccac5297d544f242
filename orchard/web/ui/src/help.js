// `?` lists the keys: those of every page, and those of what can be pressed on this one now, in the words that stand on it.
import { pressable, typing } from "./keys.js";

const NAMES = { Escape: "Esc" };

/** What a link or button is called, without the key that stands on it. */
function called(each) {
  const words = each.cloneNode(true);
  for (const key of words.querySelectorAll("kbd")) key.remove();
  return (each.getAttribute("aria-label") ?? words.textContent).trim().replace(/\s+/g, " ");
}

/** One line of the list: the words and the keys, as text and never as markup. */
function line([keys, words]) {
  const [row, what, how] = ["div", "dt", "dd"].map((name) => document.createElement(name));
  what.textContent = words;
  for (const key of keys.split(" ")) {
    const shown = document.createElement("kbd");
    shown.textContent = NAMES[key] ?? key;
    how.append(shown, " ");
  }
  row.append(what, how);
  return row;
}

function list(place, found) {
  const lines = new Map(found.filter((each) => each.dataset.keys !== "/").map((each) => [each.dataset.keys, called(each)]));
  place.replaceChildren(...[...lines].map(line));
  place.closest("section").hidden = !lines.size;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-opens=keys]")) return;
  const inRow = (each) => each.closest("[data-rows]");
  list(document.querySelector("[data-keys-here]"), pressable().filter((each) => !inRow(each)));
  list(document.querySelector("[data-keys-line]"), pressable().filter(inRow));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  event.preventDefault();
  document.querySelector("[data-opens=keys]")?.click();
});

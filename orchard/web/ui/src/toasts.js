// Short notes at the corner: those of the server can be put away, those of a failed request are made here.
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast-note")?.remove();
});

/** Where a note is seen and can be pressed: in the dialog that is open, since nothing behind it can be. */
function place() {
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.getElementById("toasts");
}

/** Shows one sentence, as text and never as markup; with `again`, a button that tries it once more. Returns the note. */
export function toast(sentence, again) {
  const shape = document.getElementById("toast-shape");
  if (!shape || !place() || !sentence) return null;
  for (const each of document.querySelectorAll(".toast-made")) {
    if (each.querySelector(".toast-words").textContent === sentence) each.remove();
  }
  const note = shape.content.cloneNode(true).firstElementChild;
  note.querySelector(".toast-words").textContent = sentence;
  const button = note.querySelector("[data-again]");
  if (!again) button.remove();
  else {
    button.addEventListener("click", () => {
      note.remove();
      again();
    });
  }
  place().append(note);
  return note;
}

// Short notes at the corner: those of the server can be put away, those of a failed request are made here.
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast-note")?.remove();
});

/** Shows one sentence, as text and never as markup. */
export function toast(sentence) {
  const shape = document.getElementById("toast-shape");
  const place = document.getElementById("toasts");
  if (!shape || !place || !sentence) return;
  const note = shape.content.cloneNode(true);
  note.querySelector(".toast-words").textContent = sentence;
  place.append(note);
}

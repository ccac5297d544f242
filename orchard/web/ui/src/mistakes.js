// What is wrong in a form stands beside its fields while one types: a list of mistakes that a reading brings names for each
// the field that it leads to, and where beside it the sentence belongs (`data-beside`).

/** Marks a field as wrong, described by the place beside it; without a place, as right. */
function mark(field, place) {
  if (!field?.matches("input, select, textarea, summary")) return;
  if (place) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place);
  } else {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const form = document.querySelector("form[data-told-by]");
  if (!form || target.id !== form.dataset.toldBy) return;
  for (const field of form.querySelectorAll("[aria-invalid]")) mark(field);
  for (const place of form.querySelectorAll(".mistakes-of")) place.replaceChildren();
  for (const link of target.querySelectorAll("[data-beside]")) {
    const place = document.getElementById(link.dataset.beside);
    if (!place) continue;
    place.append(link.parentElement.querySelector("template").content.cloneNode(true));
    const field = link.hash.slice(1);
    const isOfField = place.id === `${field.replace(/-words$/, "")}-error`; // and not of the row that it begins
    if (isOfField) mark(document.getElementById(field), place.id);
  }
});

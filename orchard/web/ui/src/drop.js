// Files that are dropped anywhere on a `[data-drop]` part are chosen in its file field, beside those chosen before. What
// that field's `data-most` (bytes) or `data-many` do not let in is left out before it is sent, and said. Without scripts
// the field itself takes what is dropped on it, and the server says what it refuses.
const OVER = "is-over";

const partOf = (event) => event.dataTransfer?.types.includes("Files") && event.target.closest?.("[data-drop]");

/** Let a field hold these files, as if they had been chosen there. */
function hold(field, files) {
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  field.files = held.files;
}

document.addEventListener("dragover", (event) => {
  const part = partOf(event);
  if (!part) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  part.classList.add(OVER);
});

document.addEventListener("dragleave", (event) => {
  const part = partOf(event);
  if (part && !part.contains(event.relatedTarget)) part.classList.remove(OVER);
});

document.addEventListener("drop", (event) => {
  const part = partOf(event);
  const field = part && part.querySelector("input[type=file]");
  if (!field) return;
  event.preventDefault();
  part.classList.remove(OVER);
  hold(field, [...field.files, ...event.dataTransfer.files]);
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", ({ target: field }) => {
  if (!field.matches("input[type=file][data-most]")) return;
  const { most, many, tooLarge, tooMany } = field.dataset;
  const large = [...field.files].filter((file) => file.size > Number(most));
  const fit = [...field.files].filter((file) => !large.includes(file));
  const sentences = large.map((file) => tooLarge.replace("%s", () => file.name));
  if (fit.length > Number(many)) sentences.push(tooMany);
  if (sentences.length) hold(field, fit.slice(0, Number(many)));
  const said = field.form.querySelector("[data-left-out]");
  said.textContent = sentences.join(" ");
  said.hidden = !sentences.length;
});

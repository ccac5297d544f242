// Behind an @ in a `[data-mentions="address"]` the members whose name begins so are offered: arrows walk them, Enter or Tab
// takes one, Escape closes. Without scripts one types the name.
const BEGUN = /(?:^|[\s(])@([^\n@]{0,40})$/;

const parts = (field) => {
  const box = field.closest("[data-mentions]");
  return { box, list: box.querySelector("[role=listbox]"), said: box.querySelector("[role=status]") };
};
const chosen = (list) => list.querySelector("[aria-selected=true]");

let asked = 0;

/** What is typed behind the last @ before the caret; null where there is none. */
function begun(field) {
  return BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}

function choose(field, option) {
  const { list } = parts(field);
  chosen(list)?.setAttribute("aria-selected", "false");
  if (!option) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function close(field) {
  const { list, said } = parts(field);
  asked += 1;
  list.hidden = true;
  list.replaceChildren();
  said.textContent = "";
  field.removeAttribute("aria-activedescendant");
}

function take(field, option) {
  const start = field.selectionStart - begun(field).length;
  field.setRangeText(`${option.dataset.handle} `, start, field.selectionStart, "end");
  close(field);
  field.focus();
}

async function offer(field) {
  const words = begun(field);
  if (words === null) {
    close(field);
    return;
  }
  const { box, list, said } = parts(field);
  const number = ++asked;
  const where = new URL(box.dataset.mentions, window.location.href);
  where.searchParams.set("words", words);
  const answer = await fetch(where).catch(() => null);
  if (number !== asked || !answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (number !== asked) return;
  const options = [...page.querySelectorAll("[role=option]")];
  options.forEach((option, place) => { option.id = `${list.id}_${place}`; });
  list.replaceChildren(...options);
  list.hidden = options.length === 0;
  said.textContent = options.length ? "" : said.dataset.none;
  choose(field, options[0]);
  if (options.length) list.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-mentions] textarea")) return;
  const { list } = parts(target);
  target.setAttribute("aria-autocomplete", "list");
  target.setAttribute("aria-controls", list.id);
  offer(target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing || !field.matches?.("[data-mentions] textarea")) return;
  const { list } = parts(field);
  if (list.hidden) return;
  const all = [...list.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(field, all[(all.indexOf(chosen(list)) + step + all.length) % all.length]);
  else if (["Enter", "Tab"].includes(event.key) && chosen(list)) take(field, chosen(list));
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".mention-list [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("[data-mentions]").querySelector("textarea"), option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches("[data-mentions] textarea")) close(target);
});

// The form of a note that opens takes the focus: whoever opens it wants to write.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details.note-block[open]")) target.querySelector("textarea")?.focus();
}, true);

// The search dialog: arrow keys walk what was found while the focus stays in the field, Enter opens what is chosen. The
// best stands chosen at once; where the answer is not of what stands in the field, Enter leads to the page of its own.
const field = () => document.querySelector("[data-search] [role=combobox]");
const list = () => document.getElementById("search-list");
const options = () => [...(list()?.querySelectorAll("[role=option]") ?? [])];
const chosen = () => list()?.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  field().setAttribute("aria-expanded", String(Boolean(option)));
  if (option) {
    option.setAttribute("aria-selected", "true");
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field().removeAttribute("aria-activedescendant");
  }
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "search-found") choose(options()[0]);
});

// What was found before is not of what stands in the field: it gives way to the sentence that none came.
for (const kind of ["responseError", "sendError", "timeout"]) {
  document.addEventListener(`htmx:${kind}`, ({ target }) => {
    if (target !== field()) return;
    document.getElementById("search-found").replaceChildren(document.getElementById("search-failed").content.cloneNode(true));
    choose();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.target !== field() || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = options();
  if (step && all.length) {
    event.preventDefault();
    choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  } else if (event.key === "Enter" && chosen() && list().dataset.for === event.target.value.trim().split(/\s+/).join(" ")) {
    event.preventDefault();
    chosen().click();
  }
});

// Whoever opens it again types over what was looked for last.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens=search]")) field()?.select();
});

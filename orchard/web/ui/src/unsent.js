// What somebody typed is not lost when it does not arrive: the session had ended, the page was too old, the line broke. A form
// that is sent is kept in this tab (sessionStorage) until an answer tells that it arrived, and put back when the same form
// opens again, for the same member; whoever typed it looks it over and sends it. Passwords, tokens and files are never kept.
import htmx from "htmx.org";
import { toast } from "./toasts.js";

const KEPT = "orchard-unsent";
const DAY = 86_400_000;
const MOST = 6;

/** Everything kept, by where it was sent; nothing where the browser allows no storage. */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

function write(kept) {
  try {
    if (Object.keys(kept).length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // full or forbidden: then a form is as it was before
  }
}

const whoIsHere = () => document.getElementById("bell")?.dataset.member ?? "";
const placeOf = (form) => new URL(form.getAttribute("action") || window.location.href, window.location.href).pathname;
const isPost = (form) => form.getAttribute("method")?.toLowerCase() === "post";
const isTyped = (field) => field.matches("textarea, select, input:not([type=hidden], [type=submit], [type=button], [type=file])");

/** What a form would send, without what must not be kept; null for one in which nothing is typed. */
function typedInto(form) {
  if (form.querySelector("[type=password]") || ![...form.elements].some(isTyped)) return null;
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
}

/** Keeps a form that is about to be sent. */
export function keep(form) {
  const fields = whoIsHere() && isPost(form) && typedInto(form);
  if (!fields) return;
  const kept = read();
  const page = window.location.pathname + window.location.search;
  kept[placeOf(form)] = { member: whoIsHere(), page, at: Date.now(), fields, lost: false };
  const newest = Object.entries(kept).sort(([, one], [, other]) => other.at - one.at).slice(0, MOST);
  write(Object.fromEntries(newest));
}

/** Forgets what was sent to an address, since it arrived. */
function arrived(place) {
  const kept = read();
  delete kept[place];
  write(kept);
}

/** Whether this page says that something did not arrive: the login, or a refusal where a form was sent. */
function settle() {
  const failed = document.querySelector("[data-unsent]");
  const came = performance.getEntriesByType("navigation")[0]?.type ?? "navigate";
  const kept = read();
  for (const [place, one] of Object.entries(kept)) {
    const here = failed && (failed.dataset.unsent === "login" || place === window.location.pathname);
    if (here && !one.lost) one.lost = Date.now();
    else if (!one.lost && came === "navigate") delete kept[place];
    if (Date.now() - one.at > DAY || (whoIsHere() && one.member !== whoIsHere())) delete kept[place];
  }
  write(kept);
  if (failed) tell(failed, Object.entries(kept));
}

/** Says on a page of refusal that nothing typed is lost, and where it stands again. */
function tell(failed, kept) {
  const is = ([place, one]) => one.lost && (failed.dataset.unsent === "login" || place === window.location.pathname);
  const found = kept.find(is);
  if (!found) return;
  failed.hidden = false;
  failed.querySelector("a")?.setAttribute("href", found[1].page);
}

/** Sets every field of a form as it was sent. */
function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    const given = values.get(field.name) ?? [];
    if (!field.name || field.name === "csrfmiddlewaretoken" || field.matches("button, [type=submit], [type=file]")) continue;
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = given.includes(field.value);
    else if (field.matches("select[multiple]")) for (const each of field.options) each.selected = given.includes(each.value);
    else if (given.length) field.value = given.shift();
    if (isTyped(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Lets the server draw a form whose fields depend on what stands in it, from what was sent. */
async function redraw(form, place, fields) {
  const values = {};
  for (const [name, value] of fields) (values[name] ??= []).push(value);
  await htmx.ajax("POST", place, { source: document.body, target: form, swap: "outerHTML", values });
  return document.getElementById(form.id) ?? form;
}

/** Shows above a form what stands in it. */
function note(form, place) {
  const shape = document.getElementById("unsent-shape");
  const words = shape?.content.cloneNode(true).firstElementChild;
  if (!words) return;
  words.querySelector("button").addEventListener("click", () => {
    arrived(place);
    window.location.reload();
  });
  form.prepend(words);
  for (let around = form.parentElement; around; around = around.parentElement) if (around.nodeName === "DETAILS") around.open = true;
  const dialog = form.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  words.scrollIntoView({ block: "center" });
}

/** Where the server draws a form anew at this moment: what it draws is not put back once more. */
const drawn = new Set();

/** Puts back what belongs into the forms of a part of the page. */
async function putBack(part) {
  const kept = read();
  const isWhole = part === document.body && !document.querySelector("[data-unsent]");
  for (const [place, one] of Object.entries(kept)) {
    if (one.member !== whoIsHere() || drawn.has(place) || !(one.lost || isWhole)) continue;
    const forms = part.matches?.("form") ? [part] : [...part.querySelectorAll("form")];
    const names = new Set(one.fields.map(([name]) => name));
    const fits = (form) => isPost(form) && placeOf(form) === place && [...form.elements].some((each) => isTyped(each) && names.has(each.name));
    const form = forms.find((each) => fits(each) && !each.querySelector(".unsent"));
    if (!form) continue;
    one.lost ||= Date.now();
    write(kept);
    if (form.matches("[data-redraws]")) {
      drawn.add(place);
      note(await redraw(form, place, one.fields).catch(() => form), place);
      drawn.delete(place);
    } else {
      fill(form, one.fields);
      note(form, place);
    }
  }
}

/** Says on the page where something was typed that it waits for its form, where that is not open. */
function remind() {
  const here = window.location.pathname;
  const waits = Object.values(read()).some((one) => one.lost && new URL(one.page, window.location.href).pathname === here);
  if (waits && !document.querySelector("form .unsent, [data-unsent]")) toast(document.body.dataset.reminds);
}

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target.matches("[data-forgets]")) write({});
  else if (!defaultPrevented) keep(target);
});

/** The form that a request of htmx carries: the one it is sent from, or the one it includes. */
function formOf(elt) {
  const named = elt.getAttribute("hx-include") ?? "";
  return elt.closest("form") ?? (named.startsWith("#") ? document.querySelector(named) : null);
}

/** Where what a request carries belongs. */
const carried = new WeakMap();

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig, xhr } }) => {
  const form = requestConfig.verb !== "get" && formOf(elt);
  if (!form) return;
  keep(form);
  carried.set(xhr, placeOf(form));
});

document.addEventListener("htmx:afterRequest", ({ detail: { xhr, successful } }) => {
  const leaves = xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh");
  if (carried.has(xhr) && !leaves && (successful || xhr.status === 422)) arrived(carried.get(xhr));
});

// A part that opens later may hold the form that something waits for.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt !== document.body && Object.values(read()).some((one) => one.lost)) putBack(elt);
});

settle();
putBack(document.body).then(remind);

// htmx under the strict content policy: no eval, no injected style, no foreign host; a refused form (422) is shown in place.
import htmx from "htmx.org";
import { toast } from "./toasts.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  allowScriptTags: false,
  defaultSettleDelay: 0, // what was swapped in listens, and has the focus, before the next key is pressed
  historyCacheSize: 0, // a page with people's data does not stay in local storage
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:responseError", ({ detail: { elt, xhr } }) => {
  if (elt.matches("[data-quiet]")) return;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  toast(page.querySelector("[data-sentence]")?.dataset.sentence ?? document.body.dataset.failed);
});

document.addEventListener("htmx:sendError", ({ detail: { elt } }) => {
  if (!elt.matches("[data-quiet]")) toast(document.body.dataset.offline);
});

// htmx under the strict content policy: no eval, no injected style, no foreign host; a refused form (422) is shown in place.
// A request that fails leaves the page as it was, says so in a corner, and offers to try again where that may help.
import htmx from "htmx.org";
import { toast } from "./toasts.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  allowScriptTags: false,
  timeout: 90_000, // longer than anything of ours takes: the line is dead
  defaultSettleDelay: 0, // what was swapped in listens, and has the focus, before the next key is pressed
  historyCacheSize: 0, // a page with people's data does not stay in local storage
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

/** What is said of the request of an element that failed last. */
const said = new WeakMap();

function say(sentence, { elt, requestConfig }, mayTry = true) {
  if (elt.matches("[data-quiet]")) return;
  const { verb, path, triggeringEvent: event } = requestConfig;
  const again = () => {
    if (!elt.isConnected) return;
    const pressed = event?.submitter?.isConnected ? event.submitter : undefined;
    if (elt.matches("form") && event?.type === "submit") elt.requestSubmit(pressed);
    else htmx.ajax(verb, path, { source: elt, event }).catch(() => {}); // it is said again
  };
  said.set(elt, toast(sentence, mayTry && again));
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  const sentence = page.querySelector("[data-sentence]")?.dataset.sentence;
  say(sentence ?? document.body.dataset.failed, detail, !sentence && detail.xhr.status >= 500);
});

/** The requests of which something has left this machine: what they ask for may be done, whatever came of the answer. */
const left = new WeakSet();

document.addEventListener("htmx:beforeSend", ({ detail: { xhr } }) => {
  xhr.upload.addEventListener("progress", ({ loaded }) => loaded && left.add(xhr));
});

/** No answer came. What only reads, or never left, may be tried again; of anything else one looks first whether it is done. */
function unanswered(detail, harmless) {
  const { offline, unanswered: sentence } = document.body.dataset;
  say(harmless ? offline : sentence, detail, harmless);
}

const reads = ({ requestConfig: { verb } }) => verb === "get";

document.addEventListener("htmx:sendError", ({ detail }) => unanswered(detail, reads(detail) || !left.has(detail.xhr)));
document.addEventListener("htmx:timeout", ({ detail }) => unanswered(detail, reads(detail)));

document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  if (successful) said.get(elt)?.remove();
});

// What was asked for and is not there yet: nothing for 300 ms, then its shape in its place; words where it does not come.

const WAIT_MS = 300;
const AGAIN_MS = 10000; // until what a page asks by itself is asked once more
const latest = new Map(); // by target: the last request for it, and the shape that stands for its answer

const templateOf = (id) => document.getElementById(id)?.content.firstElementChild;
const isByItself = ({ headers }) => "X-Background" in headers;

// What is in the place stays there unseen, so that it is back when nothing comes.
function show(target, one) {
  one.shape = templateOf(target.dataset.waits).cloneNode(true);
  target.dataset.waiting = "";
  target.prepend(one.shape);
}

function leave(target) {
  const one = latest.get(target);
  clearTimeout(one?.timer);
  one?.shape?.remove();
  delete target.dataset.waiting;
  latest.delete(target);
}

document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr, requestConfig } }) => {
  if (!target?.dataset.waits || requestConfig.verb !== "get") return;
  latest.get(target)?.xhr.abort(); // of two answers on their way the older could come last
  leave(target);
  const one = { xhr };
  one.timer = setTimeout(() => show(target, one), WAIT_MS);
  latest.set(target, one);
});
for (const over of ["htmx:beforeSwap", "htmx:afterRequest"]) {
  document.addEventListener(over, ({ detail: { target, xhr } }) => latest.get(target)?.xhr === xhr && leave(target));
}

// A sheet opens with nothing in it: what was in it before was for something else.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog][hx-target]");
  if (opener) document.querySelector(opener.getAttribute("hx-target"))?.replaceChildren();
}, true);

function wordsFor({ status }) {
  const words = document.getElementById("trouble").dataset;
  if (!status) return words.offline;
  if (status >= 500) return words.failed;
  return [403, 404].includes(status) ? words.gone : words.refused;
}

function said({ xhr }, id) {
  const message = templateOf(id).cloneNode(true);
  const { reference } = document.getElementById("trouble").dataset;
  const known = xhr.status >= 500 && xhr.getResponseHeader("X-Request-Id"); // finds the line of the log
  message.querySelector("[data-words]").textContent = known ? `${wordsFor(xhr)} ${reference}: ${known}` : wordsFor(xhr);
  return message;
}

const tellInCorner = (detail) => document.getElementById("toasts").append(said(detail, "trouble-toast"));

// Where it was asked for: in the form that was sent, in the place that waits, else in the corner of the page.
function tell(detail) {
  const { elt, target, requestConfig } = detail;
  const form = elt.matches?.("form.composer, dialog form") ? elt : null;
  const place = form ?? (target?.matches("[data-waits]:not([data-returns])") ? target : null);
  if (!place) return tellInCorner(detail);
  place.querySelector(":scope > [data-trouble]")?.remove();
  const message = said(detail, "trouble");
  const again = message.querySelector("[data-again]");
  if (form || requestConfig.verb !== "get") again.remove();
  again.addEventListener("click", () => {
    message.remove();
    const source = elt.isConnected ? elt : target; // what others did may have put another link into its place
    htmx.ajax("GET", requestConfig.path, { source, target, swap: "innerHTML" });
  });
  if (form) form.append(message);
  else place.replaceChildren(message);
  message.focus();
}

for (const trouble of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(trouble, ({ detail }) => {
    if (!isByItself(detail.requestConfig)) tell(detail);
    else setTimeout(() => detail.elt.isConnected && htmx.trigger(detail.elt, "again"), AGAIN_MS);
  });
}
document.addEventListener("trouble", ({ detail }) => tellInCorner(detail)); // of what was asked without htmx

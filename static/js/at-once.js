// Status, assignee and priority are shown as they are wanted at once; the answer takes their place, or what was comes back.

const REFUSED = [409, 422]; // an answer that shows itself how it stands
const before = new WeakMap(); // by form

function put(form, element, ...nodes) {
  before.set(form, { element, nodes: [...element.childNodes] });
  element.replaceChildren(...nodes);
}

// A button of a menu says by itself what it leads to, or holds how that is shown.
function choose(form, button) {
  const summary = form.querySelector("summary");
  const shown = (button.querySelector("template")?.content ?? button).cloneNode(true);
  if (form.contains(document.activeElement)) summary.focus();
  form.querySelector("details").removeAttribute("open");
  put(form, summary, ...shown.childNodes, summary.lastElementChild.cloneNode(true));
}

function move(form) {
  const status = document.querySelector(".matter__meta > .status");
  if (status) put(form, status, ...form.querySelector(":scope > template").content.firstElementChild.cloneNode(true).childNodes);
}

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  if (!elt.matches?.("form[data-at-once]")) return;
  const button = requestConfig.triggeringEvent?.submitter;
  if (elt.dataset.atOnce === "status") move(elt);
  else if (button) choose(elt, button);
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr, successful } }) => {
  const was = before.get(elt);
  before.delete(elt);
  if (was && !successful && !REFUSED.includes(xhr.status)) was.element.replaceChildren(...was.nodes);
});

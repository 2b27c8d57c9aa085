// What somebody writes, and where they are, outlasts the exchange of the part of the page that it stands in.

const WRITTEN = ["reply", "note", "waiting_for", "resolution"];
let opener = null; // of the sheet over the page
let kept = null;
let back = null;

const composer = () => document.querySelector("#matter .composer");
const isOwn = (elt) => elt.matches?.(".composer");
const textOf = (element) => (element.matches("textarea") ? "" : element.textContent.replace(/\s+/g, " ").trim());
const named = (element) => element.ariaLabel ?? textOf(element);

// Where the focus is, by its id or by what it is called. What is in a menu is hidden with it: the menu is the place.
function told(element) {
  const anchor = element.closest("details.menu")?.querySelector("summary") ?? element;
  return { id: anchor.id, tag: anchor.localName, name: named(anchor) };
}

function found({ id, tag, name }) {
  const alike = [...document.querySelectorAll(tag)].filter((one) => named(one) === name);
  return [document.getElementById(id), ...alike].find((one) => one?.checkVisibility());
}

// Returns the way back; what was sent from a sheet leads to what opened it, a reply taken back to its text.
function place(sent) {
  const active = sent?.closest("dialog") ? null : document.activeElement;
  const here = active && active !== document.body ? told(active) : opener;
  const instead = sent?.closest(".held") ? "composer-reply" : "matter-title";
  return () => {
    if (!here || (document.activeElement && document.activeElement !== document.body)) return;
    (found(here) ?? document.getElementById(instead))?.focus({ preventScroll: true });
  };
}

// Only what the server cannot have sent back: what was typed since the form came.
function typed(form) {
  const fields = WRITTEN.map((name) => form.elements[name]).filter((field) => field && field.value !== field.defaultValue);
  return fields.map(({ name, value, selectionStart }) => ({ name, value, selectionStart }));
}

// A draft that is being saved from the form that goes is waited for: the one that comes goes on from it.
async function fillIn({ form, written, leaving }) {
  const now = composer();
  const changed = written.filter(({ name, value }) => now?.elements[name] && now.elements[name].value !== value);
  if (!changed.length) return;
  for (const { name, value, selectionStart } of changed) {
    now.elements[name].value = value;
    now.elements[name].setSelectionRange(selectionStart, selectionStart);
  }
  const { mode } = form.elements;
  now.elements.mode.value = mode.value;
  await leaving;
  for (const version of ["versionReply", "versionNote"]) {
    now.dataset[version] = Math.max(now.dataset[version], form.dataset[version]);
  }
  now.elements[mode.value].dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:beforeSwap", ({ detail: { target, requestConfig } }) => {
  if (target?.id !== "matter") return;
  back = place(requestConfig.elt);
  const form = composer();
  if (!form || isOwn(requestConfig.elt)) return;
  const written = typed(form);
  const leaves = new CustomEvent("composer:leaves", { bubbles: true, detail: {} });
  form.dispatchEvent(leaves);
  kept = { form, written, leaving: leaves.detail.saved };
});
document.addEventListener("htmx:afterSettle", () => {
  if (kept) fillIn(kept);
  kept = null;
  back?.();
  back = null;
});
document.addEventListener("matter:leaves", () => (back = place()));
document.addEventListener("matter:fresh", () => {
  back?.();
  back = null;
});

document.addEventListener("click", (event) => {
  const element = event.target.closest?.("[data-dialog]");
  if (element) opener = told(element);
}, true);

// While something is on its way nothing more is put into it.
function hold(form, isHeld) {
  form.querySelectorAll("textarea").forEach((text) => (text.readOnly = isHeld));
}
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => isOwn(elt) && hold(elt, true));
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => isOwn(elt) && hold(elt, false));

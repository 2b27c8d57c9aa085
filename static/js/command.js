// One menu for everything: interactions, partners, people, what can be done on this page, and places to go.
// What can be done is what the page itself offers: parts with data-actions, whose buttons and links are pressed as they are.

const TYPING_MS = 120;
const NUMBER = /^\s*(?:BPI-?)?0*\d{1,18}\s*$/i;
const SCOPES = { a: "assign", s: "status" };

// asked for anew each time: coming back in the history, htmx puts another copy of the page in place
const [menu, field, list, here, places, found] = ["", "-field", "-list", "-here", "-places", "-found"].map(
  (part) => () => document.getElementById(`command${part}`),
);
const does = new WeakMap(); // what an option does that is no link

let scope = "";
let active = null;
let hasMoved = false; // with the arrows, since the last letter
let state = ""; // "", waits, failed
let timer = 0;
let asked = null;

const isOn = () => document.body.dataset.shortcuts !== "off";
const options = () => [...list().querySelectorAll('[role="option"]')];
const shows = () => [...document.querySelectorAll("[data-actions]")].filter((part) => part.offsetParent);
const folds = (part) => part.matches("[data-fold]"); // what is done with the page itself comes last
const parts = () => shows().filter((part) => !folds(part));
const verbOf = (element) => element.closest("[data-verb]")?.dataset.verb; // of one among many values
const scopeOf = (element) => element.closest("[data-scope]")?.dataset.scope;

function wordsOf(element) {
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  copy.querySelectorAll("[aria-hidden], kbd, .count, .priority").forEach((one) => one.remove());
  const words = element.ariaLabel ?? copy.textContent.replace(/\s+/g, " ").trim();
  const verb = verbOf(element);
  return verb ? `${verb}: ${words}` : words;
}

function keysOf(element) {
  if (element.dataset.go) return ["g", element.dataset.go];
  const key = element.dataset.key ?? Object.keys(SCOPES).find((one) => SCOPES[one] === scopeOf(element));
  return key ? [key] : [];
}

// What a part of the page offers, in the scope of a key or in all; values to choose from only when they are asked for.
function offered(part, inScope, isBrief = false) {
  const elements = [...part.querySelectorAll("button, a[href]:not([data-reply]), input[data-key]")];
  const isThere = (one) => !folds(part) || one.offsetParent;
  const fits = (one) => isThere(one) && (inScope ? scopeOf(one) === inScope : !isBrief || !verbOf(one));
  return elements.filter((one) => !one.disabled && !one.ariaCurrent && fits(one));
}

function press(element) {
  element.click();
  if (element.matches("input")) [...element.form.querySelectorAll("textarea")].find((one) => one.offsetParent)?.focus();
}

function made(element) {
  const option = document.createElement(element.dataset.go || element.matches(".nav-link") ? "a" : "div");
  option.className = "command__option";
  option.setAttribute("role", "option");
  option.tabIndex = -1;
  if (option.matches("a")) option.href = element.href;
  else does.set(option, () => press(element));
  if (element.dataset.tone) option.dataset.tone = element.dataset.tone;
  const words = document.createElement("span");
  words.className = "command__words";
  words.textContent = wordsOf(element);
  const picture = (element.labels?.[0] ?? element).querySelector("svg, .avatar, .priority")?.cloneNode(true);
  if (picture) picture.ariaHidden = "true";
  const keys = document.createElement("span");
  keys.className = "command__keys";
  for (const key of keysOf(element)) {
    const shown = document.createElement("kbd");
    shown.className = "kbd";
    shown.textContent = key;
    keys.append(shown);
  }
  option.append(...[picture, words, keys].filter(Boolean));
  return option;
}

function group(title, elements) {
  const asks = field().value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = elements.map(made).filter((option) => {
    const words = option.querySelector(".command__words").textContent.toLowerCase();
    return asks.every((word) => words.includes(word));
  });
  if (!fits.length) return [];
  const whole = document.createElement("div");
  whole.setAttribute("role", "group");
  whole.ariaLabel = title;
  const head = document.createElement("p");
  head.className = "command__title";
  head.ariaHidden = "true";
  head.textContent = title;
  whole.append(head, ...fits);
  return [whole];
}

function mark(option) {
  active?.removeAttribute("aria-selected");
  active = option;
  if (!option) return field().removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", option.id);
}

// What is on screen stays while the answer is on its way; it is only not what Enter opens.
function draw() {
  const offers = new Map();
  for (const part of [...parts(), ...shows().filter(folds)]) {
    const title = part.dataset.actions;
    offers.set(title, [...(offers.get(title) ?? []), ...offered(part, scope, !field().value)]);
  }
  here().replaceChildren(...[...offers].flatMap(([title, elements]) => group(title, elements)));
  const rail = scope ? [] : [...document.querySelectorAll(".rail .nav-link")];
  places().replaceChildren(...group(menu().dataset.places, rail));
  if (field().value.trim()) found().before(places());
  else list().append(places());
  const all = options();
  all.forEach((option, index) => (option.id = `command-${index}`));
  list().hidden = !all.length;
  field().ariaExpanded = String(Boolean(all.length));
  list().toggleAttribute("data-stale", state === "waits");
  const isAnswered = state === "";
  if (!hasMoved || !active?.isConnected) mark(all.find((option) => isAnswered || !found().contains(option)) ?? null);
  const shown = state === "waits" && found().childElementCount ? "" : isAnswered && !all.length ? "none" : state;
  menu().querySelectorAll("[data-state]").forEach((one) => (one.hidden = one.dataset.state !== shown));
  if (isAnswered) tell(all.length);
}

function tell(count) {
  const { none, one, many } = menu().dataset;
  menu().querySelector("[data-said]").textContent = count ? (count === 1 ? one : `${count} ${many}`) : none;
}

async function ask() {
  const mine = (asked = new AbortController());
  try {
    const query = new URLSearchParams({ q: field().value });
    const answer = await fetch(`${menu().dataset.finds}?${query}`, { signal: mine.signal });
    if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
    const options = await answer.text();
    if (mine !== asked) return;
    found().innerHTML = options;
    state = "";
  } catch {
    if (mine !== asked) return;
    found().replaceChildren();
    state = "failed";
  }
  draw();
}

function look(wait) {
  clearTimeout(timer);
  asked?.abort();
  asked = null;
  hasMoved = false;
  state = menu().dataset.finds && !scope ? "waits" : "";
  draw();
  if (state) timer = setTimeout(ask, wait);
}

function open(inScope = "") {
  document.querySelectorAll("details.menu[open]").forEach((one) => one.removeAttribute("open"));
  scope = inScope;
  field().value = "";
  found().replaceChildren();
  menu().showModal();
  look(0);
}

function choose(option) {
  menu().close();
  if (does.has(option)) does.get(option)();
  else option.click();
}

function enter() {
  const { search } = menu().dataset;
  const leads = NUMBER.test(field().value) || (!active && field().value.trim());
  if (search && leads && !hasMoved) location.assign(`${search}?${new URLSearchParams({ q: field().value.trim() })}`);
  else if (active) choose(active);
}

function move(step) {
  const all = options();
  if (!all.length) return;
  hasMoved = true;
  mark(all[(all.indexOf(active) + step + all.length) % all.length]);
}

// A key for what can be done: with what is chosen, else with what is open, else with the row that is in focus.
function act(key) {
  const box = document.activeElement.closest(".row")?.querySelector(".row__pick");
  if (box && !parts().length) box.click();
  if (key === "i") {
    const own = parts().flatMap((part) => offered(part)).find((one) => one.dataset.key === key);
    if (own) press(own);
    return Boolean(own);
  }
  const part = parts().find((one) => offered(one, SCOPES[key]).length);
  if (!part) return false;
  const elements = offered(part, SCOPES[key]);
  if (elements.length === 1) press(elements[0]);
  else open(SCOPES[key]);
  return true;
}

const keys = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: enter };

function isAsked({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  return key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey && !shiftKey && isOn() && menu();
}

document.addEventListener("keydown", (event) => {
  if (event.target === field() && keys[event.key] && !event.isComposing) {
    event.preventDefault();
    keys[event.key]();
  } else if (isAsked(event)) {
    event.preventDefault();
    if (menu().open) menu().close();
    else open();
  }
});
document.addEventListener("input", (event) => event.target === field() && look(TYPING_MS));
document.addEventListener("click", (event) => {
  const option = event.target.closest('#command [role="option"]');
  if (option && does.has(option)) choose(option);
  else if (event.target.closest("[data-command]")) open();
  else if (event.target.closest("#command [data-again]")) {
    field().focus();
    look(0);
  }
});
document.addEventListener("pointermove", (event) => {
  const option = event.target.closest('#command [role="option"]');
  if (!option || option === active || (!event.movementX && !event.movementY)) return;
  hasMoved = true;
  mark(option);
});
document.addEventListener("close", (event) => event.target === menu() && asked?.abort(), true);
document.addEventListener("shortcut", (event) => {
  if (["a", "s", "i"].includes(event.detail.key) && act(event.detail.key)) event.preventDefault();
});
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  document.querySelectorAll("[data-command-key]").forEach((key) => (key.textContent = "⌘ K"));
}

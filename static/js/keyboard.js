// The keyboard: "/" searches, "g" and a letter goes, j k walk a list, r n choose how to answer, "?" lists them, Ctrl Enter sends.

const GO_WITHIN_MS = 1200;
const MAIN = ["primary", "note", "danger-solid"];
let goUntil = 0;

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])") !== null;
}

// Where two buttons answer differently (approve, or not), the keys go to the first and leave the choice.
function send(event) {
  const form = event.target.closest("form");
  if (!form) return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button[type=submit], button:not([type])")].filter((one) => one.offsetParent);
  const main = buttons.find((one) => MAIN.includes(one.dataset.kind)) ?? buttons[0];
  if (form.dataset.choice !== undefined) main.focus();
  else form.requestSubmit(main);
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-list] .row__link")].filter((link) => link.checkVisibility({ visibilityProperty: true }));
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const current = here >= 0 ? here : links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = current < 0 ? 0 : Math.min(Math.max(current + step, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

function choose(letter) {
  const mode = document.querySelector(`.composer [data-key="${letter}"]`);
  if (!mode) return false;
  mode.checked = true;
  mode.dispatchEvent(new Event("change", { bubbles: true }));
  [...mode.form.querySelectorAll("textarea")].find((text) => text.offsetParent)?.focus();
  return true;
}

function press(event) {
  if (performance.now() < goUntil) {
    goUntil = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      link.click();
      return true;
    }
  }
  switch (event.key) {
    case "/": {
      const search = document.querySelector("[data-search]");
      search?.focus();
      search?.select();
      return Boolean(search);
    }
    case "?": {
      const list = document.getElementById("shortcuts");
      if (list && !list.open) list.showModal();
      return Boolean(list);
    }
    case "g":
      goUntil = performance.now() + GO_WITHIN_MS;
      return true;
    case "j":
      walk(1);
      return true;
    case "k":
      walk(-1);
      return true;
    case "r":
    case "n":
      return choose(event.key);
    default: // keys that belong to one kind of page
      return !document.dispatchEvent(new CustomEvent("shortcut", { detail: event, cancelable: true }));
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return send(event);
  if (event.key === "Escape" && isTyping(event.target) && event.target.matches("[data-search]")) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isOff = document.body.dataset.shortcuts === "off" && event.key !== "Escape"; // which only closes what is open
  if (isOff || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (press(event)) event.preventDefault();
});

// Whom a reply goes to: found by name, added with Enter, walked with the arrows, taken away with Backspace or the cross.

const FIND_AFTER_MS = 120;
let timer = 0;
let asked = 0;

const groupOf = (element) => element?.closest?.("[data-recipients]");
const fieldOf = (group) => group.querySelector('[name="to_more"]');
// direct children: those offered without script are in the page as well, out of sight
const chipOf = (group, address) => group.querySelector(`:scope > [data-recipient="${CSS.escape(address)}"]`);
const crosses = (group) => [...group.querySelectorAll(":scope > [data-recipient] [data-remove]")];
const list = (group) => group.querySelector("#recipients-found");
const options = (group) => [...(list(group)?.querySelectorAll("[role=option]") ?? [])];
const chosen = (group) => list(group)?.querySelector("[aria-selected=true]");

function say(group, words, name) {
  group.querySelector("[data-said]").textContent = words.replace("{name}", name);
  group.dispatchEvent(new CustomEvent("composer:changed", { bubbles: true }));
}

function close(group) {
  clearTimeout(timer);
  asked += 1;
  list(group)?.remove();
  const field = fieldOf(group);
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function select(group, option) {
  chosen(group)?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  fieldOf(group).setAttribute("aria-activedescendant", option.id);
}

// What the server found, without those who are there already; nothing where it does not answer.
async function sought(group, text) {
  const address = `${group.dataset.find}?q=${encodeURIComponent(text)}`;
  const answer = await fetch(address, { headers: { "X-Background": "1" } });
  if (!answer.ok || answer.redirected) return null;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("recipients-found");
  found?.querySelectorAll("[data-offered]").forEach((option) => chipOf(group, option.dataset.offered) && option.remove());
  return found;
}

function show(group, found) {
  close(group);
  const isList = found.matches("[role=listbox]");
  if (isList && !found.children.length) return;
  group.querySelector("[data-add]").append(found);
  fieldOf(group).setAttribute("aria-expanded", String(isList));
  if (isList) select(group, options(group)[0]);
}

async function find(group) {
  const field = fieldOf(group);
  const mine = (asked += 1);
  const found = await sought(group, field.value.trim());
  if (found && mine === asked && document.activeElement === field) show(group, found);
}

// Whoever types faster than is found goes on with the next name: the only one there is is meant, of several one is chosen.
async function take(group) {
  const field = fieldOf(group);
  const text = field.value.trim();
  field.value = "";
  close(group);
  const found = await sought(group, text).catch(() => null);
  const [only, ...others] = found?.querySelectorAll("[role=option]") ?? [];
  if (only && !others.length) return add(group, only);
  field.value = [text, field.value].filter(Boolean).join(", ");
  if (found && field.value === text) show(group, found);
}

function findSoon(group) {
  clearTimeout(timer);
  timer = setTimeout(() => find(group).catch(() => undefined), FIND_AFTER_MS);
}

function add(group, option) {
  const chip = option.querySelector("template").content.firstElementChild.cloneNode(true);
  group.querySelector("[data-nobody]")?.remove();
  group.querySelector("[data-add]").before(chip);
  say(group, group.dataset.added, chip.dataset.name);
}

function choose(group, option) {
  add(group, option);
  fieldOf(group).value = "";
  close(group);
}

function remove(group, cross) {
  const all = crosses(group);
  const here = all.indexOf(cross);
  (all[here - 1] ?? all[here + 1] ?? fieldOf(group)).focus();
  const chip = cross.closest("[data-recipient]");
  chip.remove();
  group.querySelector(".recipients__problem")?.remove();
  say(group, group.dataset.removed, chip.dataset.name);
}

function walk(group, cross, step) {
  const all = crosses(group);
  (all[all.indexOf(cross) + step] ?? (step > 0 ? fieldOf(group) : cross)).focus();
}

// What a key does in the field; false where it does what it always does.
function press(group, field, key) {
  const isAtStart = field.selectionStart === 0 && field.selectionEnd === 0;
  const option = chosen(group);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const all = options(group);
    const next = all[(all.indexOf(option) + (key === "ArrowDown" ? 1 : all.length - 1)) % all.length];
    if (next) select(group, next);
    else findSoon(group);
  } else if (key === "Enter" || (key === "," && field.value.trim()) || (key === "Tab" && option && field.value.trim())) {
    if (option) choose(group, option);
    else if (field.value.trim()) take(group);
  } else if (key === "Escape" && list(group)) close(group);
  else if (key === "ArrowLeft" || key === "Backspace") {
    if (!isAtStart || (key === "Backspace" && field.value) || !crosses(group).length) return false;
    close(group);
    crosses(group).at(-1).focus();
  } else return false;
  return true;
}

function pressOnChip(group, cross, key) {
  if (key === "Backspace" || key === "Delete") remove(group, cross);
  else if (key === "ArrowLeft" || key === "ArrowRight") walk(group, cross, key === "ArrowRight" ? 1 : -1);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const group = groupOf(event.target);
  if (!group || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const isDone = event.target.matches("[data-remove]")
    ? pressOnChip(group, event.target, event.key)
    : event.target === fieldOf(group) && press(group, event.target, event.key);
  if (!isDone) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("input", (event) => {
  const group = groupOf(event.target);
  if (!group || event.target !== fieldOf(group)) return;
  if (event.target.value.trim()) findSoon(group);
  else close(group);
});
document.addEventListener("focusout", (event) => {
  const group = groupOf(event.target);
  if (group && !group.contains(event.relatedTarget)) close(group);
});
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("#recipients-found > [role=option]");
  if (!option) return;
  event.preventDefault(); // the field keeps the focus
  choose(groupOf(option), option);
});
document.addEventListener("click", (event) => {
  const group = groupOf(event.target);
  const cross = event.target.closest?.("[data-remove]");
  if (group && cross) remove(group, cross);
  else if (group && event.target === fieldOf(group) && !list(group)) findSoon(group);
});

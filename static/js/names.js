// “@” and the beginning of a name in an internal note offers colleagues; arrows choose, Enter takes, Escape leaves.

const BEGUN = /@([\p{L}' -]{0,30})$/u;
let names = null;
let list = null;
let field = null;

async function known() {
  names ??= (await (await fetch("/console/people/", { headers: { "X-Background": "1" } })).json()).names;
  return names;
}

function close() {
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
}

function select(option) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

function take(option) {
  const end = field.selectionStart;
  const begun = field.value.slice(0, end).match(BEGUN);
  field.setRangeText(`@${option.textContent} `, end - begun[0].length, end, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(found) {
  list ??= document.createElement("div");
  list.className = "names";
  list.id = "names";
  list.setAttribute("role", "listbox");
  list.replaceChildren(
    ...found.map((name, number) => {
      const option = document.createElement("div");
      option.id = `name-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name;
      return option;
    }),
  );
  list.setAttribute("aria-label", field.labels[0].textContent);
  field.parentElement.append(list);
  select(list.firstElementChild);
}

document.addEventListener("input", async (event) => {
  if (!event.target.matches('.composer textarea[name="note"]')) return;
  field = event.target;
  const begun = field.value.slice(0, field.selectionStart).match(BEGUN);
  if (!begun) return close();
  const wanted = begun[1].toLowerCase();
  const found = (await known()).filter((name) => name.toLowerCase().startsWith(wanted) && name.length > wanted.length).slice(0, 8);
  if (found.length && document.activeElement === field) offer(found);
  else close();
});

document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field) return;
  const chosen = list.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") select(chosen.nextElementSibling ?? list.firstElementChild);
  else if (event.key === "ArrowUp") select(chosen.previousElementSibling ?? list.lastElementChild);
  else if (event.key === "Enter" || event.key === "Tab") take(chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("#names > [role=option]");
  if (option) {
    event.preventDefault();
    take(option);
  } else close();
});

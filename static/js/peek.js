// A quick look over the list: "p", Space or the button of a row; j and k take it along, Escape closes it.

const WAIT_MS = 120;
let timer = 0;
let button = null;

const sheet = () => document.getElementById("peek");
const isOpen = () => Boolean(sheet()?.firstElementChild);
const linkOf = (element) => element?.closest?.(".row")?.querySelector(".row__link[data-opens]");

function look(link) {
  htmx.ajax("GET", `${link.pathname}peek/`, { target: "#peek", swap: "innerHTML" });
}

function close() {
  sheet().replaceChildren();
}

function made() {
  button = document.createElement("button");
  button.type = "button";
  button.className = "row__peek button";
  button.dataset.size = "sm";
  button.tabIndex = -1;
  button.textContent = sheet().dataset.words;
  return button;
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || !sheet()) return;
  const row = event.target.closest?.(".row");
  if (row && linkOf(row) && button?.parentElement !== row) row.append(button ?? made());
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".row__peek")) {
    const link = linkOf(event.target);
    link.focus();
    look(link);
  } else if (event.target.closest?.("[data-close-peek]")) close();
});

document.addEventListener("focusin", (event) => {
  const link = isOpen() && event.target.matches?.(".row__link[data-opens]") && event.target;
  if (!link) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(link), WAIT_MS);
});

document.addEventListener("shortcut", (event) => {
  const { key } = event.detail;
  const link = linkOf(document.activeElement);
  if (key === "Escape" && isOpen()) close();
  else if (["p", " "].includes(key) && link && document.activeElement === link) isOpen() ? close() : look(link);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-opens]") && isOpen()) close();
});

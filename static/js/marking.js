// Read and unread: a row loses its mark when it is opened; "u" and the buttons put it back or take it away, at once.

const rows = () => [...document.querySelectorAll("#picked .row")];
const boxOf = (row) => row?.querySelector(".row__pick");
const linkOf = (row) => row.querySelector(".row__link");

function show(row, isUnread) {
  row.toggleAttribute("data-unread", isUnread);
}

async function send(door, chosen, mark, all) {
  const body = new URLSearchParams({ mark, query: document.querySelector('#picked [name="query"]')?.value ?? "" });
  if (all) body.set("all", "1");
  else chosen.forEach((value) => body.append("row", value));
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const answer = await fetch(door, { method: "POST", body, headers }).catch(() => null);
  if (answer?.ok && !answer.redirected) return true;
  const status = answer?.redirected ? 403 : (answer?.status ?? 0); // led to the entrance: signed out meanwhile
  const xhr = { status, getResponseHeader: (name) => answer?.headers.get(name) };
  document.dispatchEvent(new CustomEvent("trouble", { detail: { xhr } }));
  return false;
}

// Drawn at once; taken back where it did not work, which the corner of the page tells.
async function mark(door, marked, chosen, wanted, all = false) {
  const before = marked.map((row) => [row, row.hasAttribute("data-unread")]);
  marked.forEach((row) => show(row, wanted === "unread"));
  const isDone = await send(door, chosen, wanted, all);
  if (!isDone) before.forEach(([row, was]) => show(row, was));
  return isDone;
}

async function markOpen(form) {
  const { value } = form.elements.row;
  const here = rows().filter((row) => linkOf(row).pathname === location.pathname);
  if (await mark(form.action, here, [value], "unread")) document.querySelector("[data-close-pane]")?.click();
}

function markChosen(button, wanted) {
  const form = button.form;
  const all = Boolean(form.elements.all?.checked);
  const chosen = all ? rows() : rows().filter((row) => boxOf(row)?.checked);
  mark(button.formAction, chosen, chosen.map((row) => boxOf(row).value), wanted, all);
}

function press() {
  const button = document.querySelector('#picked [data-marks][value="unread"]');
  const chosen = rows().filter((row) => boxOf(row)?.checked);
  const wantedFor = (marked) => (marked.every((row) => row.hasAttribute("data-unread")) ? "read" : "unread");
  if (button && chosen.length) return markChosen(button, wantedFor(chosen));
  const row = document.activeElement.closest("#picked .row");
  const form = document.querySelector("form[data-marking]");
  const isOpen = row && form && linkOf(row).ariaCurrent;
  if (button && boxOf(row) && !isOpen) return mark(button.formAction, [row], [boxOf(row).value], wantedFor([row]));
  return form ? markOpen(form) : false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-marks]");
  if (!button) return;
  event.preventDefault();
  if (button.form.matches("[data-marking]")) markOpen(button.form);
  else markChosen(button, button.value);
});

document.addEventListener("shortcut", (event) => {
  if (event.detail.key === "u" && press() !== false) event.preventDefault();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "detail" && event.target.id !== "matter") return;
  rows()
    .filter((row) => linkOf(row).pathname === location.pathname || linkOf(row).ariaCurrent)
    .forEach((row) => show(row, false));
});

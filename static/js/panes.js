// The list beside what is open: which row is open, where the list was scrolled to, and how to close it again.

const PLACE = "list-place";
const LEFT = "list-left"; // the list one came from, however one comes back to it
const MOST_RECENT = 8;

function panes() {
  return document.querySelector(".panes[data-list-url]");
}

function list() {
  return panes()?.querySelector(".pane--list");
}

function mark(address) {
  panes()?.querySelectorAll("[data-opens]").forEach((link) => {
    if (link.pathname === address) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches?.("[data-opens]")) return;
  sessionStorage.setItem(PLACE, JSON.stringify([list().scrollTop, scrollY]));
  mark(event.target.pathname);
  remember(event.target);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-opens]") && !event.detail.successful) mark(location.pathname);
});

// What is opened comes first among what was opened lately, as the next page will show it.
function remember(link) {
  const recent = document.getElementById("recent");
  if (!recent || !link.pathname.startsWith("/console/interactions/")) return;
  const known = [...recent.querySelectorAll("a")].find((one) => one.pathname === link.pathname);
  const first = known ?? link.cloneNode(true);
  if (!known) {
    first.className = "nav-link nav-link--recent";
    first.removeAttribute("id");
    first.innerHTML = `<span class="truncate"></span>`;
    first.firstChild.textContent = link.textContent.trim();
  }
  recent.querySelector("p").after(first);
  if (!known) htmx.process(first);
  [...recent.querySelectorAll("a")].slice(MOST_RECENT).forEach((one) => one.remove());
  recent.hidden = false;
}

function leave() {
  if (!panes()) return;
  const opened = panes().querySelector("[data-opens][aria-current]") ?? document.activeElement.closest?.("[data-opens]");
  const left = { url: panes().dataset.listUrl, at: [list().scrollTop, scrollY], opened: opened?.pathname };
  sessionStorage.setItem(LEFT, JSON.stringify(left));
}

function comeBack() {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  if (!left) return;
  if (!panes()) {
    document.querySelectorAll("[data-close-pane]").forEach((link) => (link.href = left.url));
    return;
  }
  const comes = document.referrer.includes("/console/interactions/");
  if (!comes || panes().dataset.listUrl !== left.url) return;
  list().scrollTop = left.at[0];
  scrollTo(0, left.at[1]);
  const opened = [...panes().querySelectorAll(".row__link[data-opens]")].find((link) => link.pathname === left.opened);
  opened?.focus({ preventScroll: true });
}

addEventListener("pagehide", leave);
comeBack();

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "detail") return;
  event.target.scrollTop = 0;
  if (list().offsetParent === null) scrollTo(0, 0);
});

document.addEventListener("htmx:historyRestore", () => {
  const [inList, inPage] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[0, 0]");
  if (!list()) return;
  list().scrollTop = inList;
  scrollTo(0, inPage);
  mark(location.pathname);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-reply]")) return;
  const reply = document.querySelector('.composer [name="mode"][value="reply"]');
  if (!reply) return;
  event.preventDefault();
  reply.checked = true;
  reply.form.querySelector('[name="reply"]').focus();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-pane]");
  const shown = panes();
  if (!closer || !shown) return;
  event.preventDefault();
  const opened = shown.querySelector("[data-opens][aria-current]");
  document.getElementById("detail").replaceChildren();
  history.pushState({ htmx: true }, "", shown.dataset.listUrl);
  mark("");
  opened?.focus();
});

// The list beside what is open: which row is open, where the list was scrolled to, and how to close it again.

const PLACE = "list-place";

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
});

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

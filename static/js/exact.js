// A time that is told as "2 h ago" says on focus what its title says on hover: the moment with its zone.
// In a list it rides on what has the focus already: one stop of Tab more for each row would be too many.

const TIMES = "time[title], .due[title]";
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]";
const ROWS = ".row, tr, .card, .ask, li:not(.entry, .timeline > li)";
const GAP = 4;

const isShort = (time) => time.title !== time.textContent.trim();
const times = (part) => [...part.querySelectorAll(TIMES)].filter(isShort);

function makeReachable() {
  for (const time of times(document)) {
    const row = time.closest(ROWS);
    if (!time.closest(FOCUSABLE) && !row?.querySelector(FOCUSABLE)) time.tabIndex = 0;
  }
}

function timesOf(focused) {
  if (focused.matches(TIMES)) return [focused];
  const own = times(focused);
  const row = focused.closest(ROWS);
  const leads = row && [...row.querySelectorAll(FOCUSABLE)].find((one) => !one.matches(".row__pick")) === focused;
  return own.length || !leads ? own : times(row).filter((time) => !time.closest(FOCUSABLE));
}

const shown = document.createElement("div");
shown.id = "exact-time";
shown.className = "exact";
shown.popover = "manual";
shown.setAttribute("role", "tooltip");

function hide() {
  if (!shown.isConnected) return;
  document.querySelector(`[aria-describedby="${shown.id}"]`)?.removeAttribute("aria-describedby");
  shown.remove();
}

function show(focused) {
  const told = timesOf(focused).filter((time) => time.checkVisibility());
  if (!told.length) return;
  shown.textContent = told.map((time) => time.title).join(" · ");
  (focused.closest("dialog") ?? document.body).append(shown);
  shown.showPopover();
  const at = told[0].getBoundingClientRect();
  const { width, height } = shown.getBoundingClientRect();
  const below = at.bottom + GAP + height < innerHeight;
  shown.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  shown.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`;
  if (!focused.hasAttribute("aria-describedby")) focused.setAttribute("aria-describedby", shown.id);
}

document.addEventListener("focusin", ({ target }) => {
  hide();
  if (target.matches(":focus-visible")) show(target);
});
document.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("htmx:afterSettle", makeReachable);
document.addEventListener("matter:fresh", makeReachable);
makeReachable();

// Dialogs and menus: they open without this; here they also trap focus, close on Escape and give focus back.

function dialogOf(link) {
  const dialog = document.getElementById(link.dataset.dialog || link.getAttribute("href")?.slice(1));
  return dialog instanceof HTMLDialogElement ? dialog : null;
}

export function open(dialog) {
  const menu = document.activeElement?.closest("details.menu");
  menu?.querySelector("summary").focus(); // what opened it is hidden with its menu, and could not have the focus back
  document.querySelectorAll("details.menu[open]").forEach((one) => one.removeAttribute("open"));
  if (!dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && dialogOf(opener);
  if (dialog) {
    event.preventDefault();
    open(dialog);
    return;
  }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  }
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});

// An address that names a dialog opens it properly.
const named = location.hash && document.getElementById(location.hash.slice(1));
if (named instanceof HTMLDialogElement) open(named);

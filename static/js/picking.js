// Rows of the queue that are chosen: how many there are, ranges with Shift, "x" on the keyboard, Escape for none.

let last = null;

const form = () => document.getElementById("picked");
const boxes = () => [...(form()?.querySelectorAll(".row__pick") ?? [])];
const rowOf = (element) => element?.closest?.(".row")?.querySelector(".row__pick");

function tell() {
  const count = form()?.querySelector("[data-count]");
  if (!count) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const isAll = form().querySelector('[name="all"]')?.checked;
  count.textContent = isAll ? "" : `${chosen} ${count.dataset.words}`;
}

function range(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) all.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
}

function choose(box, isRange) {
  if (isRange && last) range(box);
  last = box;
  tell();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".row__pick");
  if (box) choose(box, event.shiftKey);
});

document.addEventListener("change", (event) => {
  if (event.target.matches('#picked [name="all"]')) tell();
});

document.addEventListener("shortcut", (event) => {
  const { key, shiftKey } = event.detail;
  if (key.toLowerCase() === "x") {
    const box = rowOf(document.activeElement);
    if (!box) return;
    box.checked = shiftKey || !box.checked;
    choose(box, shiftKey);
    event.preventDefault();
  }
  if (key === "Escape" && boxes().some((box) => box.checked)) {
    form().reset();
    last = null;
    tell();
    event.preventDefault();
  }
});

document.addEventListener("htmx:historyRestore", tell);
addEventListener("pageshow", tell);

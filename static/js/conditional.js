// Fields that are asked for only where another is answered so: shown and hidden as that one changes. The server
// decides by the same rules; without this they all show, each with the sentence that says when it is needed.

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function sizeOf(text) {
  if (DAY.test(text)) return { kind: "day", value: Date.parse(text) };
  const number = text.split(/\s+/).find((part) => /^-?\d/.test(part));
  return number === undefined ? null : { kind: "amount", value: Number(number) };
}

function bySize(found, wanted, holds) {
  const [left, right] = [sizeOf(found), sizeOf(wanted)];
  return left !== null && right !== null && left.kind === right.kind && holds(left.value, right.value);
}

const COMPARISONS = {
  is: (found, wanted) => found === wanted,
  is_not: (found, wanted) => found !== wanted,
  one_of: (found, wanted) => wanted.split(",").some((one) => one.trim() && one.trim() === found),
  filled: (found) => found !== "",
  empty: (found) => found === "",
  at_least: (found, wanted) => bySize(found, wanted, (left, right) => left >= right),
  below: (found, wanted) => bySize(found, wanted, (left, right) => left < right),
};

function answerTo(control) {
  const other = control.form?.elements.namedItem(control.dataset.when);
  return !other || other.closest?.("[hidden]") ? "" : other.value.trim().toLowerCase();
}

function show(root) {
  for (const control of root.querySelectorAll("[data-when]")) {
    const holds = COMPARISONS[control.dataset.comparison] ?? COMPARISONS.is;
    const field = control.closest(".field");
    if (field) field.hidden = !holds(answerTo(control), (control.dataset.value ?? "").trim().toLowerCase());
  }
}

document.addEventListener("input", (event) => event.target.form && show(event.target.form));
document.addEventListener("change", (event) => event.target.form && show(event.target.form));
document.addEventListener("htmx:afterSettle", () => show(document));
show(document);

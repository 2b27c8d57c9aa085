// After something was refused, the first field that is wrong has the focus, on a new page and after a swap alike; what was mended is not called wrong any more.

const REFUSED = [409, 422];

function focusFirst(root) {
  const wrong = [...root.querySelectorAll('[aria-invalid="true"]')].find((field) => field.offsetParent);
  wrong?.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (REFUSED.includes(event.detail.xhr?.status)) focusFirst(document.getElementById("main"));
});

// Whether it is right now, the server says when it is sent again.
document.addEventListener("change", ({ target }) => {
  if (!target.value || target.getAttribute("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  document.getElementById(`${target.id}_error`)?.remove();
});

focusFirst(document.getElementById("main"));

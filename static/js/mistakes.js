// After something was refused, the first field that is wrong has the focus: on a new page and after a swap alike.

const REFUSED = [409, 422];

function focusFirst(root) {
  const wrong = [...root.querySelectorAll('[aria-invalid="true"]')].find((field) => field.offsetParent);
  wrong?.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (REFUSED.includes(event.detail.xhr?.status)) focusFirst(document.getElementById("main"));
});

focusFirst(document.getElementById("main"));

// Panes fold at once and are remembered by the server; the style sheet knows what to draw from the words on the page.

const root = document.documentElement;

function show(state) {
  const pane = `${state.split("-")[0]}-`;
  const others = (root.dataset.panes ?? "").split(" ").filter((one) => one && !one.startsWith(pane));
  root.dataset.panes = [...others, state].join(" ");
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-fold]");
  if (!form) return;
  const hadFocus = form.contains(document.activeElement);
  show(event.submitter.value);
  if (hadFocus) [...form.querySelectorAll("button")].find((one) => one.offsetParent)?.focus();
});

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!target.matches("[data-fold]") || detail.successful) return;
  const asked = detail.requestConfig.parameters.pane;
  show(asked.endsWith("-open") ? asked.replace("-open", "-folded") : asked.replace("-folded", "-open"));
});

document.addEventListener("shortcut", (event) => {
  const { key } = event.detail;
  const button = [...document.querySelectorAll("[data-fold] [data-key]")].find(
    (one) => one.dataset.key === key && one.checkVisibility(),
  );
  if (!button) return;
  button.click();
  event.preventDefault();
});

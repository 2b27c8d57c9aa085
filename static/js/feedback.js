// What happens after a press: busy buttons, messages that leave by themselves, copied values.

const MESSAGE_STAYS_MS = 8000;

function leaveByItself(message) {
  if (message.dataset.tone === "error" || message.dataset.tone === "warning") return;
  let timer = setTimeout(() => message.remove(), MESSAGE_STAYS_MS);
  const stay = () => clearTimeout(timer);
  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(() => message.remove(), MESSAGE_STAYS_MS);
  };
  message.addEventListener("pointerenter", stay);
  message.addEventListener("focusin", stay);
  message.addEventListener("pointerleave", leave);
  message.addEventListener("focusout", leave);
}

function watchToasts() {
  document.querySelectorAll("#toasts > .message:not([data-seen])").forEach((message) => {
    message.dataset.seen = "";
    leaveByItself(message);
  });
}

// A form is sent once; the button that sent it shows that it works.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});

function ready(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) ready(form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(ready));

document.addEventListener("click", async (event) => {
  const close = event.target.closest("[data-close]");
  if (close) close.closest(".message")?.remove();
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.dataset.done = "";
    setTimeout(() => delete copy.dataset.done, 1500);
  }
});

document.addEventListener("htmx:afterSettle", watchToasts);
watchToasts();

// A request is kept on the server while somebody fills it in; files are kept as soon as they are chosen. Without this,
// a button does it.

const KEEP_AFTER_MS = 900;
const LONGEST_WAIT_MS = 3000;
const form = document.querySelector("form[data-keeps]");
let timer;
let onItsWay = Promise.resolve();
let isLeaving = false;

function written(hasFiles) {
  const kept = new FormData(form);
  if (!hasFiles) form.querySelectorAll('input[type="file"]').forEach((input) => kept.delete(input.name));
  return kept;
}

// One after the other: each names the version that the one before was given.
function keep(hasFiles = false) {
  clearTimeout(timer);
  timer = undefined;
  onItsWay = onItsWay.then(() => send(hasFiles)).catch(() => say(form.dataset.offline));
  return onItsWay;
}

async function send(hasFiles) {
  if (isLeaving) return;
  const answer = await fetch(form.dataset.keeps, { method: "POST", body: written(hasFiles) });
  const told = await answer.text();
  if (answer.headers.get("Content-Type").startsWith("text/plain")) return say(told);
  const part = new DOMParser().parseFromString(told, "text/html").querySelector("[data-drafted]");
  if (!part) return say(form.dataset.offline);
  if (!answer.ok) return say(part.querySelector("[role=alert]")?.textContent ?? form.dataset.offline);
  if (hasFiles) form.querySelectorAll('input[type="file"]').forEach((input) => (input.value = ""));
  const address = part.querySelector("[data-kept]")?.dataset.kept;
  if (address) history.replaceState(history.state, "", address);
  form.querySelector("[data-drafted]").replaceWith(part);
}

function say(words) {
  const shown = form.querySelector("[data-drafted]");
  shown.querySelector("[role=alert], [data-kept]")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "errorlist", textContent: words });
  line.setAttribute("role", "alert");
  shown.append(line);
}

form?.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(keep, KEEP_AFTER_MS);
});
form?.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.files.length) keep(true);
});
form?.addEventListener("focusout", () => timer && keep());

// What is sent is no draft any more: a save that is still to come would bring it back, one on its way is waited for.
form?.addEventListener("submit", (event) => {
  if (isLeaving) return;
  event.preventDefault();
  clearTimeout(timer);
  const { submitter } = event;
  const longEnough = new Promise((done) => setTimeout(done, LONGEST_WAIT_MS));
  Promise.race([onItsWay, longEnough]).then(() => {
    isLeaving = true;
    setTimeout(() => form.requestSubmit(submitter?.isConnected ? submitter : null)); // a form being submitted ignores it
  });
});
addEventListener("pageshow", () => (isLeaving = false));

// While somebody writes: the draft is kept, files come by drop, paste and camera, snippets go in at the cursor.

const KEEP_AFTER_MS = 700;
const LONGEST_WAIT_MS = 2000;
const FIELDS = ["reply", "note", "following", "waiting_for", "waiting_kind", "waiting_until", "resolution", "resolution_code"];
const timers = new WeakMap();
const saving = new WeakMap();

const composerOf = (element) => element?.closest?.(".composer[data-draft]");
const modeOf = (form) => form.elements.mode.value;
const versionKey = (mode) => (mode === "reply" ? "versionReply" : "versionNote");
const token = (form) => form.elements.csrfmiddlewaretoken.value;

function say(form, words, isProblem = false) {
  const status = form.querySelector("[data-draft-status]");
  status.textContent = words;
  status.toggleAttribute("data-problem", isProblem);
}

function written(form, mode) {
  const kept = new FormData();
  for (const name of FIELDS) kept.set(name, form.elements[name]?.value ?? "");
  if (form.elements.to_shown) {
    kept.set("to_shown", "1");
    form.querySelectorAll('[name="to"]:checked').forEach((ticked) => kept.append("to", ticked.value));
  }
  kept.set("mode", mode);
  kept.set("draft_version", form.dataset[versionKey(mode)]);
  return kept;
}

async function send(form, mode) {
  const answer = await fetch(form.dataset.draft, {
    method: "POST",
    body: written(form, mode),
    headers: { "X-CSRFToken": token(form) },
    keepalive: true,
  });
  const told = await answer.json();
  if (answer.ok) form.dataset[versionKey(mode)] = told.version;
  if (told.send) form.querySelector("[data-send-words]").textContent = told.send;
  say(form, told.words ?? told.problem, !answer.ok);
}

// One after the other: each names the version that the one before was given.
function keep(form, mode = modeOf(form)) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const before = saving.get(form) ?? Promise.resolve();
  const now = before.then(() => send(form, mode)).catch(() => say(form, form.dataset.offline ?? "", true));
  saving.set(form, now);
  now.then(() => saving.get(form) === now && saving.delete(form));
  return now;
}

function keepSoon(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), KEEP_AFTER_MS));
}

document.addEventListener("input", (event) => {
  const form = composerOf(event.target);
  if (form && event.target.type !== "file" && !["mode", "to_more"].includes(event.target.name)) keepSoon(form);
});
document.addEventListener("composer:changed", (event) => {
  const form = composerOf(event.target);
  if (form) keep(form);
});
document.addEventListener("focusout", (event) => {
  const form = composerOf(event.target);
  if (form && timers.has(form)) keep(form);
});
document.addEventListener("composer:leaves", (event) => {
  clearTimeout(timers.get(event.target));
  timers.delete(event.target);
  event.detail.saved = saving.get(event.target);
});
addEventListener("pagehide", () => {
  document.querySelectorAll(".composer[data-draft]").forEach((form) => timers.has(form) && keep(form));
});
// What is sent is no draft any more: a save that is still to come would bring it back, one on its way is waited for.
document.addEventListener("submit", (event) => {
  const form = composerOf(event.target);
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.delete(form);
  const onItsWay = saving.get(form);
  if (!onItsWay) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const longEnough = new Promise((done) => setTimeout(done, LONGEST_WAIT_MS));
  Promise.race([onItsWay, longEnough]).then(() => {
    saving.delete(form);
    setTimeout(() => form.requestSubmit(event.submitter)); // a form that is just being submitted ignores it
  });
}, true);

async function attach(form, files) {
  if (!files.length) return;
  form.elements.mode.value = "reply";
  await saving.get(form);
  const body = new FormData();
  [...files].forEach((file) => body.append("attachments", file));
  form.dataset.busy = "";
  try {
    const answer = await fetch(form.dataset.files, { method: "POST", body, headers: { "X-CSRFToken": token(form) } });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-draft-files]");
    const shown = form.querySelector("[data-draft-files]");
    if (part) {
      shown.replaceWith(part);
      htmx.process(part);
      if (part.dataset.begun) form.dataset.versionReply = part.dataset.begun;
    }
  } finally {
    delete form.dataset.busy;
  }
}

document.addEventListener("change", (event) => {
  const form = composerOf(event.target);
  if (!form || event.target.type !== "file") return;
  const input = event.target;
  attach(form, input.files).then(() => (input.value = ""));
});
document.addEventListener("paste", (event) => {
  const form = composerOf(event.target);
  const files = event.clipboardData?.files ?? [];
  if (!form || !files.length || modeOf(form) !== "reply") return;
  event.preventDefault();
  attach(form, files);
});

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

document.addEventListener("dragover", (event) => {
  const form = composerOf(event.target);
  if (!form || !hasFiles(event)) return;
  event.preventDefault();
  form.dataset.drop = "";
});
document.addEventListener("dragleave", (event) => {
  const form = composerOf(event.target);
  if (form && !form.contains(event.relatedTarget)) delete form.dataset.drop;
});
document.addEventListener("drop", (event) => {
  const form = composerOf(event.target);
  if (!form || !hasFiles(event)) return;
  event.preventDefault();
  delete form.dataset.drop;
  attach(form, event.dataTransfer.files);
});

document.addEventListener("click", (event) => {
  const snippet = event.target.closest("[data-snippet]");
  const form = composerOf(snippet);
  if (!form) return;
  event.preventDefault();
  if (snippet.dataset.mode) form.elements.mode.value = snippet.dataset.mode;
  const text = form.elements[modeOf(form)];
  snippet.closest("details").removeAttribute("open");
  text.focus();
  text.setRangeText(snippet.dataset.snippet, text.selectionStart, text.selectionEnd, "end");
  keepSoon(form);
});

// The first field of the sheet over the page has the focus.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "sheet-content") return;
  const fields = [...event.target.querySelectorAll("input, textarea, select")];
  fields.find((field) => field.offsetParent)?.focus();
});

// A reply on its way counts down; once it has left, the page is as it is now.
function countDown(held) {
  const ends = Date.now() + Number(held.dataset.leavesIn) * 1000;
  const timer = setInterval(() => {
    if (!held.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    held.querySelector("[data-seconds]").textContent = left;
    if (Date.now() < ends + 1500) return;
    clearInterval(timer);
    held.dispatchEvent(new CustomEvent("matter:stale", { bubbles: true }));
  }, 500);
}

function watch() {
  document.querySelectorAll("[data-leaves-in]:not([data-counts])").forEach((held) => {
    held.dataset.counts = "";
    countDown(held);
  });
}

document.addEventListener("htmx:afterSettle", watch);
document.addEventListener("matter:fresh", watch);
watch();

// What others do appears without a reload; what somebody is writing, or has opened, is never touched.
// A line of server-sent events says that something is new; while it is down, the page asks now and then instead.

const BEAT_MS = 12000;
const POLL_MS = 5000;
const PATIENCE_MS = 20000; // for an answer; the next look asks again
const WRITES_FOR_MS = 15000;
const PARTS = ["matter-head", "matter-steps", "matter-timeline", "matter-held", "matter-context"];

let line = null;
let shown = null;
let timer = 0;
let wroteAt = -Infinity;
let isBehind = false;
let isAsking = false;
let wanted = 0;
let noted = { matter: null, seen: 0 }; // what was said to be opened, and how much of it

const matterNow = () => document.querySelector("#matter[data-live]");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
const isUp = () => line?.readyState === EventSource.OPEN;
const seen = () => Number(document.getElementById("matter-present")?.dataset.seen ?? 0);

function shownUpTo(length) {
  const present = document.getElementById("matter-present");
  if (present) present.dataset.seen = Math.max(length, seen());
}

// Somebody who has opened a menu or types in a part keeps it as it is until they are done; so does what was sent from it
// and is not answered yet: where its form is gone, the answer's message has no place to go to.
function isInUse(part) {
  if (part.querySelector(".htmx-request, details.menu[open], input:focus, textarea:focus, select:focus")) return true;
  const fields = [...part.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")];
  return fields.some((field) => field.value !== field.defaultValue);
}

const areInUse = () => PARTS.some((id) => isInUse(document.getElementById(id)));

function entries() {
  return new Set([...document.querySelectorAll("#matter-timeline .entry[id]")].map((entry) => entry.id));
}

function opened() {
  return [...document.querySelectorAll("#matter-timeline details[open][id]")].map((one) => one.id);
}

function announce(before) {
  const fresh = [...document.querySelectorAll("#matter-timeline .entry[id]")].filter((entry) => !before.has(entry.id));
  fresh.forEach((entry) => (entry.dataset.new = ""));
  const news = document.getElementById("matter-news");
  if (!fresh.length || !news) return;
  const { wordsOne, wordsMany } = document.getElementById("matter-timeline").dataset;
  const link = news.querySelector("a");
  link.href = `#${fresh[0].id}`;
  link.textContent = fresh.length === 1 ? wordsOne : `${fresh.length} ${wordsMany}`;
  news.hidden = false;
}

// One at a time: of two answers on their way the older could come last.
export async function refresh(matter) {
  if (!matter?.isConnected) return;
  isBehind = true; // until what is there now is shown: whatever hinders it, the next look tries again
  if (isAsking || areInUse()) return;
  const reached = wanted;
  isAsking = true;
  try {
    await bringUpToDate(matter, reached);
  } finally {
    isAsking = false;
  }
  if (wanted > reached) await refresh(matter); // more came meanwhile
}

async function bringUpToDate(matter, reached) {
  const headers = { "HX-Request": "true", "X-Background": "1" };
  const answer = await fetch(matter.dataset.live, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok || answer.redirected) return;
  const parts = await answer.text();
  if (matter !== matterNow() || areInUse()) return; // a menu may have been opened while it was on its way
  const before = entries();
  const open = opened();
  document.dispatchEvent(new CustomEvent("matter:leaves"));
  htmx.swap("#matter-held", parts, { swapStyle: "none" });
  isBehind = false;
  shownUpTo(reached);
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  document.dispatchEvent(new CustomEvent("matter:fresh"));
  if (before.size) announce(before);
}

async function beat(state) {
  const matter = matterNow();
  if (!matter) return;
  const writes = performance.now() - wroteAt < WRITES_FOR_MS;
  const body = new URLSearchParams({ state: state ?? (writes ? "writing" : "reading") });
  const isLooked = noted.matter === matter ? seen() > noted.seen : state !== "gone"; // what came meanwhile was seen too
  if (isLooked) body.set("opened", "yes");
  noted = { matter, seen: seen() };
  const headers = { "X-CSRFToken": token(), "X-Background": "1" };
  const answer = await fetch(matter.dataset.presence, { method: "POST", body, headers, keepalive: true });
  if (answer.redirected || answer.status === 403 || answer.status === 404) return stop();
  if (answer.status !== 200 || matter !== matterNow()) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("matter-present");
  const before = document.getElementById("matter-present");
  if (!now || !before) return;
  wanted = Math.max(wanted, Number(now.dataset.seen));
  if (before.innerHTML !== now.innerHTML) before.replaceChildren(...now.childNodes);
  if (wanted > seen() || isBehind) await refresh(matter);
}

// A look that fails is repeated by the next beat.
function look() {
  refresh(matterNow()).catch(() => undefined);
}

function tick() {
  clearTimeout(timer);
  if (!matterNow() || document.hidden) return;
  const ask = beat().catch(() => undefined);
  ask.then(() => (timer = setTimeout(tick, isUp() ? BEAT_MS : POLL_MS)));
}

function listen(matter) {
  line = new EventSource(`${matter.dataset.stream}?seen=${seen()}`, { withCredentials: true });
  line.addEventListener("changed", (event) => {
    wanted = Math.max(wanted, Number(event.lastEventId));
    if (wanted > seen()) look();
  });
  line.addEventListener("present", () => beat().catch(() => undefined));
  line.addEventListener("over", () => stop());
}

function stop() {
  line?.close();
  line = null;
  clearTimeout(timer);
}

function attend() {
  const matter = matterNow();
  if (matter === shown) return;
  if (shown) stop();
  shown = matter;
  wanted = seen();
  isBehind = false;
  if (!matter || document.hidden) return;
  listen(matter);
  tick();
}

document.addEventListener("matter:stale", look);
document.addEventListener("input", (event) => {
  if (!event.target.closest(".composer")) return;
  const began = performance.now() - wroteAt > WRITES_FOR_MS;
  wroteAt = performance.now();
  if (began) beat().catch(() => undefined);
});
for (const happened of ["focusout", "toggle"]) {
  document.addEventListener(happened, () => isBehind && setTimeout(look, 200), true);
}
document.addEventListener("click", (event) => {
  const news = event.target.closest("#matter-news");
  if (news) news.hidden = true;
});
// Back on the network: nobody waits until the browser tries its line again.
addEventListener("online", () => {
  if (!shown || document.hidden) return;
  stop();
  listen(shown);
  tick();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stop();
    shown = null;
  } else attend();
});
addEventListener("pagehide", () => beat("gone").catch(() => undefined));
document.addEventListener("htmx:afterSettle", attend);
attend();

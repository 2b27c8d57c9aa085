// What others change in the list is told in a quiet line; rows stay where they are until somebody asks to see it.

const POLL_MS = 30000;
const APART_MS = 4000;
const SEEN_AFTER_MS = 10000;

let line = null;
let timer = 0;
let askedAt = -Infinity;
let kept = null;

const list = () => document.querySelector(".queue #list[data-changes]");
const isUp = () => line?.readyState === EventSource.OPEN;

const places = () => [...list().querySelectorAll(".row__here")];
const isAnybodyHere = () => Boolean(list()?.querySelector(".here"));

async function ask() {
  const asked = list();
  if (!asked || document.hidden) return;
  askedAt = performance.now();
  const shown = places().map((place) => place.dataset.of).join(",");
  const answer = await fetch(`${asked.dataset.changes}&shown=${shown}`, { headers: { "X-Background": "1" } });
  if (!answer.ok || answer.redirected || asked !== list()) return;
  const { count, present } = await answer.json();
  showWhoIsHere(present);
  const news = document.getElementById("queue-news");
  if (!news || count === 0) return;
  news.querySelector("span").textContent = count === 1 ? news.dataset.wordsOne : `${count} ${news.dataset.wordsMany}`;
  news.hidden = false;
}

function showWhoIsHere(drawn) {
  const now = new DOMParser().parseFromString(drawn, "text/html");
  for (const place of places()) {
    const fresh = now.querySelector(`[data-of="${place.dataset.of}"]`);
    if (fresh && fresh.innerHTML !== place.innerHTML) place.replaceChildren(...fresh.childNodes);
  }
}

// Signals that come close together are asked about once; a line that is down is made up for now and then, and so is
// whoever is shown in a row, so that nobody stays there whose leaving was not heard of.
function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    timer = 0;
    await ask().catch(() => undefined);
    if (!isUp() || isAnybodyHere()) later();
  }, wait);
}

function later() {
  if (!timer && !document.hidden) soon(POLL_MS);
}

function attend() {
  const panes = document.querySelector(".queue[data-stream]");
  if (!panes || document.hidden || line) return;
  line = new EventSource(`${panes.dataset.stream}?seen=${list()?.dataset.since ?? 0}`, { withCredentials: true });
  line.addEventListener("changed", () => soon(Math.max(0, APART_MS - (performance.now() - askedAt))));
  line.addEventListener("present", (event) => {
    const { where } = JSON.parse(event.data);
    if (list() && places().some((place) => where.includes(Number(place.dataset.of)))) soon(0);
  });
  line.addEventListener("over", stop);
  line.addEventListener("error", () => soon(POLL_MS));
  if (isAnybodyHere()) later();
}

function stop() {
  line?.close();
  line = null;
  clearTimeout(timer);
  timer = 0;
}

// Whose title is shown on hover lies above the link of the row, and leads where it leads.
document.addEventListener("click", ({ target }) => target.closest(".row__here")?.closest(".row").querySelector(".row__link").click());

// What came of a batch without any problem counts as seen once it was shown for a while, in which it can be taken back:
// it stays in this page, and is gone on the next one.
function see() {
  document.querySelectorAll("#batches [data-seen]").forEach((line) => {
    const address = line.dataset.seen;
    delete line.dataset.seen;
    setTimeout(() => {
      if (!line.isConnected || document.hidden) return (line.dataset.seen = address);
      const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "X-Background": "1" };
      return fetch(address, { method: "POST", headers }).catch(() => undefined);
    }, SEEN_AFTER_MS);
  });
}

document.addEventListener("htmx:afterSettle", see);
document.addEventListener("visibilitychange", see);
see();

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return stop();
  attend();
  soon(0);
});
addEventListener("pagehide", stop);
addEventListener("pageshow", attend);

// The list that is shown anew stands where the old one stood, with the same rows chosen and what was typed to filter it;
// who asked for it goes on in its rows.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "list") return;
  const chosen = [...event.target.querySelectorAll(".row__pick:checked")].map((box) => box.value.split(".")[0]);
  const typed = event.target.querySelector('.filter-bar [name="text"]').value;
  kept = { top: event.target.scrollTop, chosen, typed, hadFocus: event.target.contains(document.activeElement) };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept || !list()) return;
  list().scrollTop = kept.top;
  list().querySelectorAll(".row__pick").forEach((box) => (box.checked = kept.chosen.includes(box.value.split(".")[0])));
  list().querySelector('.filter-bar [name="text"]').value = kept.typed;
  if (kept.hadFocus && !list().contains(document.activeElement)) list().querySelector(".row__link")?.focus({ preventScroll: true });
  kept = null;
  if (isAnybodyHere()) later();
});

// Shows a page of ours where there is no connection, and does nothing else: no answer to anybody is ever kept.
const NAME = "offline-{{ name }}";
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const fresh = KEPT.map((address) => new Request(address, { cache: "reload", credentials: "omit" }));

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const address = request.mode === "navigate" ? KEPT[0] : pathname;
  if (KEPT.includes(address)) event.respondWith(fetch(request).catch(() => caches.match(address)));
});

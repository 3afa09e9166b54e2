// Keeps the last agendas that a personal link has shown, for a hall without network. A kept page says so, and since
// when: html[data-kept] lets its own sentence show, and hides what is only true for a moment.
const KEPT = "agendas-1";
const PATIENCE = 4000; // milliseconds that a crowded network has before the kept page is shown
const MOMENT = 500; // milliseconds that a phone needs to write a page down
const FEW = 5; // agendas at most: a tablet at the desk opens many
const ANY = { ignoreSearch: true }; // copies of one page differ behind the question mark

const isAgenda = (url) => /^\/[ar]\/[^/]+$/.test(url.pathname);
const nameOf = (url) => url.origin + url.pathname; // one page, whichever language it was last read in
const ours = (url) => url.origin === self.location.origin;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([forgetOlder(), self.clients.claim()])));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !ours(url)) return;
  if (event.request.mode !== "navigate") event.respondWith(part(event));
  else if (isAgenda(url)) event.respondWith(agenda(event, url));
});

// A page that was open before there was a worker asks for itself and its parts to be kept.
self.addEventListener("message", (event) => {
  const urls = event.data.keep.map((address) => new URL(address)).filter(ours);
  event.waitUntil(Promise.all(urls.map((url) => fetchAndKeep(url, url).catch(() => {}))));
});

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

// The network first; what was kept where it fails, or takes too long. An agenda that is no more is not kept either.
async function agenda(event, url) {
  const answering = fetchAndKeep(event.request, url);
  event.waitUntil(answering.catch(() => {}));
  const kept = await lastKept(url);
  if (!kept) return answering.catch((fault) => keptSoon(url, fault));
  const answer = await Promise.race([answering.catch(() => null), pause(PATIENCE)]);
  return answer && answer.status < 500 ? answer : marked(kept);
}

// What was kept at once, and anew behind it: style sheets and letters change seldom.
async function part(event) {
  const url = new URL(event.request.url);
  const kept = await lastKept(url);
  const answering = fetchAndKeep(event.request, url);
  if (!kept) return answering;
  event.waitUntil(answering.catch(() => {}));
  return kept;
}

async function fetchAndKeep(request, url) {
  const answer = await fetch(request);
  await keep(url, answer);
  return answer;
}

// A copy that is just being written is not found; it is a moment later.
async function keptSoon(url, fault) {
  await pause(MOMENT);
  const kept = await lastKept(url);
  if (!kept) throw fault;
  return marked(kept);
}

async function lastKept(url) {
  const cache = await caches.open(KEPT);
  return (await cache.matchAll(nameOf(url), ANY)).pop();
}

// Only what has wholly come is put away, and beside what was there, which goes last: a browser drops a copy as soon as
// it begins to write over it, and the network may break off just then.
async function keep(url, answer) {
  const cache = await caches.open(KEPT);
  if (answer.status === 404 || answer.status === 410) await cache.delete(nameOf(url), ANY);
  if (!answer.ok || answer.redirected) return;
  const { status, headers } = answer;
  const whole = new Response(await answer.clone().blob(), { status, headers });
  const before = await cache.keys(nameOf(url), ANY);
  await cache.put(`${nameOf(url)}?${Date.now()}-${Math.random()}`, whole);
  await Promise.all(before.map((request) => cache.delete(request)));
  const agendas = (await cache.keys()).filter((request) => isAgenda(new URL(request.url)));
  const newestFirst = new Set(agendas.map((request) => nameOf(new URL(request.url))).reverse());
  const few = new Set([...newestFirst].slice(0, FEW));
  const older = agendas.filter((request) => !few.has(nameOf(new URL(request.url))));
  await Promise.all(older.map((request) => cache.delete(request)));
}

async function marked(kept) {
  const page = (await kept.text()).replace("<html ", "<html data-kept ");
  return new Response(page, { status: 200, headers: kept.headers });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}

// Keeps the last agendas that a personal link has shown, for a hall without network. A kept page says so, and since
// when: html[data-kept] lets its own sentence show, and hides what is only true for a moment.
const KEPT = "agendas-1";
const PATIENCE = 4000; // milliseconds that a crowded network has before the kept page is shown
const MOMENT = 500; // milliseconds that a phone needs to write a page down
const TRIES = 6; // moments at most, before an agenda counts as not kept
const FEW = 5; // agendas at most: a tablet at the desk opens many
const ANY = { ignoreSearch: true }; // copies of one page differ behind the question mark

const isAgenda = (url) => /^\/[ar]\/[^/]+$/.test(url.pathname);
const nameOf = (url) => url.origin + url.pathname; // one page, whichever language it was last read in
const ours = (url) => url.origin === self.location.origin;

const turns = new Map(); // by name, the end of the last that was begun
const settled = new Map(); // by name, the number of the request whose answer counts
let asking = 0; // requests so far

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
  const answering = fetchAndKeep(event.request, url);
  event.waitUntil(answering.catch(() => {}));
  return (await lastKept(url)) || answering;
}

async function fetchAndKeep(request, url) {
  const asked = (asking += 1);
  const answer = await fetch(request);
  const whole = answer.ok && !answer.redirected && (await copyOf(answer.clone()));
  await inTurn(nameOf(url), () => settle(nameOf(url), asked, answer.status, whole));
  if (whole && isAgenda(url)) await keepFew();
  return answer;
}

// A copy that is just being written, as on a first visit, is not found; it is some moments later on a busy phone.
async function keptSoon(url, fault) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    await pause(MOMENT);
    const kept = await lastKept(url);
    if (kept) return marked(kept);
  }
  throw fault;
}

// A copy is read whole in its turn: a browser breaks off the reading of one that is deleted meanwhile.
function lastKept(url) {
  return inTurn(nameOf(url), async () => {
    const cache = await caches.open(KEPT);
    const kept = (await cache.matchAll(nameOf(url), ANY)).pop();
    return kept && copyOf(kept);
  }).catch(() => {});
}

// Only what has wholly come is put away, and beside what was there, which goes last: a browser drops a copy as soon as
// it begins to write over it, and the network may break off just then. Of two answers the one asked for later counts,
// whichever comes last: a revoked agenda does not come back with a slow one.
async function settle(name, asked, status, whole) {
  if (asked < (settled.get(name) || 0)) return;
  settled.set(name, asked);
  const cache = await caches.open(KEPT);
  if (status === 404 || status === 410) await cache.delete(name, ANY);
  if (!whole) return;
  const before = await cache.keys(name, ANY);
  await cache.put(`${name}?${Date.now()}-${Math.random()}`, whole);
  await Promise.all(before.map((request) => cache.delete(request)));
}

async function keepFew() {
  const cache = await caches.open(KEPT);
  const agendas = (await cache.keys()).map((request) => new URL(request.url)).filter(isAgenda);
  const older = [...new Set(agendas.map(nameOf).reverse())].slice(FEW);
  await Promise.all(older.map((name) => inTurn(name, () => cache.delete(name, ANY))));
}

// One thing at a time with each page: what is written waits for what is read, and the other way round.
function inTurn(name, act) {
  const done = (turns.get(name) || Promise.resolve()).then(act);
  turns.set(
    name,
    done.catch(() => {}),
  );
  return done;
}

async function copyOf(answer) {
  const { status, headers } = answer;
  return new Response(await answer.blob(), { status, headers });
}

async function marked(kept) {
  const page = (await kept.text()).replace("<html ", "<html data-kept ");
  return new Response(page, { status: 200, headers: kept.headers });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}

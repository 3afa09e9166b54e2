// Lets the browser keep this agenda for a hall without network. Where it cannot (an old browser, plain http), nothing
// is promised and nothing is lost.
const { worker, scope } = document.currentScript.dataset;

// What passed the worker on its way here is kept already; a first visit was begun before there was one.
async function keepThisPage() {
  await navigator.serviceWorker.register(worker, { scope });
  const { active } = await navigator.serviceWorker.ready;
  const came = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  const keep = came.filter((entry) => !entry.workerStart).map((entry) => entry.name);
  if (keep.length) active.postMessage({ keep });
}

if ("serviceWorker" in navigator) addEventListener("load", () => keepThisPage().catch(() => {}));

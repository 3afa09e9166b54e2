// Lets the browser keep this agenda for a hall without network. Where it cannot (an old browser, plain http), nothing
// is promised and nothing is lost.
const { worker, scope } = document.currentScript.dataset;

async function keepThisPage() {
  await navigator.serviceWorker.register(worker, { scope });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  active.postMessage({ keep: [location.href, ...parts] });
}

if ("serviceWorker" in navigator) addEventListener("load", () => keepThisPage().catch(() => {}));

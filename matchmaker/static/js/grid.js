// The grid by hand: a meeting is dragged to a cell that says it is possible, and a slot chosen in the form shows its
// tables at once. Both press what stands on the page already: without this file, links and buttons do the same.
const FAR = 6; // pixels from which a press is a drag
let drag = null;
let byKeys = false; // arrow keys pass every slot on the way to the one that is meant: there the button says when

document.addEventListener("change", (event) => {
  if (event.target.id === "slot" && !byKeys) event.target.form.requestSubmit();
});

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-meeting]")) event.preventDefault(); // a link would be dragged as an address
});

document.addEventListener("pointerdown", (event) => {
  byKeys = false;
  const link = event.target.closest("[data-meeting]");
  if (link && event.isPrimary && event.button === 0) drag = { link, x: event.clientX, y: event.clientY, aimed: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR) begin();
  if (drag.ghost) follow(event);
});

document.addEventListener("pointerup", () => {
  const { ghost, aimed } = drag ?? {};
  stop();
  if (!ghost) return;
  addEventListener("click", (event) => event.isTrusted && event.preventDefault(), { capture: true, once: true });
  aimed?.querySelector("button").click();
});

document.addEventListener("pointercancel", stop);
document.addEventListener("keydown", (event) => {
  byKeys = true;
  if (event.key === "Escape") stop();
});

// Only a chosen meeting knows where it may go: another one is chosen on the way.
function begin() {
  drag.ghost = document.createElement("div");
  drag.ghost.className = "plan-ghost";
  drag.ghost.textContent = [...drag.link.querySelectorAll("bdi")].map((name) => name.textContent).join(" – ");
  document.body.append(drag.ghost);
  if (!drag.link.hasAttribute("aria-current")) choose(drag.link.href).catch(() => location.assign(drag?.link.href));
}

async function choose(address) {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const plan = document.getElementById("plan");
  const scrolled = plan.querySelector(".scroll").scrollLeft;
  plan.replaceWith(page.getElementById("plan"));
  document.querySelector("#plan .scroll").scrollLeft = scrolled;
  history.replaceState(null, "", address);
}

function follow(event) {
  drag.ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest(".plan .is-may") ?? null;
  drag.aimed?.classList.remove("is-aimed");
  drag.aimed = cell?.querySelector("button") ? cell : null;
  drag.aimed?.classList.add("is-aimed");
}

function stop() {
  drag?.ghost?.remove();
  drag?.aimed?.classList.remove("is-aimed");
  drag = null;
}

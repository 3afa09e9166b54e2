// What htmx needs to know of this house: the form token on every request, and a sentence when a request fails.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});

const trouble = document.getElementById("trouble");
const say = () => { trouble.textContent = trouble.dataset.words; };
const hush = () => { trouble.textContent = ""; };
document.addEventListener("htmx:responseError", say);
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:afterOnLoad", hush);

// A piece that came by itself takes the focus if it asks for it, so that nobody is left behind.
document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector("[data-takes-focus]")?.focus();
});

// What was chosen before this script was there is kept now. It is what somebody tapped: such a form asks browsers to
// bring back no choice from an earlier visit, which would pass for one.
addEventListener("DOMContentLoaded", () => {
  for (const group of document.querySelectorAll('[hx-trigger="change"]')) {
    const chosen = group.querySelector("input:checked");
    if (chosen && !chosen.defaultChecked) chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

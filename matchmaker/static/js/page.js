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

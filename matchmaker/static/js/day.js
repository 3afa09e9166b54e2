// The page that a clock or a search stands on comes again by itself; without JavaScript it says so in its head.
const waiting = document.querySelector("[data-reload]");
if (waiting) setTimeout(() => location.reload(), 1000 * Number(waiting.dataset.reload));

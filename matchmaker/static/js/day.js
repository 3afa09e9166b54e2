// A page that waits, or that a clock stands on, comes again by itself; without JavaScript it says so in its head.
const waiting = document.querySelector("[data-reload]");
const typing = () => [...document.querySelectorAll("input[type=search]")].some((field) => field.value);
if (waiting) setInterval(() => typing() || location.reload(), 1000 * Number(waiting.dataset.reload));
// Seconds are counted here from what the server's clock showed: the screen's own clock may be wrong.
const count = document.querySelector("[data-until]");
if (count) {
  const began = performance.now();
  const whole = Date.parse(`${count.dataset.until}Z`) - Date.parse(`${count.dataset.now.slice(0, 23)}Z`);
  const show = () => {
    const left = Math.max(0, Math.ceil((whole - (performance.now() - began)) / 1000));
    count.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) location.reload();
  };
  show();
  setInterval(show, 1000);
}

// Half-day buttons and the count of free slots, at once; without this file the server does the same on submit.
const table = document.querySelector("[data-availability]");
const boxes = [...table.querySelectorAll("input[data-half]")];
const count = document.querySelector("[data-free-count]");

const ofHalf = (half) => boxes.filter((box) => box.dataset.half === half);
const allAway = (half) => ofHalf(half).length > 0 && ofHalf(half).every((box) => box.checked);

function refresh() {
  for (const button of table.querySelectorAll('button[name="half"]')) {
    button.querySelector("[data-words]").textContent = allAway(button.value) ? button.dataset.free : button.dataset.away;
  }
  if (count) count.textContent = boxes.filter((box) => !box.checked).length;
}

table.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="half"]');
  if (!button) return;
  event.preventDefault();
  const away = !allAway(button.value);
  for (const box of ofHalf(button.value)) box.checked = away;
  refresh();
});
table.addEventListener("change", refresh);
refresh();

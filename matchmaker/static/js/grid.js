// The grid by hand: a slot chosen in the form shows its tables at once. Without this file, buttons do the same.
document.addEventListener("change", (event) => {
  if (event.target.id === "slot") event.target.form.requestSubmit();
});

// Comfort only: every list works without this file. Filters are applied when they change; ticks are counted.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  const button = form.querySelector("button:not([name])");
  if (button) button.classList.add("unseen"); // Enter in the search box still sends the form
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
  });
}
for (const bar of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${bar.id}"]`)];
  const page = bar.querySelector("[data-page]");
  const every = bar.querySelector("[data-every]");
  const said = bar.querySelector("[data-chosen]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    said.hidden = every.checked || !chosen;
    said.textContent = said.dataset.chosen.replace("#", chosen);
    page.checked = chosen === boxes.length;
    page.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.classList.toggle("active", every.checked || chosen > 0);
    for (const button of bar.querySelectorAll("button[data-needs]")) button.disabled = !every.checked && !chosen;
  };
  page.closest("label").hidden = false;
  page.addEventListener("change", () => {
    for (const box of boxes) box.checked = page.checked;
    tell();
  });
  every.addEventListener("change", tell);
  for (const box of boxes) box.addEventListener("change", tell);
  let last = null; // shift and a click tick all between
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
        tell();
      }
      last = box;
    });
  }
  tell();
  window.addEventListener("pageshow", tell); // the way back keeps the ticks
}
for (const box of document.querySelectorAll("input[readonly]")) box.addEventListener("focus", () => box.select());

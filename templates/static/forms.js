// Comfort only: a field that is asked in some cases is shown once the answer that asks for it is given; one tick for all.
const fitsAnswer = (field) => {
  const { when, is } = field.dataset;
  const inputs = [...field.closest("form").querySelectorAll(`[name="${CSS.escape(when)}"]`)];
  const chosen = inputs.find((input) => input.type !== "radio" || input.checked);
  return !inputs.length || is.split(" ").includes(chosen?.value ?? "");
};
const holds = (input) => { // a list that begins with a choice holds one from the first
  if (input.matches("select")) return input.selectedIndex > 0;
  return ["radio", "checkbox"].includes(input.type) ? input.checked : input.value;
};
const isTyped = (field) => [...field.querySelectorAll("input, textarea, select")].some(holds);
const showAsked = () => {
  for (const field of document.querySelectorAll("[data-when]")) {
    field.hidden = !fitsAnswer(field) && !isTyped(field) && !field.classList.contains("bad");
  }
};
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...all.form.querySelectorAll(`[name="${CSS.escape(all.dataset.tickAll)}"]`)];
  const show = () => { all.checked = boxes.every((box) => box.checked); };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  window.addEventListener("pageshow", show); // the way back keeps the ticks
  show();
}
document.addEventListener("change", showAsked);
showAsked();
// A text of an earlier act is taken again; files dropped on a case are sent.
for (const button of document.querySelectorAll("button[data-fills]")) {
  button.closest("[hidden]")?.removeAttribute("hidden");
  button.tabIndex = -1; // the key below takes the same texts, so that Tab goes on to the next field
  button.addEventListener("click", () => {
    const box = document.getElementById(button.dataset.fills);
    box.value = button.value;
    box.focus();
  });
}
// The down key in a box that is empty takes the first of them; in one that has such a text, the next.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const offered = [...document.querySelectorAll("button[data-fills]")].filter((one) => one.dataset.fills === event.target.id);
  const at = offered.findIndex((one) => one.value === event.target.value);
  if (!offered.length || (event.target.value && at < 0)) return;
  event.preventDefault();
  offered[(at + 1) % offered.length].click();
});
for (const box of document.querySelectorAll("input[type=file][data-at-once]")) {
  box.form.querySelector("button").hidden = true;
  box.addEventListener("change", () => box.form.requestSubmit());
}

// Comfort only: a field that is asked in some cases is shown once the answer that asks for it is given; one tick for all.
const fitsAnswer = (field) => {
  const { when, is } = field.dataset;
  const inputs = [...field.closest("form").querySelectorAll(`[name="${CSS.escape(when)}"]`)];
  const chosen = inputs.find((input) => input.type !== "radio" || input.checked);
  return !inputs.length || is.split(" ").includes(chosen?.value ?? "");
};
const isTyped = (field) => [...field.querySelectorAll("input, textarea, select")]
  .some((input) => (["radio", "checkbox"].includes(input.type) ? input.checked : input.value));
const showAsked = () => {
  for (const field of document.querySelectorAll("[data-when]")) {
    field.hidden = !fitsAnswer(field) && !isTyped(field) && !field.classList.contains("bad");
  }
};
for (const all of document.querySelectorAll("[data-tick-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`[name="${CSS.escape(all.dataset.tickAll)}"]`)) box.checked = all.checked;
  });
}
document.addEventListener("change", showAsked);
showAsked();

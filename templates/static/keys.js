// Comfort only: every page works without this file. The keys are told on the page of help, where they can be switched off.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
const off = () => localStorage.getItem("keys") === "off";
for (const button of document.querySelectorAll("[data-keys]")) {
  const tell = () => { button.textContent = off() ? button.dataset.on : button.dataset.off; };
  button.hidden = false;
  button.addEventListener("click", () => { localStorage.setItem("keys", off() ? "on" : "off"); tell(); });
  tell();
}
const walk = (step) => {
  const links = [...document.querySelectorAll("a.unit")];
  const here = links.indexOf(document.activeElement.closest("tr")?.querySelector("a.unit"));
  return links[here + step];
};
document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const found = {
    "/": () => document.querySelector("input[type=search]"),
    j: () => walk(1),
    k: () => walk(-1),
    a: () => document.activeElement.closest("tr")?.querySelector("a.act") ?? document.querySelector("main a.button.first, .next-thing button.first"),
  }[event.key]?.() ?? document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("a") && (event.key === "a" || found.dataset.key === event.key)) found.click();
  else found.focus();
  if (event.key === "/") found.select();
});

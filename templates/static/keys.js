// Comfort only: every page works without this file. The keys are told on the page of help, where they can be switched off.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// What an address names is unfolded, where the browser does not do that by itself.
const unfold = () => {
  let part = document.getElementById(location.hash.slice(1));
  while ((part = part?.parentElement.closest("details"))) part.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();
const off = () => localStorage.getItem("keys") === "off";
for (const button of document.querySelectorAll("[data-keys]")) {
  const tell = () => { button.textContent = off() ? button.dataset.on : button.dataset.off; };
  button.hidden = false;
  button.addEventListener("click", () => { localStorage.setItem("keys", off() ? "on" : "off"); tell(); });
  tell();
}
const walk = (step) => {
  const links = [...document.querySelectorAll("a.unit")].filter((link) => link.checkVisibility?.() ?? true);
  const here = links.indexOf(document.activeElement.closest("tr")?.querySelector("a.unit"));
  return links[here + step];
};
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), textarea, select";
// The obstacle of a case is recorded straight from its line in a list, and of the ticked ones together.
const obstacle = () => {
  const unit = document.activeElement.closest("tr")?.querySelector('a.unit[href^="/cases/"]');
  if (unit) location.assign(`${unit.pathname}/acts/name_obstacle`);
};
// All lines of the page are ticked, and Tab goes on from the box that says so.
const tickAll = () => {
  const box = document.querySelector("[data-tick-all], [data-page]");
  box?.click();
  box?.focus();
  return box;
};
document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED_INTO)) return;
  const searches = () => document.querySelector("input[type=search]");
  if (/^[0-9]$/.test(event.key)) { // a number that is read off a telephone or a paper: its figures go into the box
    searches()?.focus();
    return searches()?.select();
  }
  const found = {
    "/": searches,
    j: () => walk(1),
    k: () => walk(-1),
    a: () => document.activeElement.closest("tr")?.querySelector("a.act") ?? document.querySelector("main a.button.first, .next-thing button.first"),
  }[event.key]?.() ?? document.querySelector(`:is(a, button:not(:disabled))[data-key="${CSS.escape(event.key)}"]`);
  if (!found && event.key === "o") obstacle();
  if (!found && event.key === "x" && tickAll()) event.preventDefault();
  if (!found) return;
  event.preventDefault();
  if (found.matches("a, button[data-key]") && (event.key === "a" || found.dataset.key === event.key)) found.click();
  else found.focus();
  if (event.key === "/") found.select();
});
// What scrolls sideways and has nothing to focus inside is itself a Tab stop, so that the arrow keys reach it.
const reachable = () => {
  for (const part of document.querySelectorAll(".sheet, .scroll")) {
    const scrolls = part.scrollWidth > part.clientWidth && !part.querySelector("a[href], button, input, select, textarea");
    if (scrolls) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
};
window.addEventListener("resize", reachable);
reachable();
// Ctrl and Enter send a form from any of its fields, as Enter does from a short one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  event.target.form?.querySelector("button:not([type=button]):not([formaction])")?.click();
});

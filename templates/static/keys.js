// Comfort only: every page works without this file. "/" goes to the search, j and k walk down and up the list.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll("a.unit")];
    const place = links.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
    if (links[place]) { event.preventDefault(); links[place].focus(); }
  }
});

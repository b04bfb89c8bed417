// Comfort only: a file that is dropped on the line of a case or a letter is kept with the case, and the form that the
// line leads to is opened with it. Without scripts the same is done on the page of the case.
const form = document.querySelector("form[data-dropped]");
const lineOf = (event) => (event.dataTransfer?.types.includes("Files") ? event.target.closest("tr:has(a.unit)") : null);
const named = (line, start) => line.querySelector(`a[href^="${start}"]`)?.pathname ?? "";
const mark = (line) => {
  for (const marked of document.querySelectorAll("tr.drop")) marked.classList.remove("drop");
  line?.classList.add("drop");
};
if (form) {
  const hint = document.querySelector("tr:has(a.unit)") && document.querySelector("[data-drop-hint]");
  if (matchMedia("(any-pointer: fine)").matches) hint?.removeAttribute("hidden");
  document.addEventListener("dragover", (event) => {
    const line = lineOf(event);
    if (line) event.preventDefault();
    mark(line);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", (event) => {
    const line = lineOf(event);
    if (!line) return;
    event.preventDefault();
    const ref = [...line.querySelectorAll('a[href^="/cases/"]')].map((link) => link.pathname.split("/")[2])[0];
    if (!ref) return;
    form.action = `/cases/${ref}/documents`;
    form.elements.act.value = line.querySelector("a.act")?.pathname.split("/acts/")[1] ?? "";
    form.elements.letter.value = named(line, "/letters/").split("/")[2] ?? "";
    form.elements.evidence.files = event.dataTransfer.files;
    form.submit();
  });
}

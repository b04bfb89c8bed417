// Cells copied from a spreadsheet fill the table from the cell they are pasted into. Without this file: the box below it.
for (const table of document.querySelectorAll("table[data-paste]")) {
  table.addEventListener("paste", (event) => {
    const from = event.target.closest("td");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!from || !/[\t\n]/.test(text.trimEnd()) || text.includes('"')) return;
    event.preventDefault();
    const lines = [...table.tBodies[0].rows];
    const top = lines.indexOf(from.parentElement);
    text.trimEnd().split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((value, across) => {
        const box = lines[top + down]?.cells[from.cellIndex + across]?.querySelector("input[type=text]");
        if (box) box.value = value.trim();
      });
    });
  });
}

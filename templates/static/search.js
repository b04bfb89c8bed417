// Comfort only: without this file the box in the head is a plain form. Hits appear while typing; arrows, Enter, Escape.
const box = document.querySelector("[data-hits]");
if (box) {
  const list = document.getElementById(box.dataset.list);
  const said = document.getElementById(box.dataset.said);
  let asking = null;
  let waiting = 0;
  let active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (place) => {
    const listed = options();
    active = listed.length ? (place + listed.length + 1) % (listed.length + 1) : -1;
    if (active === listed.length) active = -1; // between the last and the first: the box itself
    listed.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    if (active < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", listed[active].id);
      listed[active].scrollIntoView({ block: "nearest" });
    }
  };
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const text = box.value.trim();
    if (!text) return show(false);
    try {
      const address = `${box.dataset.hits}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
      if (!answer.ok) return show(false);
      list.innerHTML = await answer.text(); // a piece of a page, escaped by the server
      said.textContent = list.querySelector("[data-count]")?.textContent ?? "";
      mark(-1);
      show(true);
    } catch {
      // another letter was typed meanwhile, the session ended, or the network is away: the form still works
    }
  };
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "ArrowDown" && list.hidden && box.value.trim()) ask();
    else if (event.key === "ArrowDown" && !list.hidden) mark(active + 1);
    else if (event.key === "ArrowUp" && !list.hidden) mark(active - 1);
    else if (event.key === "Enter" && active >= 0) options()[active].click();
    else return;
    event.preventDefault();
  });
  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) show(false);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus until the click
}

"""A page that was drawn already gets a form's text and files put back.

The page is read tag by tag; what changes is written over its own place, every other character stays. Hidden fields
keep the value of the page: a token or the state that was seen is never an old one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from casework.office.unfinished_forms import Unfinished

NOT_TYPED = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
OF_THE_DRAWING = frozenset({"csrf", "once", "drawn", "resumed", "seen", "show", "p", "back"})  # differ at every drawing
WITHOUT_VALUE = frozenset({"checked", "selected", "open", "required", "multiple", "autofocus", "disabled", "readonly"})
MOST_ROWS = 200
_CELL = re.compile(r"(f\.[a-z0-9_]+)\.(\d{1,3})\.[a-z0-9_]+")
Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is written beside the values: the notice at the head of the page, and the kept files of a field."""

    notice: str
    files: Callable[[str], str]


@dataclass
class DrawnForm:
    """A form of a page: where it is sent, its hidden values, its names, and the folded parts it lies in or has."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    folds: set[int] = field(default_factory=set)

    def shared(self, kept: Unfinished) -> int:
        """How many names a kept form has in common with this one; 0: it was sent elsewhere, or for another thing."""
        known = {name: value for name, value in self.hidden.items() if name not in OF_THE_DRAWING}
        same = self.action == kept.action and all(kept.values(name)[:1] == [value] for name, value in known.items())
        return len(kept.names & self.names) if same else 0


class _Reading(HTMLParser):
    """Counts the forms and the folded parts of a page while it is read."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = [0, *(found.end() for found in re.finditer("\n", html))]
        self.form, self.fold = -1, -1  # numbers of the latest ones
        self.inside = False
        self.folds: list[int] = []

    @property
    def at(self) -> int:
        """Where the tag that is being read begins."""
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.fold += 1
            self.folds.append(self.fold)
        elif tag == "form":
            self.form, self.inside = self.form + 1, True
        self.start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self.folds:
            self.folds.pop()
        elif tag == "form":
            self.inside = False
        self.end(tag)

    def start(self, tag: str, given: Attributes) -> None:
        pass

    def end(self, tag: str) -> None:
        pass


class _Forms(_Reading):
    """The forms of a page, in their order; `here` is its own address, for a form without one."""

    def __init__(self, html: str, here: str) -> None:
        super().__init__(html)
        self.here, self.found = here, list[DrawnForm]()
        self.feed(html)

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "form":
            posted = (given.get("method") or "").lower() == "post"
            action = (given.get("action") or self.here).partition("#")[0].removesuffix("?")
            self.found.append(DrawnForm(action if posted else "", folds=set(self.folds)))
        elif self.inside:
            self.found[-1].folds.update(self.folds)
            self.found[-1].names.add(given.get("name") or "")
            if tag == "input" and given.get("type") == "hidden" and given.get("name"):
                self.found[-1].hidden[str(given["name"])] = given.get("value") or ""


class _Filling(_Reading):
    """The changes that put a kept form into the form of a number: (from, up to, text instead)."""

    def __init__(self, html: str, place: tuple[int, set[int]], kept: Unfinished, drawing: Drawing) -> None:
        super().__init__(html)
        self.number, self.opened = place
        self.kept, self.drawing = kept, drawing
        self.left: dict[str, list[str]] = {}
        for name, value in kept.fields:
            self.left.setdefault(name, []).append(value)
        self.listing = ""  # name of the list of choices that is being read
        self.text_from, self.text = -1, ""  # of the text area that is being read
        self.changes: list[tuple[int, int, str]] = []
        self.feed(html)

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "details" and self.fold in self.opened:
            self._write(tag, {**given, "open": None})
        elif tag == "main" and self.drawing.notice:
            self._write(tag, given, self.drawing.notice)
        elif self.inside and self.form == self.number:
            self._in_form(tag, given)

    def _in_form(self, tag: str, given: Attributes) -> None:
        name = given.get("name") or ""
        if tag == "form":
            self._write(tag, given, f'<input type="hidden" name="resumed" value="{self.kept.token}">')
        elif tag == "input":
            self._input(name, given.get("type") or "text", given)
        elif tag == "textarea" and name in self.left:
            self.text_from = self.at + len(self.get_starttag_text() or "")
            self.text = "\n" + escape(self._next(name))
        elif tag == "select":
            self.listing = name if name in self.left else ""
        elif tag == "option" and self.listing:
            self._tick(tag, given, "selected", given.get("value") in self.left[self.listing])

    def _input(self, name: str, kind: str, given: Attributes) -> None:
        if kind in ("checkbox", "radio"):
            self._tick("input", given, "checked", (given.get("value") or "on") in self.left.get(name, ()))
        elif kind == "file" and (files := self.drawing.files(name)):
            self._write("input", {key: value for key, value in given.items() if key != "required"}, files)
        elif kind not in NOT_TYPED and name in self.left:
            self._write("input", {**given, "value": self._next(name)})

    def _next(self, name: str) -> str:
        """Fields of the same name are filled in their order."""
        listed = self.left[name]
        return listed.pop(0) if len(listed) > 1 else listed[0]

    def _tick(self, tag: str, given: Attributes, word: str, ticked: bool) -> None:
        others = {key: value for key, value in given.items() if key != word}
        self._write(tag, {**others, word: None} if ticked else others)

    def _write(self, tag: str, attributes: Attributes, after: str = "") -> None:
        said = "".join(
            f" {key}" if value is None or (not value and key in WITHOUT_VALUE) else f' {key}="{escape(value)}"'
            for key, value in attributes.items()
        )
        end = self.at + len(self.get_starttag_text() or "")
        self.changes.append((self.at, end, f"<{tag}{said}>{after}"))

    def end(self, tag: str) -> None:
        if tag == "select":
            self.listing = ""
        elif tag == "textarea" and self.text_from >= 0:
            self.changes.append((self.text_from, self.at, self.text))
            self.text_from = -1


def place_of(html: str, kept: Unfinished, here: str) -> tuple[int, set[int]] | None:
    """(number of the form on the page, folded parts to open) for a kept form; none when the page does not have it.

    `here` is the page's own address, path and question.
    """
    forms = _Forms(html, here).found
    shared = [form.shared(kept) for form in forms]
    if not any(shared):
        return None
    place = shared.index(max(shared))
    return place, forms[place].folds


def filled(html: str, kept: Unfinished, place: tuple[int, set[int]], drawing: Drawing) -> str:
    """The page with the kept form put back; a table gets as many rows as were filled in."""
    html = _with_rows(html, kept)
    parts, read = list[str](), 0
    for start, end, text in _Filling(html, place, kept, drawing).changes:
        parts += [html[read:start], text]
        read = end
    return "".join([*parts, html[read:]])


def noted(html: str, notice: str) -> str:
    """The page with a notice at its head."""
    return re.sub(r"<main\b[^>]*>", lambda found: found[0] + notice, html, count=1)


def _with_rows(html: str, kept: Unfinished) -> str:
    """The last row of a table is repeated for the rows that the page, drawn anew, does not have."""
    last: dict[str, int] = {}
    for name, value in kept.fields:
        if value and (cell := _CELL.fullmatch(name)):
            last[cell[1]] = min(max(last.get(cell[1], 0), int(cell[2])), MOST_ROWS - 1)
    for table, number in last.items():
        html = _repeated(html, table, number)
    return html


def _repeated(html: str, table: str, last: int) -> str:
    """One table with rows up to number `last`; unchanged where it has them, or is not on the page."""
    numbers = [int(found[1]) for found in re.finditer(rf'name="{re.escape(table)}\.(\d{{1,3}})\.', html)]
    begins = html.rfind("<tr", 0, max(html.rfind(f'name="{table}.'), 0))
    ends = html.find("</tr>", begins) + len("</tr>")
    if not numbers or begins < 0 or ends < begins:
        return html
    of_row = rf'((?:name|id|for)="{re.escape(table)}\.)\d{{1,3}}(\.)'
    more = (re.sub(of_row, rf"\g<1>{number}\g<2>", html[begins:ends]) for number in range(max(numbers) + 1, last + 1))
    return html[:ends] + "".join(more) + html[ends:]

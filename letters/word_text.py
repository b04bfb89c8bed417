"""Reads what an uploaded Word file says: its text, and what is beside it or does not show in print."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.handler import ContentHandler

from letters.differences import BODY, Where
from letters.word_parts import parse, parts_of
from letters.word_styles import DEFAULTS, FORMER, SWITCHES, Looks, W, is_on, looks_of
from models.errors import WrongInput

MOST_PARAGRAPHS, MOST_CHARACTERS = 20_000, 1_000_000
PICTURE: Where = "picture"
NONE = "\0"  # no style has this id
_FALLBACK = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")  # repeats the content
_GONE = {(W, "moveFrom"), (W, "del"), _FALLBACK}
_BREAKS = {(W, "tab"): " ", (W, "br"): " ", (W, "cr"): " ", (W, "noBreakHyphen"): "-"}
_PICTURES = {
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "blip"), ("urn:schemas-microsoft-com:vml", "imagedata"),
}  # fmt: skip
_PAGE_NUMBER = re.compile(r"[\d\s/.–-]{0,9}")


@dataclass(frozen=True, slots=True)
class Beside:
    """Text outside the body, or of the body but not as it seems: struck, hidden; of a picture there is none."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class WordText:
    """The paragraphs of the body in order, struck and hidden text too; and what is beside."""

    body: list[str]
    beside: list[Beside]


def read_word(data: bytes, name: str = "file") -> WordText:
    """Return what a DOCX says, without empty paragraphs and page numbers.

    Raises WrongInput naming the field: no Word file, macros or embedded objects, entities, or too much text.
    """
    parts = parts_of(data, name)
    looks, room = looks_of(parts.styles, name), _Room(name)
    document = _Text(BODY, looks, room)
    parse(parts.document, document, name)
    beside = list(document.beside)
    for kind, content in parts.beside:
        other = _Text(kind, looks, room)  # type: ignore[arg-type]
        if content:
            parse(content, other, name)
        beside += [Beside(other.where, text) for text in other.found if not _PAGE_NUMBER.fullmatch(text)]
        beside += other.beside
    return WordText(document.found, beside)


def paragraphs_of(data: bytes, field: str = "file") -> list[str]:
    """Return the paragraphs of the body of a DOCX in order. Raises WrongInput, as `read_word`."""
    return read_word(data, field).body


def plain_paragraph(text: str) -> str:
    """Return one line in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Room:
    """How much text may still come, in all parts together."""

    def __init__(self, field: str) -> None:
        self._field, self._characters, self._paragraphs = field, MOST_CHARACTERS, MOST_PARAGRAPHS

    def take(self, characters: int = 0, paragraphs: int = 0) -> None:
        self._characters -= characters
        self._paragraphs -= paragraphs
        if self._characters < 0 or self._paragraphs < 0:
            raise WrongInput(self._field, "word_file_too_long")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read: its text, what of it is struck or hidden, what its style and its present run do."""

    style: str = DEFAULTS
    text: list[str] = field(default_factory=list)
    marked: dict[str, list[str]] = field(default_factory=dict)
    run_style: str = NONE
    run: dict[str, bool] = field(default_factory=dict)
    in_run: int = 0

    def add(self, text: str, looks: Mapping[str, Looks]) -> None:
        self.text.append(text)
        effective = {**looks.get(self.style, looks[DEFAULTS]), **looks.get(self.run_style, {}), **self.run}
        for kind in (kind for kind, on in effective.items() if on):
            self.marked.setdefault(kind, []).append(text)


class _Text(ContentHandler):
    """Collects the text of a part's paragraphs without deleted and moved text; a text box has some within another."""

    def __init__(self, where: Where, looks: Mapping[str, Looks], room: _Room) -> None:
        super().__init__()
        self.where = where
        self.found: list[str] = []
        self.beside: list[Beside] = []
        self._looks, self._room = looks, room
        self._open: list[_Paragraph] = []
        self._gone = self._former = 0
        self._in_text = False

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - named by SAX
        if name in _GONE:
            self._gone += 1
        elif name in FORMER:
            self._former += 1
        elif name == (W, "p"):
            self._open.append(_Paragraph())
        elif name == (W, "t"):
            self._in_text = True
        elif name in _PICTURES and not self._gone:
            self.beside.append(Beside(PICTURE, ""))
        elif self._open and not self._gone and not self._former:
            self._within(self._open[-1], name, attrs)

    def _within(self, paragraph: _Paragraph, name: Any, attrs: Any) -> None:
        if name == (W, "r"):
            paragraph.in_run, paragraph.run_style, paragraph.run = 1, NONE, {}
        elif name == (W, "pStyle"):
            paragraph.style = attrs.get((W, "val"), DEFAULTS)
        elif name == (W, "rStyle") and paragraph.in_run:
            paragraph.run_style = attrs.get((W, "val"), NONE)
        elif name in SWITCHES and paragraph.in_run:  # outside a run: the mark that ends the paragraph
            paragraph.run[SWITCHES[name]] = is_on(attrs)
        elif name in _BREAKS:
            paragraph.add(_BREAKS[name], self._looks)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802 - named by SAX
        if name in _GONE:
            self._gone -= 1
        elif name in FORMER:
            self._former -= 1
        elif name == (W, "t"):
            self._in_text = False
        elif name == (W, "r") and self._open:
            self._open[-1].in_run = 0
        elif name == (W, "p") and self._open:
            self._ended(self._open.pop())

    def _ended(self, paragraph: _Paragraph) -> None:
        if text := plain_paragraph("".join(paragraph.text)):
            self.found.append(text)
            self._room.take(paragraphs=1)
        self.beside += _marked(paragraph)

    def characters(self, content: str) -> None:
        if self._in_text and not self._gone and self._open:
            self._room.take(characters=len(content))
            self._open[-1].add(content, self._looks)


def _marked(paragraph: _Paragraph) -> Iterator[Beside]:
    for kind, texts in paragraph.marked.items():
        if text := plain_paragraph("".join(texts)):
            yield Beside(kind, text)  # type: ignore[arg-type]

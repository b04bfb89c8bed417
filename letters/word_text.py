"""Reads the text of an uploaded Word file: only word/document.xml, streamed, with limits and without entities."""

import io
import unicodedata
import zipfile
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from models.errors import WrongInput

DOCUMENT = "word/document.xml"
MOST_BYTES = 40_000_000  # largest unpacked document.xml: ten times a letter of 500 pages
MOST_PARTS = 4_000
MOST_PARAGRAPHS, MOST_CHARACTERS = 20_000, 1_000_000
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")  # repeats the content
_GONE = {(_W, "moveFrom"), (_W, "del"), _FALLBACK}
_BREAKS = {(_W, "tab"): " ", (_W, "br"): " ", (_W, "cr"): " ", (_W, "noBreakHyphen"): "-"}


def paragraphs_of(data: bytes, field: str = "file") -> list[str]:
    """Return the paragraphs of a DOCX in order, without empty ones.

    Raises WrongInput naming `field`: no Word file, macros or embedded objects, entities, or too much text.
    """
    handler = _Text(field)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(_document(data, field)))
    except DefusedXmlException:
        raise WrongInput(field, "word_has_entities") from None
    except SAXParseException:
        raise WrongInput(field, "not_a_word_file") from None
    return handler.found


def plain_paragraph(text: str) -> str:
    """Return one line in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _document(data: bytes, field: str) -> bytes:
    """document.xml, unpacked up to the limit regardless of the size in its header."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(package, field)
            with package.open(DOCUMENT) as part:
                content = part.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise WrongInput(field, "not_a_word_file") from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise WrongInput(field, "not_a_word_file") from None
    if len(content) > MOST_BYTES:
        raise WrongInput(field, "word_file_unpacks_too_large", limit=MOST_BYTES // 1_000_000)
    return content


def _check_parts(package: zipfile.ZipFile, field: str) -> None:
    names = [info.filename.lower() for info in package.infolist()]
    if len(names) > MOST_PARTS:
        raise WrongInput(field, "word_file_unpacks_too_large", limit=MOST_BYTES // 1_000_000)
    if any("vba" in name.rsplit("/", 1)[-1] or name.startswith("word/macros") for name in names):
        raise WrongInput(field, "word_has_macros")
    if any(name.startswith(("word/activex", "word/embeddings")) for name in names):
        raise WrongInput(field, "word_has_objects")


class _Text(ContentHandler):
    """Collects the text of the paragraphs without deleted and moved text."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._field = field
        self._open: list[list[str]] = []  # a text box has paragraphs within a paragraph
        self._gone = 0
        self._in_text = False
        self._length = 0

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - named by SAX
        if name in _GONE:
            self._gone += 1
        elif name == (_W, "p"):
            self._open.append([])
        elif name == (_W, "t"):
            self._in_text = True
        elif name in _BREAKS and self._open and not self._gone:
            self._open[-1].append(_BREAKS[name])

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802 - named by SAX
        if name in _GONE:
            self._gone -= 1
        elif name == (_W, "t"):
            self._in_text = False
        elif name == (_W, "p") and self._open:
            text = plain_paragraph("".join(self._open.pop()))
            if text:
                self.found.append(text)
            if len(self.found) > MOST_PARAGRAPHS:
                raise WrongInput(self._field, "word_file_too_long")

    def characters(self, content: str) -> None:
        if not self._in_text or self._gone or not self._open:
            return
        self._length += len(content)
        if self._length > MOST_CHARACTERS:
            raise WrongInput(self._field, "word_file_too_long")
        self._open[-1].append(content)

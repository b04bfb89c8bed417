"""The parts of an uploaded Word file that carry text, unpacked with limits and without entities."""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from models.errors import WrongInput

DOCUMENT, RELATIONS = "word/document.xml", "_rels/.rels"  # where the package names no other
MOST_BYTES = 40_000_000  # of all parts unpacked: ten times a letter of 500 pages
MOST_PARTS = 4_000
MAIN, STYLES = "officeDocument", "styles"  # kinds of relations, by their last word
BESIDE = {
    "header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note", "comments": "comment",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """The document, its styles (b"": none), and what is beside it as (kind, content)."""

    document: bytes
    styles: bytes
    beside: tuple[tuple[str, bytes], ...]


def parts_of(data: bytes, field: str) -> Parts:
    """Raises WrongInput naming `field`: no Word file, macros or embedded objects, or too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_names(package, field)
            unpack = _Unpacker(package, field)
            main = next((name for kind, name in _related(unpack, "", RELATIONS, field) if kind == MAIN), DOCUMENT)
            folder, name = posixpath.split(main)
            named = list(_related(unpack, folder, f"{folder}/_rels/{name}.rels", field))
            styles = next((unpack.part(name) for kind, name in named if kind == STYLES), b"")
            beside = tuple((BESIDE[kind], unpack.part(name)) for kind, name in named if kind in BESIDE)
            return Parts(unpack.required(main), styles, beside)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise WrongInput(field, "not_a_word_file") from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise WrongInput(field, "not_a_word_file") from None


def parse(content: bytes, handler: ContentHandler, field: str) -> None:
    """Raises WrongInput: entities, or no XML."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(content))
    except DefusedXmlException:
        raise WrongInput(field, "word_has_entities") from None
    except SAXParseException:
        raise WrongInput(field, "not_a_word_file") from None


class _Unpacker:
    """Reads parts up to the limit of all together, regardless of the sizes in their headers."""

    def __init__(self, package: zipfile.ZipFile, field: str) -> None:
        self._package, self._field, self._left = package, field, MOST_BYTES

    def required(self, name: str) -> bytes:
        """Raises KeyError where the package has no such part."""
        with self._package.open(name) as part:
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise WrongInput(self._field, "word_file_unpacks_too_large", limit=MOST_BYTES // 1_000_000)
        return content

    def part(self, name: str) -> bytes:
        return self.required(name) if name in self._package.NameToInfo else b""


def _check_names(package: zipfile.ZipFile, field: str) -> None:
    names = [info.filename.lower() for info in package.infolist()]
    if len(names) > MOST_PARTS:
        raise WrongInput(field, "word_file_unpacks_too_large", limit=MOST_BYTES // 1_000_000)
    if any("vba" in name.rsplit("/", 1)[-1] or name.startswith("word/macros") for name in names):
        raise WrongInput(field, "word_has_macros")
    if any(name.startswith(("word/activex", "word/embeddings")) for name in names):
        raise WrongInput(field, "word_has_objects")


class _Relations(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Mapping[str, str]] = []

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - named by SAX
        if name[1] == "Relationship":
            self.found.append({key[1]: value for key, value in attrs.items()})


def _related(unpack: _Unpacker, folder: str, relations: str, field: str) -> Iterator[tuple[str, str]]:
    """Kind and name of each part that a part of a folder is related to, each once."""
    found, seen = _Relations(), set[str]()
    if content := unpack.part(relations):
        parse(content, found, field)
    for relation in found.found:
        name = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        if name not in seen and relation.get("TargetMode") != "External":
            seen.add(name)
            yield relation.get("Type", "").rsplit("/", 1)[-1], name

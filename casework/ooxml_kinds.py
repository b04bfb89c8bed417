"""Word and Excel files by their parts: the type of the main part, and macros."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.errors import WrongInput

CONTENT_TYPES = "[Content_Types].xml"
_MOST_BYTES = 2_000_000  # of the list of content types
_DOCUMENT = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    f"{_DOCUMENT}.wordprocessingml.document.main+xml": ".docx",
    f"{_DOCUMENT}.spreadsheetml.sheet.main+xml": ".xlsx",
}
_MACROS = ("macroenabled", "vbaproject", "vbadata", "ms-excel.macrosheet", "ms-excel.intlmacrosheet")
_DAMAGED = (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, zlib.error)


def ending_of(data: bytes, name: str, field: str) -> str:
    """The ending (.docx, .xlsx) that fits the main part; "" for any other archive.

    Raises WrongInput for one with macros.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {entry.filename.lower() for entry in package.infolist()}
            with package.open(CONTENT_TYPES) as part:
                listed = part.read(_MOST_BYTES + 1)
        types = {} if len(listed) > _MOST_BYTES else _types(fromstring(listed))
    except (*_DAMAGED, ParseError, DefusedXmlException):
        return ""
    if any("vba" in one.rsplit("/", 1)[-1] for one in names) or any(_is_macro(kind) for kind in types.values()):
        raise WrongInput(field, "office_file_has_macros", name=name)
    return next((_MAIN[kind] for part, kind in types.items() if kind in _MAIN and part in names), "")


def _types(root: Element) -> dict[str, str]:
    """The content type of each part that is listed by name, and of each ending."""
    return {
        entry.get("PartName", entry.get("Extension", "")).lstrip("/").lower(): entry.get("ContentType", "")
        for entry in root
    }


def _is_macro(kind: str) -> bool:
    return any(mark in kind.lower() for mark in _MACROS)

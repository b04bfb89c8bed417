"""Word files that people and worse send in."""

import io
import zipfile
from collections.abc import Mapping

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def document(body: str, head: str = "") -> str:
    return f"<?xml version='1.0'?>{head}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"


def word(*paragraphs: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX of these paragraphs, and of further parts."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document(body), **(parts or {})})


def edited(data: bytes, old: str, new: str) -> bytes:
    """A Word file with a stretch of its text exchanged, as an officer does in Word."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    text = bytes(parts["word/document.xml"]).decode()  # type: ignore[arg-type]
    assert old in text
    parts["word/document.xml"] = text.replace(old, new)
    return package(parts)

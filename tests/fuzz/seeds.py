"""Good inputs that fuzzing starts from, each with the bytes that choose its target and name."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document

from tests.fuzz.targets import NAMES, PARTS, TARGETS

SAMPLE = Path(__file__).parents[2] / "samples" / "so-dang-ky-mau.xlsx"
CSV = "Tên HTX;Huyện;Xã;Số thành viên;Ngày cấp\nHTX Một;An Lão;Xã An Thái;25;01/02/2013\n".encode()
COMMUNES = "Quận, huyện,Xã phường thị trấn,Loại\nAn Lão,An Thái,xã\n".encode()


def seeds() -> Iterator[bytes]:
    workbook = SAMPLE.read_bytes()
    word = io.BytesIO()
    Document().save(word)
    yield from (_seed("register_file", name, content) for name, content in (("a.xlsx", workbook), ("a.csv", CSV)))
    yield from (_seed("communes", name, content) for name, content in (("a.xlsx", workbook), ("a.csv", COMMUNES)))
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        for number, part in enumerate(PARTS):
            yield bytes([_number("register_part"), number]) + parts.read(part)
    yield _seed("upload", "a.docx", word.getvalue())
    yield _seed("upload", "a.xlsx", workbook)
    yield _seed("upload", "a.pdf", b"%PDF-1.4\n")
    yield _seed("upload", "a.txt", "Biên bản".encode())
    for act in range(40):
        yield bytes([_number("fields"), act]) + "14/03/2016\ntrue\n1.000.000 đồng\nXã An Thái".encode()
    yield bytes([_number("checkpoint")]) + b"1234-9f86d081884c7d65"


def _seed(target: str, name: str, content: bytes) -> bytes:
    return bytes([_number(target), NAMES.index(name)]) + content


def _number(target: str) -> int:
    return list(TARGETS).index(target)

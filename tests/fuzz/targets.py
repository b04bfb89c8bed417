"""What fuzzing calls. A refusal (CoopcaseError) is the right answer to nonsense; any other exception is a finding."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache

from audit_log.checkpoints import kept_elsewhere
from casework.evidence_store import media_type_of, plain_name
from models.errors import CoopcaseError
from procedures.definition.loader import load
from procedures.facts import CaseState, Need
from procedures.state_machine.asked_fields import needs_of
from procedures.state_machine.field_values import parse_day, parse_fields
from register.commune_file import read_communes
from register.interpret import interpret
from register.workbook import read_workbook
from tests.register.files import with_parts, xlsx

NAMES = ("a.xlsx", "a.csv", "a.xls", "a.ods", "a.docx", "a.pdf", "a.txt", "a", "ă\u200f/..\\b.xlsx", "a.tsv")
PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml")
TODAY = date(2016, 3, 14)


def _named(data: bytes) -> tuple[str, bytes]:
    """The first byte chooses the file's name."""
    return (NAMES[data[0] % len(NAMES)], data[1:]) if data else (NAMES[0], b"")


def register_file(data: bytes) -> None:
    """A register as it is previewed."""
    name, content = _named(data)
    with suppress(CoopcaseError):
        interpret(read_workbook(content, name), today=TODAY)


def register_part(data: bytes) -> None:
    """A sheet or another part of a workbook that is whole otherwise: the first byte chooses the part."""
    part = PARTS[data[0] % len(PARTS)] if data else PARTS[0]
    changed = with_parts(_workbook(), lambda name, content: (name, data[1:] if name == part else content))
    with suppress(CoopcaseError):
        interpret(read_workbook(changed, "a.xlsx"), today=TODAY)


def upload(data: bytes) -> None:
    """A file that is attached as evidence."""
    name, content = _named(data)
    with suppress(CoopcaseError):
        media_type_of(content, plain_name(name))


def communes(data: bytes) -> None:
    """A list of communes."""
    name, content = _named(data)
    with suppress(CoopcaseError):
        read_communes(content, name)


def fields(data: bytes) -> None:
    """The fields of an act as they are typed: the first byte chooses the act, each line is a field."""
    needs = _acts()[data[0] % len(_acts())] if data else _acts()[0]
    lines = data[1:].decode("utf-8", "replace").split("\n")
    typed = {need.name: line for need, line in zip(needs, lines, strict=False)}
    with suppress(CoopcaseError):
        parse_fields(needs, typed, TODAY)
    with suppress(CoopcaseError):
        parse_day("on", lines[0])


def checkpoint(data: bytes) -> None:
    """A checkpoint that a person kept."""
    with suppress(CoopcaseError):
        kept_elsewhere(data.decode("utf-8", "replace"))


@cache
def _workbook() -> bytes:
    return xlsx(("S", [["Tên HTX", "Huyện", "Số thành viên"], ["HTX Một", "An Lão", 25]]))


@cache
def _acts() -> list[tuple[Need, ...]]:
    procedure = load()
    found = (needs_of(procedure, verb, CaseState()) for verb in procedure.verbs.values())
    return [needs for needs in found if needs]


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "register_file": register_file, "register_part": register_part, "upload": upload, "communes": communes,
    "fields": fields, "checkpoint": checkpoint,
}  # fmt: skip


def any_target(data: bytes) -> None:
    """The first byte chooses the target."""
    if data:
        list(TARGETS.values())[data[0] % len(TARGETS)](data[1:])

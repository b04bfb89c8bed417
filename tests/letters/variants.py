"""The letters that are compared word for word: every type under both standards, and where another case changes it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from letters.catalogue import LetterType, letter_type
from letters.draft import draft_of
from letters.numbering import date_line, number_line
from letters.output.plain import plain
from letters.specimen import preview, specimen, ways_of
from letters.tree import Block, Letter, Table

CASES: Mapping[str, tuple[dict[str, Any], ...]] = {  # values of fields on which what is decided depends
    "stay_or_cancel_decision": ({"action": "stay"}, {"action": "amend"}),
    "complaint_settlement": ({"result": "amend"}, {"result": "cancel"}, {"result": "withdrawn"}),
    "complaint_refusal": ({"why": "not_eligible"},),
    "visit_minutes": ({"signed": False},),
    "delivery_minutes": ({"refused": True},),
    "submission_compulsory": ({"answered": True}, {"ground": "d", "answered": None, "explanation": None}),
    "completion_minutes": ({"undivided": 0, "branches": 0, "available": 0, "claims": None, "left_open": None},),
}
OLD, NEW = date(2016, 3, 14), date(2020, 3, 5)  # Circular 01/2011; the first day of Decree 30/2020
NUMBER = 5


def variants(name: str) -> Mapping[str, tuple[Letter, int | None]]:
    """The letters of a type by what is special about each, with the number it bears."""
    kind = letter_type(name)
    found = dict(_plain(kind))
    usual = plain(found["tt01-2011"][0], NUMBER)
    for label, letter, number in _others(kind):
        if plain(letter, NUMBER) != usual:
            found[label] = (letter, number)
    return found


def _plain(kind: LetterType) -> Iterator[tuple[str, tuple[Letter, int | None]]]:
    for day in (OLD, NEW):
        letter = preview(kind.name, day, kind.levels[0])
        yield letter.standard, (letter, NUMBER)


def _others(kind: LetterType) -> Iterator[tuple[str, Letter, int | None]]:
    if kind.levels == ("district", "city"):
        yield "tt01-2011, city", preview(kind.name, OLD, "city"), NUMBER
    if "voluntary" in ways_of(kind):
        yield "tt01-2011, voluntary", preview(kind.name, OLD, way="voluntary"), NUMBER
    for values in CASES.get(kind.name, ()):
        data = specimen(kind, kind.levels[0])
        which = ", ".join(f"{name} {'-' if value is None else value}" for name, value in values.items())
        yield f"tt01-2011, {which}", draft_of(kind, {**data, "extra": data["extra"] | values}, OLD), NUMBER
    if kind.incoming:
        yield "tt01-2011, blank form", preview(kind.name, OLD, way=ways_of(kind)[-1], empty=True), None


def texts(name: str) -> str:
    """Every variant as it reads."""
    parts = (f"==== {label} ====\n\n{plain(*item)}" for label, item in variants(name).items())
    return "\n".join(parts)


def trees(name: str) -> str:
    """Every variant as it is laid out: the cells of the circular, the blocks of the body, the tables."""
    whole = {label: _tree(*item) for label, item in variants(name).items()}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110)


def _tree(letter: Letter, number: int | None) -> dict[str, Any]:
    cells = {
        "standard": letter.standard, "parent": letter.parent, "issuer": letter.issuer,
        "number": number_line(number, letter.symbol), "series": letter.series,
        "date": date_line(letter.place, letter.on if number is not None else None),
        "type": letter.type_name, "summary": letter.summary, "addressees": list(letter.addressees),
        "body": [_part(part) for part in letter.body],
        "appendices": [
            {"title": appendix.title, "body": [_part(part) for part in appendix.body]}
            for appendix in letter.appendices
        ],
        "second_signer": letter.second_signer[0] if letter.second_signer else "",
        "co_signers": [" | ".join(signer) for signer in letter.co_signers],
        "authority": list(letter.authority), "signer": letter.signer, "recipients": list(letter.recipients),
        "to_be_verified": [item.key for item in letter.unverified], "form": letter.form,
    }  # fmt: skip
    return {name: value for name, value in cells.items() if value not in ("", [], False)}


def _part(part: Block | Table) -> dict[str, Any]:
    if isinstance(part, Table):
        head = [
            f"{name}:{width}{'>' if place in part.right else ''}"
            for place, (name, width) in enumerate(zip(part.header, part.widths, strict=True))
        ]
        return {"table": head, "rows": [" | ".join(row) for row in part.rows]}
    text = "".join(f"**{run.text}**" if run.bold else run.text for run in part.runs)
    return {part.kind: f"{part.label} {text}".strip()}

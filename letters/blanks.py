"""What a letter leaves blank: each blank is known by the field or the value of the unit that would fill it.

A field of the unit is called `unit_NAME` among the fields of a letter; `none_NAME` says that there is no such value.
`TABLE.COLUMN` is missing where cells of a table are blank that is put together from the cases of a batch.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from letters.catalogue import FieldKind, LetterType
from letters.field_sources import BATCH, OBSTACLES
from letters.letter_input import LetterInput
from letters.numbering import BLANK
from letters.tree import Block, Letter, Missing, Table
from procedures.law.rules import Citation
from templates.words import LANGUAGES, both, catalogue, t

UNIT, NONE, LAW, OFFICER, TEXT = "unit_", "none_", "law.", "officer", "text"
TYPED_OF_UNIT: Mapping[str, str] = {  # what may be typed of the unit for one letter, by type; the rest is always known
    "address": "text", "certificate_number": "text", "certificate_on": "date", "certificate_issuer": "text",
    "tax_code": "text", "representative": "text", "phone": "text", "members": "number", "charter_capital": "money",
}  # fmt: skip
SHOWN = 3  # units that are named where a column of an annex is blank
_OF_UNIT = re.compile(r"\bunit\.(\w+)")
_MAY_LACK = re.compile(r"""\bhas\(["'](\w+)["']\)""")
_DOTTED = re.compile(r"…{2,}|\.{4,}|_{3,}")


@dataclass
class Blanks:
    """Collects the sources of the blanks of a letter while it is filled, each once, in order."""

    sources: dict[str, None] = field(default_factory=dict)

    def __call__(self, source: str) -> None:
        self.sources[source] = None


def _texts(kind: LetterType) -> str:
    return "\n".join((kind.summary, kind.proposer, kind.second_signer, kind.signers, kind.body))


def may_lack(kind: LetterType) -> frozenset[str]:
    """The names whose sentence the template leaves out when there is no such value: those of `has("NAME")`."""
    return frozenset(_MAY_LACK.findall(_texts(kind)))


def unit_fields(kind: LetterType) -> Mapping[str, FieldKind]:
    """The values of the unit that the letter prints, as fields that may be typed for this letter."""
    named = dict.fromkeys(_OF_UNIT.findall(_texts(kind)))
    return {
        f"{UNIT}{name}": FieldKind(type=TYPED_OF_UNIT[name], required=False, label=both(f"register.field.{name}"))  # type: ignore[arg-type]
        for name in named
        if name in TYPED_OF_UNIT
    }


def none_fields(kind: LetterType) -> Mapping[str, FieldKind]:
    """For each name that the letter may lack, the field that says so."""
    known = {**kind.fields, **unit_fields(kind)}
    found = {}
    for name in sorted(may_lack(kind)):
        label = {lang: t("letters.there_is_none", lang, what=known[name].label[lang]) for lang in LANGUAGES}
        found[f"{NONE}{name}"] = FieldKind(type="boolean", required=False, label=label)
    return found


def with_typed_unit(kind: LetterType, data: LetterInput) -> LetterInput:
    """The data with the values of the unit that were typed for this letter in place of those of the register."""
    typed = {}
    for name, known in unit_fields(kind).items():
        value = data["extra"].get(name)
        if value not in (None, ""):
            day = known.type == "date" and isinstance(value, str)
            typed[name.removeprefix(UNIT)] = date.fromisoformat(value) if day else value
    return {**data, "unit": data["unit"] | typed} if typed else data


def lacks(kind: LetterType, extra: Mapping[str, Any], name: str) -> bool:
    """Whether a person said for this letter that there is no such value."""
    return extra.get(f"{NONE}{name}") is True and name in may_lack(kind)


def missing_of(
    kind: LetterType,
    required: list[Missing],
    blanks: Blanks,
    unverified: Mapping[str, Citation],
    values: Mapping[str, Any],
) -> tuple[Missing, ...]:
    """The required fields without a value, then whatever else left a blank in the text. `values`: of the fields."""
    known = {item.name for item in required}
    labels = {**kind.fields, **unit_fields(kind)}
    sources = dict.fromkeys(_typed_at(source, kind) for source in blanks.sources)
    others = (source for source in sources if source not in known)
    return (*required, *(Missing(source, _label(source, labels, unverified, values)) for source in others))


def _typed_at(source: str, kind: LetterType) -> str:
    """The table of a cell, which is typed as a whole; the cell itself of a table that nobody types here."""
    table, mark, _ = source.partition(".")
    if not mark or source.startswith(LAW):
        return source
    field = kind.fields.get(table)
    return source if field is not None and of_batch(field) else table


def of_batch(field: FieldKind) -> bool:
    """Whether a field is put together from the cases that the letter is about, and typed on their list."""
    return field.from_.startswith((f"{BATCH}.", f"{OBSTACLES}."))


def _label(
    source: str, labels: Mapping[str, FieldKind], unverified: Mapping[str, Citation], values: Mapping[str, Any]
) -> Mapping[str, str]:
    if source in labels:
        return labels[source].label
    table, _, column = source.partition(".")
    if table in labels:
        return _label_of_cells(labels[table], column, values[table])
    citation = unverified.get(source.removeprefix(LAW)) if source.startswith(LAW) else None
    if citation is not None:
        return {lang: f"{word} ({citation.text(lang)})" for lang, word in both("letters.lacks_law").items()}
    key = f"letters.lacks_{source}"
    return both(key if key in catalogue() else "letters.lacks_text")


def _label_of_cells(table: FieldKind, column: str, rows: list[Mapping[str, Any]]) -> Mapping[str, str]:
    """The column, and the units of the first rows in which it is blank."""
    units = [str(row.get("unit") or place) for place, row in enumerate(rows, start=1) if not row.get(column)]
    named, more = ", ".join(units[:SHOWN]), len(units) - SHOWN
    heading = table.columns[column]
    found = {}
    for lang, words in both("letters.lacks_cells").items():
        rest = t("letters.lacks_more", lang, count=more) if more > 0 else ""
        found[lang] = words.format(table=table.label[lang], column=heading[lang], units=named) + rest
    return found


def where(name: str) -> Mapping[str, str]:
    """Where a missing item is entered: the letter's own page, that of its batch, the register, the office's data, the
    citations."""
    kind, mark, _ = name.partition(".")
    place = {"office": "office", "law": "law"}.get(kind, "annex") if mark else "unit" if name.startswith(UNIT) else ""
    return both(f"letters.fill_{OFFICER if name == OFFICER else place or 'letter'}")


def dotted(letter: Letter) -> Iterator[str]:
    """Yield each text of a letter that has a dotted blank."""
    texts = [letter.summary, letter.place, letter.parent, letter.issuer, *letter.addressees, *letter.recipients]
    texts += [*(letter.second_signer or ()), *(text for signer in letter.co_signers for text in signer)]
    for part in (*letter.body, *(part for appendix in letter.appendices for part in appendix.body)):
        texts += [cell for row in part.rows for cell in row] if isinstance(part, Table) else [_whole(part)]
    yield from (text for text in texts if BLANK in text or _DOTTED.search(text))


def unexplained(letter: Letter) -> tuple[Missing, ...]:
    """A blank that no field explains, such as dots that were typed, with its sentence."""
    words = both(f"letters.lacks_{TEXT}")
    return tuple(
        Missing(TEXT, {lang: f"{word}: «{_around(text)}»" for lang, word in words.items()}) for text in dotted(letter)
    )


def _around(text: str) -> str:
    found = _DOTTED.search(text)
    place = found.start() if found else 0
    return text[max(0, place - 30) : place + 30].strip()


def _whole(block: Block) -> str:
    return f"{block.label} {block.text}".strip()

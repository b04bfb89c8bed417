"""Letters as PDF/A-2a with PDF/UA-1: the record. Output is reproducible byte by byte."""

import hashlib
import io
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import as_file, files
from typing import Any

import pikepdf
import typst

from letters.marks import TRIAL, box_of
from letters.numbering import BLANK, appendix_label, date_line, goes_with, has_blank, number_line
from letters.output.fitting import sizes
from letters.output.fonts import FAMILY, check_fonts, font_folder
from letters.output.keep_with_signature import Part, is_long, parted
from letters.output.layouts import layout_of
from letters.output.no_break import kept, kept_in_cell, kept_in_heading
from letters.tree import CENTRED, Block, Letter, Table
from models.errors import CoopcaseError

STANDARDS = ["a-2a", "ua-1"]
MOST_FOUND = 20_000
_local = threading.local()
_found_before: dict[bytes, int] = {}  # cached: finding a size takes one or two runs of the compiler


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter with its number; None prints as a draft."""

    letter: Letter
    number: int | None = None


class PrintError(CoopcaseError):
    """The letter cannot be typeset: a character without a glyph, or a warning of the compiler."""

    def __init__(self, why: str) -> None:
        super().__init__("letter_cannot_print", why=why)


def pdf(letter: Letter, number: int | None = None) -> bytes:
    """Return one letter as PDF/A; a draft without a number. Raises PrintError."""
    return _fitted(Printed(letter, number))[1]


def pdf_of_many(printed: Sequence[Printed]) -> bytes:
    """Return letters of one standard as one PDF, each starting on a new page numbered from 1. Raises PrintError."""
    first, choices = printed[0].letter, [_choices(item) for item in printed]
    made = _set([_job_of(item, tried[0]) for item, tried in zip(printed, choices, strict=True)], first)
    if all(len(tried) == 1 for tried in choices) or _pages(made) == sum(map(_least_pages, printed)):
        return made
    return _set([_job_of(item, body_size(item)) for item in printed], first)


def body_size(item: Printed) -> int:
    """Return the text size of a letter in points: smaller, within its standard, where it then fits on one page."""
    choices = _choices(item)
    return choices[0] if len(choices) == 1 else _fitted(item)[0]


def _fitted(item: Printed) -> tuple[int, bytes]:
    """A letter in the first of its sizes that fits on one page, else in the last."""
    *tried, last = _choices(item)
    for size in tried:
        made = _set([_job_of(item, size)], item.letter)
        if _pages(made) == _least_pages(item):
            return _noted(item, size), made
    return _noted(item, last) if tried else last, _set([_job_of(item, last)], item.letter)


def _choices(item: Printed) -> tuple[int, ...]:
    """The sizes to try, or the cached one for the same letter."""
    found = sizes(item.letter)
    if len(found) == 1:
        return found
    known = _found_before.get(_mark(item))
    return found if known is None else (known,)


def _noted(item: Printed, size: int) -> int:
    if len(_found_before) >= MOST_FOUND:
        _found_before.clear()
    _found_before[_mark(item)] = size
    return size


def _mark(item: Printed) -> bytes:
    """The cache key: a hash of the letter without its size."""
    return hashlib.sha256(json.dumps([item.letter.standard, _job_of(item, 0)], sort_keys=True).encode()).digest()


def _least_pages(item: Printed) -> int:
    return 1 + len(item.letter.appendices)


def _pages(made: bytes) -> int:
    with pikepdf.open(io.BytesIO(made)) as document:
        return len(document.pages)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the signature: top of the space between post and name, in points from the top left of a page."""

    page: int
    left: float
    top: float


def signing_place(letter: Letter, number: int | None) -> Place:
    """Return the place of the signature in the letter's PDF. Raises PrintError."""
    item = Printed(letter, number)
    inputs = {"letters": _job([_job_of(item, body_size(item))], letter)}
    with as_file(files("letters").joinpath("letter.typ")) as path:
        compiler = typst.Compiler(
            input=str(path), font_paths=[str(font_folder())], ignore_system_fonts=True, sys_inputs=inputs
        )
        (found,) = json.loads(compiler.query("<sign-here>", field="value"))
    return Place(found["page"], float(found["x"].removesuffix("pt")), float(found["y"].removesuffix("pt")))


def _set(letters: Sequence[Mapping[str, Any]], first: Letter) -> bytes:
    return typeset("letter.typ", {"letters": _job(letters, first)}, first.on)


def _job(letters: Sequence[Mapping[str, Any]], first: Letter) -> str:
    job: dict[str, Any] = {
        "layout": layout_of(first.standard).model_dump(exclude={"from_", "to"}),
        "font": FAMILY,
        "title": title_of(first),
        "author": first.issuer.replace("\n", " "),
        "letters": letters,
    }
    job["longest"] = max(map(len, json.dumps(job, ensure_ascii=False).split()))  # length of the longest word
    return json.dumps(job, ensure_ascii=False, sort_keys=True)


def title_of(letter: Letter) -> str:
    """Return e.g. `QUYẾT ĐỊNH Về việc ...` on one line."""
    return f"{letter.type_name or 'CÔNG VĂN'} {letter.summary}".replace("\n", " ")


def signed_by(letter: Letter, number: int | None) -> str:
    """Return cell 7b: a blank on a draft without a signer; empty on a form."""
    return letter.signer or (BLANK if number is None and not letter.form else "")


def typeset(source: str, inputs: Mapping[str, str], on: date) -> bytes:
    """Compile a typst file of this package with JSON inputs to PDF/A with a fixed date. Raises PrintError."""
    stamp = int(datetime.combine(on, time(), UTC).timestamp())
    try:
        result, warnings = _compiler(source).compile_with_warnings(
            sys_inputs=dict(inputs), format="pdf", pdf_standards=STANDARDS, timestamp=stamp
        )
    except typst.TypstError as error:
        raise PrintError(str(error)) from error
    if warnings:
        raise PrintError("; ".join(str(warning) for warning in warnings))
    return bytes(result)


def _compiler(source: str) -> Any:
    """One compiler per thread and file, since it cannot be shared.

    Vendored fonts only: the record must not depend on fonts installed on the machine.
    """
    compilers: dict[str, Any] = _local.__dict__.setdefault("compilers", {})
    if source not in compilers:
        check_fonts()
        with as_file(files("letters").joinpath(source)) as path:
            compilers[source] = typst.Compiler(
                input=str(path), font_paths=[str(font_folder())], ignore_system_fonts=True
            )
    return compilers[source]


def _job_of(item: Printed, size: int) -> Mapping[str, Any]:
    letter, number, second = item.letter, item.number, item.letter.second_signer
    body, closing = parted(letter.body)
    return {
        "size": size,
        "draft": number is None and not letter.form,
        "trial": TRIAL if letter.trial else "",
        "parent": [kept(line) for line in letter.parent.splitlines()],
        "issuer": [kept(line) for line in letter.issuer.splitlines()],
        "number": number_line(number, letter.symbol),
        "date": date_line(letter.place, _dated(item)),
        "type": letter.type_name,
        "summary": kept_in_heading(letter.summary),
        "addressees": [kept_in_heading(name) for name in letter.addressees],
        "body": [_block(block) for block in body],
        "closing": [_block(block) for block in closing],
        "authority": letter.authority,
        "signer": signed_by(letter, number),
        "recipients": letter.recipients,
        "second": second and [kept_in_heading(second[0].upper()), second[1]],
        "others": [item and [kept_in_heading(item[0].upper()), item[1]] for item in letter.beside_each_other],
        "stamps": [_stamp(text) for text in (letter.secrecy, letter.urgency) if text],
        "circulation": _stamp(letter.circulation) if letter.circulation else None,
        "appendices": [_appendix(item, place) for place in range(len(letter.appendices))],
    }


def _dated(item: Printed) -> date | None:
    return item.letter.on if item.number is not None else None


def _appendix(item: Printed, place: int) -> Mapping[str, Any]:
    letter, appendix = item.letter, item.letter.appendices[place]
    whence = goes_with(letter.type_name, item.number, letter.symbol, _dated(item), letter.author)
    return {
        "label": appendix_label(place + 1, len(letter.appendices)),
        "title": kept_in_heading(appendix.title.upper()),
        "goes_with": kept_in_heading(whence),
        "body": [_block(block) for block in appendix.body],
    }


def _stamp(text: str) -> Mapping[str, Any]:
    width, height = box_of(text)
    return {"text": text, "width": width, "height": height}


def _block(block: Block | Table | Part) -> Mapping[str, Any]:
    if isinstance(block, Part):
        return {**_block(block.table), "open": block.open, "continued": block.continued}
    if isinstance(block, Table):
        widths = block.widths or tuple(1 for _ in block.header)
        rows = [{"cells": [kept_in_cell(cell) for cell in row], "long": is_long(row, widths)} for row in block.rows]
        return {
            "kind": "table", "header": block.header, "rows": rows, "widths": widths, "right": sorted(block.right),
            "counted": block.counted, "open": False, "continued": False,
        }  # fmt: skip
    parts = kept_in_heading if block.kind in CENTRED else kept
    runs = [{"text": parts(run.text), "bold": run.bold, "italic": run.italic} for run in block.runs]
    return {
        "kind": block.kind, "label": block.label, "runs": runs, "blank": has_blank(block.text),
        "titled": block.titled, "leads": block.leads,
    }  # fmt: skip

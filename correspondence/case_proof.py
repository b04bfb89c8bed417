"""One file that proves a case: facts, papers, evidence, sums of dates, and their places in the office's signed log.

A ZIP with a page to read, the records as JSON, the files, and a checker that needs nothing but Python.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files as shipped
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Connection, Table, and_, or_, select

from audit_log.checkpoints import log_key, under_own_key
from audit_log.merkle import proofs
from audit_log.proof_check import CASE, MANIFEST, sha256
from audit_log.sequencer import latest
from casework.case_view import case_document
from casework.dossier.instructions import instructions_of
from casework.dossier.notes import notes_of
from casework.evidence_store import bytes_of
from casework.ledger import case_row, facts_of
from casework.sums.deadline_sums import explain
from correspondence.letter_files import read_bytes
from models.clock import HANOI
from models.history_log import FACT, digest_of, key_of, shown
from models.letter_links import of_case
from models.office_kind import is_trial
from models.tables import (
    book_entries,
    calendar_adoptions,
    case_notes,
    closings,
    evidence,
    facts,
    incoming,
    instructions,
    letter_rows,
    log_entries,
    log_leaves,
    outstanding_entries,
    procedure_versions,
    rulings,
    services,
    signed_papers,
    signed_versions,
    unit_changes,
    units,
)
from procedures.state_machine.chain import utc_text
from templates.formats import date_vi, moment_vi
from templates.trial_mark import mark_of
from templates.words import t

FORMAT = "coopcase-proof-1"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Proof:
    """The file and what it is called."""

    name: str
    content: bytes


def prove(connection: Connection, ref: str, folder: Path, now: datetime, lang: str) -> Proof:
    """The proof of a case, of everything that is in the log's newest checkpoint.

    `folder`: the data folder, with the key. Order the log before (`sequence`). Raises NotFound.
    """
    records = list(_records(connection, ref))
    document = _document(connection, ref, folder, now, records)
    content = {name: data for _, _, _, name, data in records if name}
    content[CASE] = json.dumps(document, ensure_ascii=False, indent=1).encode()
    content["index.html"] = _page(connection, ref, now, lang, document)
    content["check.py"] = shipped("audit_log").joinpath("proof_check.py").read_bytes()
    content[MANIFEST] = _manifest(content, ref, folder)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(content):
            file.writestr(zipfile.ZipInfo(name, now.astimezone(HANOI).timetuple()[:6]), content[name])
    return Proof(f"{ref}-{now.astimezone(HANOI):%Y%m%d}.zip", packed.getvalue())


def _manifest(content: Mapping[str, bytes], ref: str, folder: Path) -> bytes:
    lines = [f"{sha256(data)}  {name}" for name, data in sorted(content.items())]
    key = log_key(folder)
    return key.note("\n".join([key.origin, f"proof of {ref}", *lines]) + "\n").encode()


Record = tuple[Table, Mapping[str, Any], str, str, bytes]  # table, row, column with the hash of its file, file, content


def _records(connection: Connection, ref: str) -> Iterable[Record]:
    """The rows that belong to the case, each with its file where it names one."""
    case = case_row(connection, ref)
    letters = select(letter_rows.c.id).where(of_case(case["id"]))
    wanted: tuple[tuple[Table, Any], ...] = (
        (units, units.c.id == case["unit_id"]),
        (unit_changes, unit_changes.c.unit_id == case["unit_id"]),
        (procedure_versions, procedure_versions.c.pin == case["procedure"]),
        (calendar_adoptions, calendar_adoptions.c.id > 0),
        (closings, or_(closings.c.layer == "city", closings.c.district_code == case["district_code"])),
        (rulings, or_(rulings.c.district_code.is_(None), rulings.c.district_code == case["district_code"])),
        (letter_rows, letter_rows.c.id.in_(letters)),
        (book_entries, book_entries.c.letter_id.in_(letters)),
        (services, services.c.letter_id.in_(letters)),
        (signed_versions, signed_versions.c.letter_id.in_(letters)),
        (signed_papers, signed_papers.c.letter_id.in_(letters)),
        (incoming, incoming.c.case_id == case["id"]),
        (outstanding_entries, outstanding_entries.c.case_id == case["id"]),
        (evidence, evidence.c.case_id == case["id"]),
        (case_notes, case_notes.c.case_id == case["id"]),
        (instructions, instructions.c.case_id == case["id"]),
    )
    for table, condition in wanted:
        for row in connection.execute(select(table).where(condition).order_by(*table.primary_key)).mappings():
            yield _with_file(table, dict(row))


def _with_file(table: Table, row: Mapping[str, Any]) -> Record:
    if table.name == letter_rows.name and row["pdf_sha"]:
        return table, row, "pdf_sha", f"letters/{row['id']}.pdf", read_bytes(row["pdf_sha"])
    if table.name == signed_versions.name:
        return table, row, "sha256", f"signed/{row['id']}-{row['name']}", read_bytes(row["sha256"])
    if table.name == signed_papers.name:
        return table, row, "sha256", f"signed/scan-{row['id']}-{row['name']}", read_bytes(row["sha256"])
    if table.name == evidence.name:
        return table, row, "sha256", f"evidence/{row['id']}-{row['name']}", bytes_of(row["sha256"])
    return table, row, "", "", b""


def _document(
    connection: Connection, ref: str, folder: Path, now: datetime, records: Iterable[Record]
) -> dict[str, Any]:
    case, last = case_row(connection, ref), latest(connection)
    listed: list[dict[str, Any]] = [
        {
            "entity": table.name, "key": key_of(table, row), "row": shown(table.name, row), "column": column,
            "file": name, "digest": digest_of(table.name, row),
        }
        for table, row, column, name, _ in records
    ]  # fmt: skip
    hashes = _hashes(connection, case["id"])
    found = [_fact(one, own) for one, own in zip(facts_of(connection, case["id"]), hashes, strict=True)]
    subjects = [(FACT, f"{case['id']}|{one['seq']}") for one in found]
    subjects += [(str(one["entity"]), str(one["key"])) for one in listed]
    entries = _entries(connection, subjects)
    for one, subject in zip([*found, *listed], subjects, strict=True):
        one["entry"] = entries.get(subject)
    return {
        "format": FORMAT, "case": ref, "id": case["id"], "made_at": utc_text(now), "key": log_key(folder).verifier(),
        "checkpoint": under_own_key(last.note, folder) if last is not None else "",
        "facts": [one for one in found if one["entry"]], "records": [one for one in listed if one["entry"]],
    }  # fmt: skip


def _hashes(connection: Connection, case_id: int) -> list[str]:
    found = select(facts.c.hash).where(facts.c.case_id == case_id).order_by(facts.c.seq)
    return list(connection.scalars(found))


def _fact(fact: Any, own: str) -> dict[str, Any]:
    return {
        "seq": fact.seq, "kind": fact.kind, "occurred_on": fact.occurred_on.isoformat(),
        "recorded_at": utc_text(fact.recorded_at), "by": fact.by, "role": fact.role, "data": fact.data,
        "evidence": list(fact.evidence), "annuls": fact.annuls, "hash": own,
    }  # fmt: skip


def _entries(connection: Connection, subjects: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """By subject: its latest entry that has a place in the tree, with its inclusion proof."""
    places: dict[tuple[str, str], tuple[int, int]] = {}
    columns = log_entries.c
    for start in range(0, len(subjects), _AT_ONCE):
        asked = subjects[start : start + _AT_ONCE]
        chosen = or_(*(and_(columns.entity == one, columns.key == key) for one, key in asked))
        found = select(columns.entity, columns.key, columns.id, log_leaves.c.position)
        joined = found.join(log_leaves, log_leaves.c.entry_id == columns.id).where(chosen).order_by(columns.id)
        for entity, key, number, position in connection.execute(joined).tuples():
            places[entity, key] = (number, position)
    stored = connection.scalars(select(log_leaves.c.hash).order_by(log_leaves.c.position))
    paths = proofs([bytes.fromhex(one) for one in stored], {position for _, position in places.values()})
    return {
        subject: {"id": number, "position": position, "proof": [one.hex() for one in paths[position]]}
        for subject, (number, position) in places.items()
    }


def _page(connection: Connection, ref: str, now: datetime, lang: str, document: Mapping[str, Any]) -> bytes:
    """The page to read: no script, nothing from elsewhere."""
    made = Environment(loader=PackageLoader("templates", "proof"), autoescape=True, undefined=StrictUndefined)
    made.filters |= {"day": date_vi, "moment": moment_vi}
    today = now.astimezone(HANOI).date()
    case_id = case_row(connection, ref)["id"]
    text = made.get_template("index.html").render(
        t=partial(t, lang=lang), lang=lang, case=case_document(connection, ref, today=today, lang=lang),
        sums=explain(connection, ref, lang=lang), made_at=now.astimezone(HANOI), document=document,
        files=[one for one in document["records"] if one["file"]],
        notes=notes_of(connection, case_id), instructions=instructions_of(connection, case_id),
        mark=mark_of(is_trial(connection), lang),
    )  # fmt: skip
    return text.encode()

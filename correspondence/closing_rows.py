"""What the closing report lists of a case: the index of its dossier, and what was not handed in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase
from letters.catalogue import letter_types
from letters.numbering import number_text
from models.letter_links import of_case
from models.tables import letter_rows
from oversight.outstanding import outstanding
from procedures.former_names import letter_name
from procedures.state_machine.fold import valid_facts
from rulebook.shipped import by_names_of_release
from templates.formats import date_vi
from templates.words import t

OWN = frozenset({"write_closing_report"})  # the report does not list what it is attached to


def dossier_rows(connection: Connection, loaded: LoadedCase) -> list[dict[str, str]]:
    """Every letter issued and every act with its evidence, by day."""
    found = [*_letters(connection, loaded.row["id"]), *_evidence(loaded)]
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def _letters(connection: Connection, case_id: int) -> Iterator[tuple[date, dict[str, str]]]:
    columns = letter_rows.c
    issued = select(columns.template, columns.number, columns.symbol, columns.issued_on).where(
        of_case(case_id), columns.number.is_not(None), columns.status != "cancelled"
    )
    for row in connection.execute(issued.order_by(columns.issued_on, columns.id)):
        kind = letter_types().get(letter_name(row.template))
        symbol = f"{number_text(row.number)}/{row.symbol}"
        title = kind.title["vi"] if kind is not None else symbol  # of a letter that is no more
        yield row.issued_on, {"paper": title, "symbol": symbol, "day": date_vi(row.issued_on)}


def _evidence(loaded: LoadedCase) -> Iterator[tuple[date, dict[str, str]]]:
    for fact in valid_facts(by_names_of_release(loaded.facts)):
        verb = loaded.procedure.verbs.get(fact.kind)
        if verb is None or not fact.evidence or fact.kind in OWN:
            continue
        files = t("outstanding.files", "vi", count=len(fact.evidence))
        yield fact.occurred_on, {"paper": verb.done.vi, "symbol": files, "day": date_vi(fact.occurred_on)}


def not_handed_in(connection: Connection, ref: str) -> list[dict[str, Any]]:
    """The things of a dissolved unit that were not handed in, each with what became of it."""
    return [
        {
            "item": t(f"outstanding.kind_{item.kind}", "vi"),
            "state": t(f"outstanding.status_{item.status}", "vi"),
            "paper": item.paper or item.reason or t("outstanding.no_paper", "vi"),
        }
        for item in outstanding(connection, ref=ref)
        if item.status not in ("returned", "found")
    ]

"""What the lists of an office show beside its cases: letters, incoming documents, messages, and cases that have a legal
limit or an obstacle. Written by SQL alone: whatever compares cases with their facts is measured before.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, literal, select, update

from correspondence.composing import compose_rows
from correspondence.drafts import one_letter
from letters.frozen import content_hash, freeze
from models.database import refresh_statistics, writing
from models.tables import case_rows, deadlines, incoming, letter_cases, letter_rows, messages, obstacles
from tests.web.web_office import CLOCK, TODAY

BATCH = 5_000  # rows of one transaction
WITH_LIMIT, WITH_OBSTACLE, WAITING, UNANSWERED = 7, 5, 50, 20  # every so many
LETTERS = ("visit_notice", "tax_inquiry")  # of each case
CODES = ("tax_debt", "bank_debt", "lawsuit", "land_origin")


def enliven(bind: Engine) -> None:
    """A case has two letters, a document that answers one, and a message; some have a limit or an obstacle."""
    with writing(bind) as connection:
        found = select(case_rows.c.id, case_rows.c.officer_id).order_by(case_rows.c.id)
        cases = [(case, officer) for case, officer in connection.execute(found).tuples() if officer is not None]
        _limits(connection)
        _blocked(connection)
    for table, made in ((letter_rows, _letters), (incoming, _arrivals), (messages, _messages)):
        for start in range(0, len(cases), BATCH):
            _write(bind, table, [made(at, *cases[at]) for at in range(start, min(start + BATCH, len(cases)))])
    with writing(bind) as connection:
        _tied(connection)
        _signed(connection)
        _answered(connection)
    refresh_statistics(bind)


def _tied(connection: Connection) -> None:
    known = select(letter_cases.c.letter_id)
    own = select(letter_rows.c.id, letter_rows.c.case_id).where(letter_rows.c.id.not_in(known))
    connection.execute(letter_cases.insert().from_select(["letter_id", "case_id"], own))


def _signed(connection: Connection) -> None:
    """The text of a signed letter is frozen: that of the first of its kind, for all of them."""
    columns = letter_rows.c
    for template in LETTERS:
        those = (columns.template == template, columns.status == "approved")
        first = connection.scalar(select(func.min(columns.id)).where(*those))
        if first is not None:
            frozen = freeze(compose_rows(connection, [one_letter(connection, first)], TODAY)[first])
            values = {"data": {"frozen": frozen}, "content_hash": content_hash(frozen)}
            connection.execute(update(letter_rows).where(*those).values(values))


def _answered(connection: Connection) -> None:
    """Most documents answer a letter of their case."""
    asked = select(letter_rows.c.id).where(
        letter_rows.c.case_id == incoming.c.case_id, letter_rows.c.template == LETTERS[-1]
    )
    some = incoming.c.number % UNANSWERED != 0
    connection.execute(update(incoming).where(some).values(answers_letter_id=asked.scalar_subquery()))


def _write(bind: Engine, table: Table, made: list[list[dict[str, Any]]]) -> None:
    with writing(bind) as connection:
        connection.execute(table.insert(), [row for rows in made for row in rows])


def _limits(connection: Connection) -> None:
    """The fixed date of every seventh case is a limit of the law, of some within the week, of some past."""
    row, own = case_rows.c, deadlines.c
    for shift, rest in enumerate(range(0, WITH_LIMIT * 10, WITH_LIMIT)):
        day = TODAY + timedelta(days=7 * shift - 14)
        some = row.id % (WITH_LIMIT * 10) == rest
        connection.execute(update(case_rows).where(some).values(legal_on=day, due_on=day))
        of_cases = own.case_id.in_(select(row.id).where(some))
        of_programme = own.kind == "programme", own.status == "open"
        connection.execute(update(deadlines).where(of_cases, *of_programme).values(kind="legal", ends_on=day))


def _blocked(connection: Connection) -> None:
    for place, code in enumerate(CODES):
        some = case_rows.c.id % (WITH_OBSTACLE * len(CODES)) == place * WITH_OBSTACLE
        connection.execute(update(case_rows).where(some).values(obstacles=[code]))
        since, names = TODAY - timedelta(days=30 + place), ("case_id", "code", "since_on", "note")
        values = select(case_rows.c.id, *map(literal, (code, since, ""))).where(some)
        connection.execute(obstacles.insert().from_select(names, values))


def _letters(at: int, case: int, _officer: int) -> list[dict[str, Any]]:
    """Most are served; some wait for their author, a superior or a number."""
    return list(_letters_of(at, case))


def _letters_of(at: int, case: int) -> Iterator[dict[str, Any]]:
    for place, template in enumerate(LETTERS):
        number = at * len(LETTERS) + place + 1
        status = ("draft", "submitted", "approved")[number // WAITING % 3] if number % WAITING == 0 else "served"
        numbered = {"number": number, "symbol": "UBND-TCKH", "issued_on": TODAY - timedelta(days=number % 300)}
        unnumbered = dict.fromkeys(numbered) | {"symbol": ""}
        yield {
            "key": f"{case}:bench:{template}", "case_id": case, "fact_seq": 1, "template": template, "status": status,
            "issuer": "HBG/finance_office", "drafted_for_on": TODAY - timedelta(days=number % 300),
            "drafted_at": CLOCK.now(), "drafted_by": "cv0.hbg", "data": {"extra": {}}, "missing": [], "unverified": [],
        } | (numbered if status == "served" else unnumbered)  # fmt: skip


def _arrivals(at: int, case: int, _officer: int) -> list[dict[str, Any]]:
    on = TODAY - timedelta(days=at % 300)
    return [
        {
            "office": "HBG", "year": 2015, "number": at + 1, "from_body": "Chi cục Thuế", "symbol": f"{at}/CCT",
            "dated_on": on, "received_on": on, "summary": f"Trả lời về thuế, số {at}", "case_id": case,
            "evidence": [], "files": [], "recorded_by": "clerk.hbg", "recorded_at": CLOCK.now(),
        }
    ]  # fmt: skip


def _messages(at: int, case: int, officer: int) -> list[dict[str, Any]]:
    at_once, on = CLOCK.now() - timedelta(minutes=at), TODAY - timedelta(days=at % 30)
    status = "dead_letter" if at % WAITING == 0 else "sent"
    return [
        {
            "key": f"{officer}:bench:{case}", "officer_id": officer, "case_id": case, "kind": "reminder",
            "subject": f"Nhắc hạn hồ sơ số {at}", "body": "Sắp đến hạn.", "status": status, "created_on": on,
            "created_at": at_once, "next_at": at_once, "sent_at": at_once if status == "sent" else None,
        }
    ]  # fmt: skip

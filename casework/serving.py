"""How an issued letter reached its addressee, or did not: each way with its proof, each a fact of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from casework.correspondence import note, one_letter, require_status
from casework.door import append_built_in
from casework.people import Actor
from models.errors import Refused, WrongInput
from models.tables import evidence as evidence_rows
from models.tables import services
from procedures.values import clean_text

MAY_SERVE = frozenset({"case_officer", "clerk", "commune", "manager"})
WAYS: Mapping[str, tuple[str, ...]] = {  # what each way may end in
    "hand": ("served", "returned"),
    "post": ("served", "returned"),
    "posting": ("published",),
    "newspaper": ("published",),
}
ISSUES = 3  # consecutive ones, Law on Cooperatives 2012 art. 54(1)
STATUS = {"served": "served", "returned": "undelivered", "published": "published"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: the way, what came of it, when, and the proof.

    `details`: `receiver` (hand), `tracking` (post), `place` and `witness` (posting), `newspaper` and `issue`
    (newspaper), `reason` (returned).
    """

    way: str
    result: str
    on: date
    to_on: date | None = None
    details: Mapping[str, Any] | None = None
    evidence: Sequence[str] = ()


def serve(
    connection: Connection, letter_id: int, person: Actor, delivery: Delivery, *, now: datetime, today: date
) -> str:
    """Record an attempt; gives back the letter's status. A clock that hangs on service starts with its proof.

    Raises:
        NotFound, Refused, WrongInput: no proof, a day before the letter's own or to come, a detail missing.
    """
    if person.role not in MAY_SERVE:
        raise Refused("serving_not_yours")
    row = one_letter(connection, letter_id, person)
    require_status(row, ("issued", "undelivered", "published", "served"))
    details = _checked(connection, row, delivery, today)
    values = {
        "letter_id": letter_id, "way": delivery.way, "result": delivery.result, "on": delivery.on,
        "to_on": delivery.to_on, "details": details, "evidence": list(delivery.evidence),
        "recorded_by": person.login, "recorded_at": now,
    }  # fmt: skip
    connection.execute(services.insert().values(**values))
    status = _status(connection, row, delivery)
    if status == row["status"]:
        return status
    note(connection, letter_id, status=status)
    kind = "letter_returned" if status == "undelivered" else "letter_served"
    data = _told(row) | {"way": delivery.way, **details}
    append_built_in(
        connection, row["ref"], kind, data, by=person.login, role=person.role, on=_effective(delivery), now=now,
        evidence=delivery.evidence,
    )  # fmt: skip
    return status


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact says of its letter; `follows` is the seq of the fact the letter was owed by, none when by hand."""
    return {"letter": row["id"], "template": row["template"], "follows": row["fact_seq"]}


def attempts(connection: Connection, letter_id: int) -> list[dict[str, Any]]:
    """What has been tried, in order."""
    found = select(services).where(services.c.letter_id == letter_id).order_by(services.c.id)
    return [dict(row) for row in connection.execute(found).mappings()]


def consecutive_issues(listed: Sequence[Mapping[str, Any]]) -> int:
    """The longest run of consecutive issues of one newspaper among the attempts."""
    numbers: dict[str, set[int]] = {}
    for item in listed:
        if item["way"] == "newspaper":
            numbers.setdefault(str(item["details"]["newspaper"]).casefold(), set()).add(int(item["details"]["issue"]))
    longest = 0
    for issued in numbers.values():
        for first in issued:
            run = 0
            while first + run in issued:
                run += 1
            longest = max(longest, run)
    return longest


def _status(connection: Connection, row: Mapping[str, Any], delivery: Delivery) -> str:
    """A newspaper publishes only with the third consecutive issue; a letter once served stays served."""
    if row["status"] == "served":
        return "served"
    if delivery.way == "newspaper":
        enough = consecutive_issues(attempts(connection, row["id"])) >= ISSUES
        return "published" if enough else str(row["status"])
    if row["status"] == "published" and delivery.result == "returned":
        return "published"
    return STATUS[delivery.result]


def _effective(delivery: Delivery) -> date:
    """Posting reaches its addressee when it ends."""
    return delivery.to_on or delivery.on


def _checked(connection: Connection, row: Mapping[str, Any], delivery: Delivery, today: date) -> dict[str, str]:
    if delivery.result not in WAYS.get(delivery.way, ()):
        raise WrongInput("way", "no_such_service", way=delivery.way, result=delivery.result)
    if delivery.on < row["issued_on"]:
        raise WrongInput("on", "served_before_issue", issued=row["issued_on"].strftime("%d/%m/%Y"))
    if max(delivery.on, delivery.to_on or delivery.on) > today:
        raise WrongInput("on", "served_in_future")
    details = {name: clean_text(name, value) for name, value in (delivery.details or {}).items() if value}
    for name in _needed(delivery):
        if not details.get(name):
            raise WrongInput(name, "service_detail_missing")
    if delivery.way == "newspaper" and not details["issue"].isdecimal():
        raise WrongInput("issue", "not_a_number", value=details["issue"])
    if delivery.way == "posting" and (delivery.to_on is None or delivery.to_on < delivery.on + timedelta(days=1)):
        raise WrongInput("to_on", "posting_needs_end")
    _check_proof(connection, row, delivery)
    return details


def _needed(delivery: Delivery) -> tuple[str, ...]:
    if delivery.result == "returned":
        return ("reason",)
    return {
        "hand": ("receiver",), "post": ("tracking",), "posting": ("place", "witness"),
        "newspaper": ("newspaper", "issue"),
    }[delivery.way]  # fmt: skip


def _check_proof(connection: Connection, row: Mapping[str, Any], delivery: Delivery) -> None:
    """No proof, no clock: a receipt, a returned envelope, minutes, a scan of the page."""
    if not delivery.evidence:
        raise WrongInput("evidence", "service_needs_proof")
    columns = evidence_rows.c
    found = select(columns.sha256).where(columns.case_id == row["case_id"], columns.sha256.in_(list(delivery.evidence)))
    missing = set(delivery.evidence) - set(connection.scalars(found))
    if missing:
        raise WrongInput("evidence", "no_such_evidence", sha=sorted(missing)[0][:12])

"""News at once: what an act tells others, one message a person, folded when several come close together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.tables import case_rows, facts, messages
from notifications import box
from notifications.recipients import People, Person, Recipient
from notifications.rules import allowed_from, rules
from notifications.texts import render
from procedures.schema import Procedure
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.words import catalogue, t


def post_notice(connection: Connection, effect_row: Mapping[str, Any], *, now: datetime, today: date) -> int:
    """Write the messages that an effect (with its case's `ref`) owes; gives back how many.

    Whoever did the act is not told of it. Doing the same effect again writes nothing.
    """
    payload = effect_row["payload"]
    case = dict(connection.execute(select(case_rows).where(case_rows.c.id == effect_row["case_id"])).mappings().one())
    found = select(facts.c.by).where(facts.c.case_id == case["id"], facts.c.seq == payload["seq"])
    doer = connection.scalar(found) or ""
    people = People(connection, today)
    told = [item for item in people.with_substitutes(_told(people, payload, case)) if item.person.login != doer]
    after = _windows(connection, [item.person for item in told], now)
    used, days = box.used_today(connection, today), OfficeCalendars(connection)
    versions = Versions(connection)
    rows = []
    for item in told:
        row = _row(item, people, versions, case, payload, doer, now=now, today=today)
        start = after.get(item.person.id, now)
        row["next_at"] = allowed_from(start, days.of(item.person.district).agency)
        joins = item.person.id in after
        if row["status"] == "owed" and not joins and used.get(item.person.id, 0) >= rules().budget:
            row["status"] = "held"
        rows.append(row)
    return box.put(connection, rows)


def _told(people: People, payload: Mapping[str, Any], case: Mapping[str, Any]) -> list[Person]:
    assigned = people.by_login.get(payload.get("assigned") or "")
    listed = {assigned.id: assigned} if assigned else {}
    for role in payload.get("roles", ()):
        if role == "case_officer" and assigned:
            continue
        listed |= {person.id: person for person in people.in_role(role, case)}
    return list(listed.values())


def _windows(connection: Connection, persons: list[Person], now: datetime) -> dict[int, datetime]:
    """For those who got news a moment ago: when what came since then goes together."""
    columns = messages.c
    started = (
        select(columns.officer_id, func.max(columns.created_at))
        .where(
            columns.officer_id.in_([person.id for person in persons]),
            columns.kind == "notice",
            columns.created_at > now - rules().fold,
            columns.created_at <= now,
            columns.next_at == columns.created_at,
        )
        .group_by(columns.officer_id)
    )
    return {officer: at + rules().fold for officer, at in connection.execute(started).tuples()}


def _row(
    item: Recipient, people: People, versions: Versions, case: Mapping[str, Any], payload: Mapping[str, Any],
    doer: str, *, now: datetime, today: date,
) -> dict[str, Any]:  # fmt: skip
    person, procedure = item.person, versions.of(case["procedure"])
    news, who = news_of(procedure, payload, person, case["state"]), people.by_login.get(doer)
    text = render(
        "notice", person.lang,
        news=news, ref=case["ref"], unit=case["unit_name"], what=_what(procedure, payload, person.lang),
        who=who.name if who else t("messages.the_system", person.lang) if doer in ("", "clock") else doer,
        instead_of=item.instead_of.name if item.instead_of else "",
        next=procedure.states[case["state"]].now[person.lang],
    )  # fmt: skip
    key = f"{person.id}:notice:{case['ref']}:{payload['seq']}"
    return box.row_of(
        person, key, "notice", text, now=now, today=today, case_id=case["id"], link=f"/cases/{case['ref']}"
    )


def _what(procedure: Procedure, payload: Mapping[str, Any], lang: str) -> str:
    verb = payload.get("verb", "")
    known = procedure.verbs.get(verb)
    if known is not None:
        return str(known.done[lang])
    key = f"messages.{verb}"
    return t(key, lang, seq=payload.get("seq_annulled", "")) if key in catalogue() else verb


def news_of(procedure: Procedure, payload: Mapping[str, Any], person: Person, state: str) -> str:
    """What sort of news it is to a person."""
    name = payload.get("verb", "")
    if payload.get("assigned") or name in ("opened", "reassigned"):
        return "assigned"
    if name in ("annulled", "letter_returned"):
        return {"annulled": "annulled", "letter_returned": "undelivered"}[name]
    verb = procedure.verbs.get(name)
    if verb is not None and verb.raises == "complaint":
        return "complaint"
    if name.startswith(("return_", "send_back")):
        return "returned"
    return "approval" if _waits_for(procedure, person.role, state) else "told"


def _waits_for(procedure: Procedure, role: str, state: str) -> bool:
    """True when the case can only go on from its state by an act of this role."""
    moves = [verb for verb in procedure.verbs.values() if verb.to is not None and state in verb.from_]
    return role != "case_officer" and any(verb.by == (role,) for verb in moves)

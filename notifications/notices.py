"""News at once: what an act tells others, one message a person, folded when several come close together."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.tables import case_rows, facts, messages
from notifications import message_store
from notifications.message_texts import render
from notifications.next_steps import step_after
from notifications.recipients import People, Person, Recipient
from notifications.sending_rules import allowed_from, rules
from procedures.schema import Procedure
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.words import catalogue, t

Compose = Callable[[Recipient], dict[str, Any]]


def post_notice(connection: Connection, effect_row: Mapping[str, Any], *, now: datetime, today: date) -> int:
    """Write the messages of an effect (with its case's `ref`). Returns how many.

    Whoever did the act is not told of it. Doing the same effect again writes nothing.
    """
    payload = effect_row["payload"]
    case = dict(connection.execute(select(case_rows).where(case_rows.c.id == effect_row["case_id"])).mappings().one())
    found = select(facts.c.by, facts.c.data).where(facts.c.case_id == case["id"], facts.c.seq == payload["seq"])
    fact = connection.execute(found).first()
    doer, letter = (fact.by, fact.data.get("letter")) if fact else ("", None)
    people, versions = People(connection, today), Versions(connection)

    def row(item: Recipient) -> dict[str, Any]:
        return _row(item, people, versions, case, payload, doer, letter, now=now, today=today)

    return post(connection, people.with_substitutes(_told(people, payload, case)), doer, row, now=now, today=today)


def post(
    connection: Connection, told: Sequence[Recipient], doer: str, compose: Compose, *, now: datetime, today: date
) -> int:
    """Write news at once: folded with what came a moment ago, held for the digest beyond the day's number."""
    others = [item for item in told if item.person.login != doer]
    after = _windows(connection, [item.person for item in others], now)
    used, days = message_store.used_today(connection, today), OfficeCalendars(connection)
    rows = []
    for item in others:
        row = compose(item)
        start = after.get(item.person.id, now)
        row["next_at"] = allowed_from(start, days.of(item.person.district).agency)
        joins = item.person.id in after
        if row["status"] == "pending" and not joins and used.get(item.person.id, 0) >= rules().budget:
            row["status"] = "held"
        rows.append(row)
    return message_store.put(connection, rows)


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
    doer: str, letter: int | None, *, now: datetime, today: date,
) -> dict[str, Any]:  # fmt: skip
    person, procedure = item.person, versions.of(case["procedure"])
    news, link = news_of(procedure, payload, person, case["state"]), f"/cases/{case['ref']}"
    opening = t("messages.open_case", person.lang, ref=case["ref"])
    verb = procedure.verbs.get(payload.get("verb", ""))
    step = step_after(versions, case["state"], case["procedure"], person.lang, verb)
    if news == "undelivered":
        link, opening = f"/letters/{letter}", t("messages.open_letter", person.lang)
        step = t("messages.serve_otherwise", person.lang)
    text = render(
        "notice", person.lang,
        news=news, ref=case["ref"], unit=case["unit_name"], what=_what(procedure, payload, person.lang),
        who=name_of(people, doer, person.lang), link=link, open=opening,
        instead_of=item.instead_of.name if item.instead_of else "",
        next=step,
    )  # fmt: skip
    key = f"{person.id}:notice:{case['ref']}:{payload['seq']}"
    return message_store.row_of(person, key, "notice", text, now=now, today=today, case_id=case["id"], link=link)


def name_of(people: People, doer: str, lang: str) -> str:
    """Who did it, by name; the clock is the system."""
    known = people.by_login.get(doer)
    return known.name if known else t("messages.the_system", lang) if doer in ("", "clock") else doer


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
    if verb is not None and verb.raises in ("complaint", "appeal"):
        return "complaint"
    if name.startswith(("return_", "send_back")):
        return "returned"
    return "approval" if _waits_for(procedure, person.role, state) else "told"


def _waits_for(procedure: Procedure, role: str, state: str) -> bool:
    """True when the case can only go on from its state by an act of this role."""
    moves = [verb for verb in procedure.verbs.values() if verb.to is not None and state in verb.from_]
    return role != "case_officer" and any(verb.by == (role,) for verb in moves)

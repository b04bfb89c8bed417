"""Notices: news of an act on a case, one message a recipient, folded into one mail when several come close together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Required, TypedDict, cast

from sqlalchemy import Connection, func, select

from models.tables import case_rows, facts, messages
from models.typed_rows import one_row
from models.typed_rows.case_shapes import CaseRow
from models.typed_rows.message_shapes import EffectRow
from notifications import message_store
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.next_steps import step_after
from notifications.recipients import People, Person, Recipient
from notifications.sending_rules import allowed_from, rules
from procedures.former_names import own_name
from procedures.schema import Procedure, Verb
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.words import catalogue, t

Compose = Callable[[Recipient], NewMessage]


class NoticePayload(TypedDict, total=False):
    """The payload of the effects `notice` and `annulled`: the act (`verb`, fact `seq`) and the roles to notify.

    `above` are roles of the office above that of the case, `assigned` is the login of the officer to whom the act gave
    the case, `seq_annulled` the fact that it annulled.
    """

    seq: Required[int]
    verb: str
    roles: list[str]
    above: list[str]
    assigned: str | None
    seq_annulled: int


@dataclass(frozen=True, slots=True)
class Notice:
    """An act on a case as its notices are composed.

    `doer` is the login of the person who did it, "" where the fact is not found; `letter` the id of the letter that the
    act is about, or None.
    """

    case: CaseRow
    payload: NoticePayload
    doer: str
    letter: int | None
    people: People
    versions: Versions
    now: datetime
    today: date

    def recipients(self) -> list[Recipient]:
        """The new officer of the case, the roles of the payload, and their substitutes."""
        assigned = self.people.by_login.get(self.payload.get("assigned") or "")
        listed = {assigned.id: assigned} if assigned else {}
        for role in self.payload.get("roles", ()):
            if role == "case_officer" and assigned:
                continue
            listed |= {person.id: person for person in self.people.in_role(role, self.case)}
        for role in self.payload.get("above", ()):
            listed |= {person.id: person for person in self.people.of_city(role)}
        return self.people.with_substitutes(listed.values())

    def message(self, recipient: Recipient) -> NewMessage:
        person, case, lang = recipient.person, self.case, recipient.person.lang
        procedure = self.versions.of(case["procedure"])
        news = news_of(procedure, self.payload, person, case["state"])
        link, opening, step = self._next(procedure, news, lang)
        text = render(
            "notice", lang,
            news=news, ref=case["ref"], unit=case["unit_name"], what=_what(procedure, self.payload, lang),
            who=name_of(self.people, self.doer, lang), link=link, open=opening,
            instead_of=recipient.absent_name, next=step,
        )  # fmt: skip
        key = f"{person.id}:notice:{case['ref']}:{self.payload['seq']}"
        message = message_store.new_message(person, key, "notice", text, now=self.now, today=self.today)
        return replace(message, case_id=case["id"], link=link)

    def _next(self, procedure: Procedure, news: str, lang: str) -> tuple[str, str, str]:
        """(link, its words, the next step) for a sort of news."""
        if news == "undelivered":
            return (
                f"/letters/{self.letter}", t("messages.open_letter", lang), t("messages.serve_otherwise", lang)
            )  # fmt: skip
        case, verb = self.case, _verb_of(procedure, self.payload.get("verb", ""))
        step = step_after(self.versions, case["state"], case["procedure"], lang, verb)
        return f"/cases/{case['ref']}", t("messages.open_case", lang, ref=case["ref"]), step


def post_notice(connection: Connection, effect: EffectRow, *, now: datetime, today: date) -> int:
    """Write the messages of an effect of a case. Returns how many.

    The person who did the act gets none. Doing the same effect again writes nothing.
    """
    payload = cast(NoticePayload, effect["payload"])
    found = select(case_rows).where(case_rows.c.id == effect["case_id"])
    case = one_row(CaseRow, connection.execute(found))
    of_act = select(facts.c.by, facts.c.data).where(facts.c.case_id == case["id"], facts.c.seq == payload["seq"])
    fact = connection.execute(of_act).first()
    doer, letter = (fact.by, fact.data.get("letter")) if fact else ("", None)
    people, versions = People(connection, today), Versions(connection)
    notice = Notice(case, payload, doer, letter, people, versions, now, today)
    return post(connection, notice.recipients(), doer, notice.message, now=now, today=today)


def post(
    connection: Connection, recipients: Sequence[Recipient], doer: str, compose: Compose, *, now: datetime, today: date
) -> int:
    """Write a notice to each recipient but the doer (login). Returns how many.

    It goes as one mail with those of a moment ago; beyond the daily budget it is held for the digest.
    """
    others = [item for item in recipients if item.person.login != doer]
    after = _windows(connection, [item.person for item in others], now)
    used, days = message_store.used_today(connection, today), OfficeCalendars(connection)
    new = []
    for item in others:
        start = after.get(item.person.id, now)
        message = replace(compose(item), next_at=allowed_from(start, days.of(item.person.district).agency))
        joins = item.person.id in after
        if message.status == "pending" and not joins and used.get(item.person.id, 0) >= rules().budget:
            message = replace(message, status="held")
        new.append(message)
    return message_store.put(connection, new)


def _windows(connection: Connection, persons: Sequence[Person], now: datetime) -> Mapping[int, datetime]:
    """By id of a person who got a notice a moment ago: the instant until which further ones join it."""
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


def name_of(people: People, doer: str, lang: str) -> str:
    """The name of a login; that of the system for the clock, the login itself for a person who is not active."""
    known = people.by_login.get(doer)
    return known.name if known else t("messages.the_system", lang) if doer in ("", "clock") else doer


def _what(procedure: Procedure, payload: NoticePayload, lang: str) -> str:
    verb = payload.get("verb", "")
    known = _verb_of(procedure, verb)
    if known is not None:
        return str(known.done[lang])
    key = f"messages.{verb}"
    return t(key, lang, seq=payload.get("seq_annulled", "")) if key in catalogue() else verb


def news_of(procedure: Procedure, payload: NoticePayload, person: Person, state: str) -> str:
    """The sort of news that an act is to a person.

    assigned | annulled | undelivered | complaint | returned | approval | announcement; `messages.news_*` but the last.
    """
    name = payload.get("verb", "")
    if payload.get("assigned") or name in ("opened", "reassigned"):
        return "assigned"
    if name in ("annulled", "letter_returned"):
        return {"annulled": "annulled", "letter_returned": "undelivered"}[name]
    verb = _verb_of(procedure, name)
    if verb is not None and verb.news:
        return verb.news
    return "approval" if _waits_for(procedure, person.role, state) else "announcement"


def _verb_of(procedure: Procedure, name: str) -> Verb | None:
    """A step by its name when the act was done: the case may have moved to another version meanwhile."""
    return procedure.verbs.get(own_name(procedure, "verbs", name))


def _waits_for(procedure: Procedure, role: str, state: str) -> bool:
    """True when the case can only go on from its state by an act of this role."""
    moves = [verb for verb in procedure.verbs.values() if verb.to is not None and state in verb.from_]
    return role != "case_officer" and any(verb.by == (role,) for verb in moves)

"""Notices: news of an act on a case, one message a recipient, folded into one mail when several come close together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Required, TypedDict, cast

from sqlalchemy import Connection, func, select

from models.tables import case_rows, facts, messages
from models.typed_rows import all_rows
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


@dataclass(frozen=True, slots=True)
class Post:
    """Who hears of an act but the person who did it (login), and what is written to each."""

    recipients: Sequence[Recipient]
    doer: str
    compose: Compose


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
    return post_notices(connection, [effect], now=now, today=today)


def post_notices(connection: Connection, effects: Sequence[EffectRow], *, now: datetime, today: date) -> int:
    """`post_notice` for the effects of many cases, in this order."""
    payloads = [cast(NoticePayload, effect["payload"]) for effect in effects]
    case_ids = {effect["case_id"] for effect in effects}
    found = connection.execute(select(case_rows).where(case_rows.c.id.in_(case_ids)))
    cases = {case["id"]: case for case in all_rows(CaseRow, found)}
    acts = select(facts.c.case_id, facts.c.seq, facts.c.by, facts.c.data)
    acts = acts.where(facts.c.case_id.in_(case_ids), facts.c.seq.in_({payload["seq"] for payload in payloads}))
    by_act = {(row.case_id, row.seq): row for row in connection.execute(acts)}
    people, versions = People(connection, today), Versions(connection)
    posts = []
    for effect, payload in zip(effects, payloads, strict=True):
        case = cases[cast(int, effect["case_id"])]
        fact = by_act.get((case["id"], payload["seq"]))
        doer, letter = (fact.by, fact.data.get("letter")) if fact else ("", None)
        notice = Notice(case, payload, doer, letter, people, versions, now, today)
        posts.append(Post(notice.recipients(), doer, notice.message))
    return post_all(connection, posts, now=now, today=today)


def post(
    connection: Connection, recipients: Sequence[Recipient], doer: str, compose: Compose, *, now: datetime, today: date
) -> int:
    """Write a notice to each recipient but the doer (login). Returns how many.

    It goes as one mail with those of a moment ago; beyond the daily budget it is held for the digest.
    """
    return post_all(connection, [Post(recipients, doer, compose)], now=now, today=today)


def post_all(connection: Connection, posts: Sequence[Post], *, now: datetime, today: date) -> int:
    """`post` for many acts in their order: what one writes counts for those after it, as if each came alone."""
    wanted: dict[str, tuple[NewMessage, Person]] = {}
    for one in posts:
        for item in one.recipients:
            if item.person.login != one.doer:
                message = one.compose(item)
                wanted.setdefault(message.key, (message, item.person))
    persons = {person.id: person for _, person in wanted.values()}
    after = _windows(connection, list(persons.values()), now)
    used, days = message_store.UsedToday(connection, today), OfficeCalendars(connection)
    new = []
    for composed in message_store.fresh_of(connection, [message for message, _ in wanted.values()]):
        who = composed.officer_id
        start, joins = after.get(who, now), who in after
        message = replace(composed, next_at=allowed_from(start, days.of(persons[who].district).agency))
        if message.status == "pending" and not joins and used.of(who) >= rules().budget:
            message = replace(message, status="held")
        if message.next_at == message.created_at:
            after[who] = message.created_at + rules().fold
        used.add_notice(message)
        new.append(message)
    return message_store.put(connection, new)


def _windows(connection: Connection, persons: Sequence[Person], now: datetime) -> dict[int, datetime]:
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

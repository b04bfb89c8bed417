"""News of instructions and notes: given, answered, withdrawn, to be reported on, late, to come back to.

They are notices like those of acts: one message a recipient, folded, within the daily budget. The days on which a
report is pressed are the rungs of the ladder.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.clock import HANOI
from models.tables import case_rows, instructions, messages, officers
from models.typed_rows import all_rows
from models.typed_rows.message_shapes import EffectRow
from notifications import message_store
from notifications.ladder import RESPONSIBLE, due_rungs
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.notices import name_of, post
from notifications.recipients import People, Recipient
from notifications.withdrawal import unsent
from oversight.notes_and_instructions import OnCase, OpenInstruction, notes_coming_back, open_instructions
from rulebook.office_calendar import OfficeCalendars
from templates.formats import date_vi
from templates.words import t

LONGEST = 300  # characters of what was written that a message quotes
SETTLED = ("answered", "withdrawn")
_I = instructions.c


@dataclass(frozen=True, slots=True)
class News:
    """The news of a note or instruction for one person. `sort` is a key of `messages.news_`, `doer` a login.

    `occasion` makes the idempotency key; `named` are parameters of the words of what to do next.
    """

    to: int
    case_id: int
    ref: str
    unit: str
    sort: str
    text: str
    due_on: date | None
    doer: str
    link: str
    occasion: str
    named: str = ""

    def message(self, recipient: Recipient, people: People, now: datetime, today: date) -> NewMessage:
        person, lang = recipient.person, recipient.person.lang
        due, note = date_vi(self.due_on), self.sort == "note"
        said = self.text if len(self.text) <= LONGEST else self.text[: LONGEST - 1].rstrip() + "…"
        text = render(
            "notice", lang,
            news=self.sort, ref=self.ref, unit=self.unit, who=name_of(people, self.doer, lang), link=self.link,
            what=said if note or not due else t("messages.instruction_of", lang, text=said, due=due),
            open=t("messages.open_note" if note else "messages.open_instruction", lang),
            next=t(_TO_DO[self.sort], lang, due=due, who=self.named),
            instead_of=recipient.absent_name,
        )  # fmt: skip
        message = message_store.new_message(person, self._key(person.id), "notice", text, now=now, today=today)
        return replace(message, case_id=self.case_id, link=self.link)

    @property
    def key(self) -> str:
        return self._key(self.to)

    def _key(self, person: int) -> str:
        return f"{person}:notice:{self.ref}:{self.occasion}"


_TO_DO = {
    "note": "messages.to_do_note",
    "instruction": "messages.to_do_instruction",
    "instruction_due": "messages.to_do_instruction",
    "instruction_late": "messages.to_do_instruction_late",
    "instruction_answered": "messages.to_do_instruction_answered",
    "instruction_withdrawn": "messages.to_do_instruction_withdrawn",
}


def post_instruction_news(connection: Connection, effect: EffectRow, *, now: datetime, today: date) -> int:
    """Write the messages of an effect: to the addressee, or of an answer to the head who gave the instruction."""
    number, what = int(effect["payload"]["instruction"]), str(effect["payload"]["news"])
    row = connection.execute(_with_case().where(_I.id == number)).one()
    if what in SETTLED:
        _withdraw_unsent(connection, row.case_id, number)
    elif row.answered_at or row.withdrawn_at:
        return 0
    answered = what == "answered"
    doer = {"answered": row.answered_by, "withdrawn": row.withdrawn_by}.get(what, row.author)
    news = News(
        row.by_id if answered else row.to_id, row.case_id, row.ref, row.unit_name,
        "instruction" if what == "given" else f"instruction_{what}", row.answer if answered else row.text,
        None if what in SETTLED else row.due_on, doer, _link(row.ref, number), f"instruction-{number}:{what}",
    )  # fmt: skip
    return _post(connection, People(connection, today), news, doer, now, today)


def remind(connection: Connection, day: date, *, now: datetime) -> int:
    """Write what a day brings: notes that come back, reports that are due or late; each once. Returns how many."""
    people = People(connection, day)
    brought = [*_notes(connection, day), *_reports(connection, people, day)]
    keys = [news.key for news in brought]
    known: set[str] = set()
    for start in range(0, len(keys), message_store.CHUNK):
        chunk = keys[start : start + message_store.CHUNK]
        known.update(connection.scalars(select(messages.c.key).where(messages.c.key.in_(chunk))))
    return sum(_post(connection, people, news, "", now, day) for news in brought if news.key not in known)


def _notes(connection: Connection, day: date) -> Iterator[News]:
    for row in all_rows(OnCase, connection.execute(notes_coming_back(day))):
        if row["person"] is not None:
            link = f"/cases/{row['ref']}/notes/{row['id']}"
            yield _news(row, row["person"], "note", link, f"note-{row['id']}:{row['on']}")


def _reports(connection: Connection, people: People, day: date) -> Iterator[News]:
    """Of each instruction the rungs that have come: before the day to its addressee, after it to its giver."""
    days = OfficeCalendars(connection)
    for row in all_rows(OpenInstruction, connection.execute(open_instructions())):
        person = people.by_id.get(row["person"] or 0)
        calendar = days.of(person.district if person else None).agency
        for rung in due_rungs(row["given_at"].astimezone(HANOI).date(), row["on"], day, calendar):
            mine = rung.to == RESPONSIBLE
            to, sort = (row["person"] or 0, "instruction_due") if mine else (row["giver"], "instruction_late")
            occasion = f"instruction-{row['id']}:{rung.key}"
            yield _news(row, to, sort, _link(row["ref"], row["id"]), occasion, person.name if person else "")


def _news(row: OnCase, to: int, sort: str, link: str, occasion: str, named: str = "") -> News:
    about = (to, row["case_id"], row["ref"], row["unit_name"], sort, row["text"], row["on"])
    return News(*about, row["author"], link, occasion, named)


def _post(connection: Connection, people: People, news: News, doer: str, now: datetime, today: date) -> int:
    person = people.by_id.get(news.to)
    if person is None:  # has left the office
        return 0

    def compose(recipient: Recipient) -> NewMessage:
        return news.message(recipient, people, now, today)

    return post(connection, people.with_substitutes([person]), doer, compose, now=now, today=today)


def _withdraw_unsent(connection: Connection, case_id: int, number: int) -> None:
    """What was to press for a report that is there, or no longer wanted, does not go out any more."""
    columns = messages.c
    about = (columns.case_id == case_id, columns.kind == "notice", columns.key.like(f"%:instruction-{number}:%"))
    connection.execute(unsent(connection).where(*about).values(status="withdrawn", note="settled"))


def _with_case() -> Any:
    giver = officers.alias("giver")
    joined = instructions.join(case_rows, case_rows.c.id == _I.case_id).join(giver, giver.c.id == _I.by_id)
    columns = (instructions, case_rows.c.ref, case_rows.c.unit_name, giver.c.login.label("author"))
    return select(*columns).select_from(joined)


def _link(ref: str, number: int) -> str:
    return f"/cases/{ref}/instructions/{number}"

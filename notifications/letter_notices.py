"""Notices of a letter: it waits for a signature, was returned with remarks, or was taken back by its writer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Required, TypedDict, cast

from sqlalchemy import Connection, select

from letters.catalogue import letter_types
from models.tables import case_rows, letter_rows
from models.typed_rows import one_row
from models.typed_rows.message_shapes import EffectRow
from notifications import message_store
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.notices import name_of, post
from notifications.recipients import People, Recipient
from templates.words import pick, t

RECALLED = "recalled"  # news for those who would have signed, not for who goes on with the draft
NEWS: Mapping[str, tuple[str, str]] = {  # by verb: the status in which it is still news, and the sort of news
    "letter_submitted": ("submitted", "signature"),
    "letter_sent_back": ("returned", "returned"),
    "letter_recalled": ("draft", RECALLED),
}


class BatchPart(TypedDict):
    """A batch of letters that are submitted together."""

    id: int
    name: str
    count: int


class LetterNewsPayload(TypedDict, total=False):
    """The payload of the effect `letter_news`: a verb of NEWS, the letter's id, the logins `to` notify, the doer `by`.

    `occasion` makes the key; `batch` is there when one notice is about a whole batch.
    """

    verb: Required[str]
    letter: Required[int]
    to: Required[list[str]]
    by: Required[str]
    occasion: Required[str]
    batch: BatchPart


class NewsLetter(TypedDict):
    """A letter with its case."""

    id: int
    template: str
    status: str
    remarks: str
    case_id: int
    ref: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class LetterNotice:
    """News of a letter as its notices are composed; `news` is signature, returned or recalled."""

    letter: NewsLetter
    payload: LetterNewsPayload
    news: str
    people: People
    now: datetime
    today: date

    def message(self, recipient: Recipient) -> NewMessage:
        person, letter, lang = recipient.person, self.letter, recipient.person.lang
        title = _title(letter["template"], lang)
        remarks = letter["remarks"]
        unit, ref, link = self._subject(lang)
        text = render(
            "notice", lang,
            news=self.news, ref=ref, unit=unit, who=name_of(self.people, self.payload["by"], lang), link=link,
            what=t("messages.letter_remarks", lang, name=title, text=remarks) if remarks else title,
            open=t("messages.open_batch" if self.payload.get("batch") else "messages.open_letter", lang),
            next=t(f"messages.to_do_{self.news if self.news == RECALLED else letter['status']}", lang),
            instead_of=recipient.absent_name,
        )  # fmt: skip
        key = f"{person.id}:notice:{letter['ref']}:{self.payload['occasion']}"
        message = message_store.new_message(person, key, "notice", text, now=self.now, today=self.today)
        return replace(message, case_id=letter["case_id"], link=link)

    def _subject(self, lang: str) -> tuple[str, str, str]:
        """(unit, case reference, link); of a batch its name, the number of its letters and its page."""
        batch = self.payload.get("batch")
        if batch is None:
            return self.letter["unit_name"], self.letter["ref"], f"/letters/{self.letter['id']}"
        return batch["name"], t("messages.letters_count", lang, count=batch["count"]), f"/letters/bulk/{batch['id']}"


def post_letter_news(connection: Connection, effect: EffectRow, *, now: datetime, today: date) -> int:
    """Write the messages of an effect. Returns how many: none when the letter has left the status of its news."""
    payload = cast(LetterNewsPayload, effect["payload"])
    letter, (status, news) = _letter(connection, payload["letter"]), NEWS[payload["verb"]]
    if letter["status"] != status:
        return 0
    people = People(connection, today)
    recipients = people.with_substitutes(people.by_login[login] for login in payload["to"] if login in people.by_login)
    notice = LetterNotice(letter, payload, news, people, now, today)
    return post(connection, recipients, payload["by"], notice.message, now=now, today=today)


def _letter(connection: Connection, letter_id: int) -> NewsLetter:
    columns = letter_rows.c
    found = (
        select(
            columns.id, columns.template, columns.status, columns.remarks, columns.case_id, case_rows.c.ref,
            case_rows.c.unit_name,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.id == letter_id)
    )  # fmt: skip
    return one_row(NewsLetter, connection.execute(found))


def _title(template: str, lang: str) -> str:
    kind = letter_types().get(template)
    return pick(kind.title, lang) if kind else template

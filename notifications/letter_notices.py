"""News at once of a letter: it waits for a signature, or came back with remarks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from letters.catalogue import letter_types
from models.tables import case_rows, letter_rows
from notifications import message_store
from notifications.message_texts import render
from notifications.notices import name_of, post
from notifications.recipients import People, Recipient
from templates.words import pick, t

NEWS: Mapping[str, tuple[str, str]] = {  # the status in which it is still news, and what sort of news
    "letter_submitted": ("submitted", "signature"),
    "letter_sent_back": ("returned", "returned"),
}


def post_letter_news(connection: Connection, effect_row: Mapping[str, Any], *, now: datetime, today: date) -> int:
    """Write the messages of an effect. Returns how many. What has been settled meanwhile is no news."""
    payload = effect_row["payload"]
    row, (status, news) = _letter(connection, payload["letter"]), NEWS[payload["verb"]]
    if row["status"] != status:
        return 0
    people = People(connection, today)
    told = [people.by_login[login] for login in payload["to"] if login in people.by_login]

    def compose(item: Recipient) -> dict[str, Any]:
        key = f"{item.person.id}:notice:{row['ref']}:{payload['occasion']}"
        who = name_of(people, payload["by"], item.person.lang)
        return _row(item, key, row, news, who, payload.get("batch"), now=now, today=today)

    return post(connection, people.with_substitutes(told), payload["by"], compose, now=now, today=today)


def _letter(connection: Connection, letter_id: int) -> dict[str, Any]:
    columns = letter_rows.c
    found = (
        select(
            columns.id, columns.template, columns.status, columns.remarks, columns.case_id, case_rows.c.ref,
            case_rows.c.unit_name,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.id == letter_id)
    )  # fmt: skip
    return dict(connection.execute(found).mappings().one())


def _row(
    item: Recipient,
    key: str,
    row: Mapping[str, Any],
    news: str,
    who: str,
    batch: Mapping[str, Any] | None,
    *,
    now: datetime,
    today: date,
) -> dict[str, Any]:
    person, kind = item.person, letter_types().get(row["template"])
    title = pick(kind.title, person.lang) if kind else row["template"]
    about, link = (row["unit_name"], row["ref"]), f"/letters/{row['id']}"
    if batch is not None:
        about = batch["name"], t("messages.letters_count", person.lang, count=batch["count"])
        link = f"/letters/bulk/{batch['id']}"
    text = render(
        "notice", person.lang,
        news=news, ref=about[1], unit=about[0], who=who, link=link,
        what=t("messages.letter_remarks", person.lang, name=title, text=row["remarks"]) if row["remarks"] else title,
        open=t("messages.open_batch" if batch else "messages.open_letter", person.lang),
        next=t(f"messages.to_do_{row['status']}", person.lang),
        instead_of=item.instead_of.name if item.instead_of else "",
    )  # fmt: skip
    return message_store.row_of(person, key, "notice", text, now=now, today=today, case_id=row["case_id"], link=link)

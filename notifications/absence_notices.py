"""The notices of an absence that a head entered or took back: to the absent person and to the substitute."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from notifications import message_store
from notifications.message_texts import render
from notifications.notices import post
from notifications.recipients import People, Recipient


def tell_absence(
    connection: Connection, login: str, substitute_id: int, days: tuple[date, date], by: str, *, number: int,
    dropped: bool, now: datetime, today: date,
) -> int:  # fmt: skip
    """Write the notices; returns how many. `number`: of the absence, `by`: the login of who entered it."""
    people = People(connection, today)
    away, doer = people.by_login.get(login), people.by_login.get(by)
    informed = [person for person in people.by_login.values() if person.login == login or person.id == substitute_id]

    def message(recipient: Recipient) -> message_store.NewMessage:
        person = recipient.person
        text = render(
            "absence", person.lang, away=away.name if away else login, who=doer.name if doer else by,
            from_on=days[0], to_on=days[1], dropped=dropped, mine=person.login == login,
        )  # fmt: skip
        key = f"{person.id}:absence:{number}:{'dropped' if dropped else 'entered'}"
        new = message_store.new_message(person, key, "notice", text, now=now, today=today)
        return replace(new, link="/me")

    return post(connection, [Recipient(person) for person in informed], by, message, now=now, today=today)

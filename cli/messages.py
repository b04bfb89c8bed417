"""Commands for messages: weekly digests and the outbox."""

import sys
from typing import Annotated, TypedDict

import typer

from casework.lists.at_risk import date_risks
from casework.office.people import actor
from cli.output import clock, day, duty_of_others, lang, lines, show_json
from cli.progress import bar
from models.database import engine, reading, writing
from models.errors import CoopcaseError, WrongInput
from models.settings import settings
from notifications.delivery.message_queue import ListedMessage, counts, drop, listed, require_handler, retry
from notifications.delivery.unreachable_people import Unreached, unreached
from notifications.message_texts import failure_text
from notifications.weekly.digest import Planned, weekly
from templates.formats import date_vi
from templates.words import say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("week")(week_command)
    app.command("outbox")(outbox_command)


def week_command(
    d: Annotated[str, typer.Argument(help="dd/mm/yyyy; today unless given.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who would get what, and why.")] = False,
    read: Annotated[str, typer.Option("--read", help="Print the digest of one person (LOGIN).")] = "",
    json: Json = False,
) -> None:
    """Write the weekly reminders of this week, once however often it is called; --dry-run shows any week."""
    from flows.jobs.week_digests import remind, require_this_week

    office_clock = clock()
    chosen = day("D", d) or office_clock.today()
    if not dry_run and not read:
        require_this_week(chosen, office_clock)
    with reading(engine()) as connection:
        planned = weekly(connection, chosen, now=office_clock.now(), risks=date_risks)
    if read:
        return _read(planned, read)
    done = {} if dry_run else remind(engine(), chosen, office_clock, track=bar(t("cli.reminding", lang())))
    if json:
        return show_json(
            {"day": chosen, "dry_run": dry_run, "people": [_person(item) for item in planned], "run": done}
        )
    lines([_in_words(item) for item in planned])
    if said := duty_of_others(done, "cli.week_already"):
        sys.stdout.write(said + "\n")
    return None


def _person(item: Planned) -> dict[str, object]:
    subject, body = (item.message.subject, item.message.body) if item.message else ("", "")
    text = {"subject": subject, "body": body}
    return {"login": item.login, "kind": item.kind, "why": item.why, "counts": item.counts, **text}


def _in_words(item: Planned) -> tuple[str, ...]:
    kind, why = t(f"messages.kind_of_{item.kind}", lang()), t(f"messages.why_{item.why}", lang())
    found = ", ".join(t(f"messages.count_{name}", lang(), count=count) for name, count in item.counts.items())
    return item.login, kind, f"{why}: {found}" if found else why


def _read(planned: list[Planned], login: str) -> None:
    found = next((item for item in planned if item.login == login), None)
    if found is None:
        raise WrongInput("--read", "no_such_officer", login=login)
    message = found.message
    text = f"{message.subject}\n\n{message.body}" if message else t(f"messages.why_{found.why}", lang()) + "\n"
    sys.stdout.write(text)


def outbox_command(
    status: Annotated[
        str, typer.Option(help="dead_letter | retry_scheduled | pending | held | dropped | withdrawn | sent | inbox")
    ] = "",
    again: Annotated[int, typer.Option("--retry", help="Send a given-up message again.")] = 0,
    dropped: Annotated[int, typer.Option("--drop", help="Never send a message.")] = 0,
    reason: Annotated[str, typer.Option(help="Why it is dropped.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who does it (LOGIN), for --retry and --drop.")] = "",
    json: Json = False,
) -> None:
    """List messages waiting to be sent, or of one status, and unreachable people; retry or drop one."""
    if again or dropped:
        _by_hand(again, dropped, reason, by)
    found = _found([status] if status else ["dead_letter", "retry_scheduled", "pending", "held"])
    return show_json(found) if json else _print(found)


class ShownMessage(ListedMessage):
    """A message and the view it was found in."""

    view: str


class Outbox(TypedDict):
    """The document of `outbox --json`; `mail` office or files, or what is wrong with COOPCASE_MAIL."""

    mail: str | CoopcaseError
    counts: dict[str, int]
    messages: list[ShownMessage]
    unreached: list[Unreached]


def _found(views: list[str]) -> Outbox:
    with reading(engine()) as connection:
        rows: list[ShownMessage] = [{**row, "view": view} for view in views for row in listed(connection, view)]
        return {
            "mail": _mail(), "counts": counts(connection), "messages": rows, "unreached": unreached(connection)
        }  # fmt: skip


def _print(found: Outbox) -> None:
    if isinstance(found["mail"], CoopcaseError):
        sys.stderr.write(say(found["mail"], lang()) + "\n")
    lines([_unreached(item) for item in found["unreached"]])
    lines([_message(row) for row in found["messages"]])
    shown = (f"{t(f'cli.outbox_{view}', lang())} {count}" for view, count in found["counts"].items())
    sys.stdout.write(", ".join(shown) + "\n")


def _by_hand(again: int, dropped: int, reason: str, by: str) -> None:
    now = clock().now()
    with writing(engine()) as connection:
        person = actor(connection, by)
        require_handler(person.role)
        if again:
            retry(connection, again, by=by, district=person.district, now=now)
        if dropped:
            drop(connection, dropped, reason=reason, by=by, district=person.district, now=now)


def _mail() -> str | CoopcaseError:
    """Whether mail is sent by a server of the office, or written as files."""
    from notifications.delivery.carriers import office_mail

    try:
        return "office" if office_mail(settings()) else "files"
    except WrongInput as wrong:
        return wrong


def _unreached(item: Unreached) -> tuple[str, ...]:
    return t("cli.unreached", lang()), item.login, item.label, failure_text(item.why, lang())


def _message(row: ShownMessage) -> tuple[str, ...]:
    note = row["note"]
    known = f"messages.failed_{note}"
    why = t(known, lang()) if t(known, lang()) != known else note
    return (
        t(f"cli.outbox_{row['view']}", lang()),
        str(row["id"]),
        row["login"],
        date_vi(row["created_on"]),
        row["subject"],
        why,
    )

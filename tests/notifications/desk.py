"""What tests of messages do: act on cases, let days pass, send, and read what was written to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Engine, select, update

from casework import acts
from casework.lists.at_risk import date_risks
from flows.jobs.effects import drain
from flows.jobs.week_digests import remind
from models.clock import HANOI, FrozenClock
from models.database import reading, writing
from models.settings import settings
from models.tables import absences, case_rows, channels, messages, officers
from notifications.delivery import channels as own_channels
from notifications.delivery.message_queue import drop
from notifications.delivery.sending import send
from notifications.ladder import climb
from notifications.weekly.digest import Planned, weekly
from tests.acting import apply
from tests.web.web_office import Office, login_of

OFFICER, MANAGER, LEADER = (login_of(role) for role in ("case_officer", "manager", "leader"))
MONDAY = date(2016, 3, 14)


def at(day: date, hour: int = 9, minute: int = 0) -> FrozenClock:
    return FrozenClock(datetime.combine(day, time(hour, minute), HANOI))


@dataclass(frozen=True)
class Desk:
    bind: Engine
    office: Office

    @property
    def ref(self) -> str:
        """A case of the officer of Hồng Bàng."""
        return self.office.first

    def climb(self, day: date, hour: int = 6) -> dict[str, int]:
        """The ladder of a day, as the daily watch climbs it."""
        return climb(self.bind, day, now=at(day, hour).now())

    def act(self, verb: str, on: date, role: str = "case_officer", ref: str = "", **data: Any) -> int:
        """An act of a role on a day; its effects are carried out at once. Returns the number of the fact."""
        seq = apply(self.bind, ref or self.ref, verb, by=login_of(role), clock=at(on), data=data).seq
        drain(self.bind, at(on))
        return seq

    def annul(self, seq: int, on: date) -> None:
        acts.annul(self.bind, self.ref, seq, by=OFFICER, reason="Ghi nhầm", clock=at(on))
        drain(self.bind, at(on))

    def plan(self, day: date, now: datetime | None = None) -> dict[str, Planned]:
        with reading(self.bind) as connection:
            return {item.login: item for item in weekly(connection, day, now=now or at(day, 8).now(), risks=date_risks)}

    def remind(self, day: date, now: FrozenClock | None = None) -> dict[str, Any]:
        return remind(self.bind, day, now or at(day, 8))

    def send(self, clock: FrozenClock, patience: float = 30.0) -> dict[str, int]:
        settings.cache_clear()
        return send(self.bind, clock, settings(), patience=patience)

    def rows(self, **wanted: Any) -> list[dict[str, Any]]:
        """Messages with the login they are for, oldest first."""
        found = select(messages, officers.c.login).join(officers, officers.c.id == messages.c.officer_id)
        for name, value in wanted.items():
            found = found.where((officers.c.login if name == "login" else messages.c[name]) == value)
        with reading(self.bind) as connection:
            return [dict(row) for row in connection.execute(found.order_by(messages.c.id)).mappings()]

    def rungs(self, key: str, ref: str = "") -> set[tuple[str, str]]:
        """(login, rung) of the reminders of a deadline."""
        found = [row for row in self.rows(kind="ladder", deadline_key=key) if f":{ref or self.ref}:" in row["key"]]
        return {(row["login"], row["key"].split(":")[-1]) for row in found}

    def note(self, statement: Any) -> None:
        with writing(self.bind) as connection:
            connection.execute(statement)

    def change_message(self, number: int, **values: Any) -> None:
        self.note(update(messages).where(messages.c.id == number).values(**values))

    def end_leases(self) -> None:
        """Every claim's lease ends, as if its worker had ended five minutes ago."""
        claimed = update(messages).where(messages.c.claimed_until.is_not(None))
        self.note(claimed.values(claimed_until=datetime(2016, 1, 1, tzinfo=UTC)))

    def person(self, login: str, **values: Any) -> int:
        """Change columns of a person. Returns their id."""
        if values:
            self.note(update(officers).where(officers.c.login == login).values(**values))
        with reading(self.bind) as connection:
            return int(connection.execute(select(officers.c.id).where(officers.c.login == login)).scalar_one())

    def away(self, login: str, substitute: str, first: date, last: date) -> None:
        values = {"officer_id": self.person(login), "substitute_id": self.person(substitute)}
        self.note(absences.insert().values(**values, from_on=first, to_on=last, reason=""))

    def channel(self, login: str, address: str, label: str = "kênh") -> int:
        with writing(self.bind) as connection:
            return own_channels.add(connection, settings(), self.person(login), label, address)

    def channel_row(self, number: int) -> Mapping[str, Any]:
        with reading(self.bind) as connection:
            return dict(connection.execute(select(channels).where(channels.c.id == number)).mappings().one())

    def drop(self, number: int, reason: str, clock: FrozenClock) -> None:
        with writing(self.bind) as connection:
            drop(connection, number, reason=reason, by=MANAGER, district="HBG", now=clock.now())

    def case(self, ref: str = "") -> Mapping[str, Any]:
        with reading(self.bind) as connection:
            found = select(case_rows).where(case_rows.c.ref == (ref or self.ref))
            return dict(connection.execute(found).mappings().one())

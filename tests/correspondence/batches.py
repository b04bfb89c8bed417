"""An office at a batch of letters, each step by the role that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from casework.lists.worklist import Filter
from casework.office.people import Actor, actor
from correspondence.bulk import bulk_issuing, bulk_letters, bulk_signing
from correspondence.bulk.batch_rows import BatchLetter, letters_of
from correspondence.bulk.bulk_choice import Selection, Wanted, choose
from correspondence.bulk.bulk_view import BatchView, batch_view
from letters.catalogue import letter_type
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import book_entries
from tests.web.web_office import TODAY, login_of, new_case

DELETED = {"deleted_on": "2016-03-25", "register_entry": "57"}


@dataclass
class Batches:
    """Letters in batches of an office; `refs` are the cases it was given."""

    bind: Engine
    refs: list[str]
    today: date = TODAY

    @property
    def clock(self) -> FrozenClock:
        return FrozenClock.on(self.today, 10)

    def person(self, role: str, place: str | None = "HBG") -> Actor:
        with reading(self.bind) as connection:
            return actor(connection, role if "." in role else login_of(role, place))

    def more(self, count: int, district: str = "HBG", **fields: Any) -> list[str]:
        """Further cases, in the order in which their letters are listed."""
        with writing(self.bind) as connection:
            made = [
                new_case(connection, f"HTX Dịch vụ {place:03d}", district, commune="Minh Khai", **fields)
                for place in range(count)
            ]
        self.refs += made
        return made

    def looked_at(
        self, template: str = "name_deletion_notice", by: str = "case_officer", place: str | None = "HBG", **more: Any
    ) -> Selection:
        data, wanted = more.pop("data", DELETED), more.pop("wanted", None) or Wanted(Filter(**more))
        with reading(self.bind) as connection:
            return choose(connection, wanted, letter_type(template), data, self.person(by, place), self.today)

    def drafted(
        self,
        name: str = "Đợt thử",
        template: str = "name_deletion_notice",
        *,
        by: str = "case_officer",
        place: str | None = "HBG",
        refs: Sequence[str] = (),
        data: Any = None,
    ) -> bulk_letters.Drafted:
        with writing(self.bind) as connection:
            return bulk_letters.draft_batch(
                connection, name, template, Wanted(refs=tuple(refs)), DELETED if data is None else data,
                self.person(by, place), now=self.clock.now(), today=self.today,
            )  # fmt: skip

    def filled(self, batch: int, by: str = "case_officer", **data: Any) -> int:
        with writing(self.bind) as connection:
            return bulk_letters.fill_batch(
                connection, batch, self.person(by), data, now=self.clock.now(), today=self.today
            )

    def marked(self, batch: int, by: str = "case_officer", **codes: str) -> int:
        with writing(self.bind) as connection:
            return bulk_letters.mark_batch(connection, batch, self.person(by), codes, now=self.clock.now())

    def submitted(self, batch: int, by: str = "case_officer", place: str | None = "HBG", seen: str = "") -> int:
        with writing(self.bind) as connection:
            return bulk_signing.submit_batch(
                connection, batch, self.person(by, place), now=self.clock.now(), today=self.today, seen=seen
            )

    def approved(self, batch: int, by: str = "manager", place: str | None = "HBG", seen: str = "") -> int:
        with writing(self.bind) as connection:
            return bulk_signing.approve_batch(
                connection, batch, self.person(by, place), now=self.clock.now(), today=self.today, seen=seen
            )

    def returned(self, batch: int, letter: int, remarks: str, by: str = "manager") -> None:
        with writing(self.bind) as connection:
            bulk_signing.return_letter(
                connection, batch, letter, self.person(by), remarks, now=self.clock.now(), today=self.today
            )

    def taken_out(self, batch: int, letter: int, reason: str, by: str = "case_officer") -> None:
        with writing(self.bind) as connection:
            bulk_letters.take_out(connection, batch, letter, self.person(by), reason, now=self.clock.now())

    def dropped(self, batch: int, reason: str, by: str = "case_officer") -> int:
        with writing(self.bind) as connection:
            return bulk_letters.drop_batch(
                connection, batch, self.person(by), reason, now=self.clock.now(), today=self.today
            )

    def issued(self, batch: int, by: str = "clerk", place: str | None = "HBG", seen: str = "") -> bulk_issuing.Numbered:
        return bulk_issuing.issue_batch(self.bind, batch, self.person(by, place), clock=self.clock, seen=seen)

    def cancelled(self, batch: int, reason: str, by: str = "clerk") -> int:
        with writing(self.bind) as connection:
            return bulk_issuing.cancel_batch(connection, batch, self.person(by), reason, clock=self.clock)

    def signed(self, name: str = "Đợt thử", template: str = "name_deletion_notice", **more: Any) -> int:
        """A batch that waits for its numbers."""
        return self.carried(self.drafted(name, template, **more).batch)

    def carried(self, batch: int, signer: str = "manager") -> int:
        """From draft to signature."""
        self.submitted(batch)
        self.approved(batch, signer)
        return batch

    def view(self, batch: int, by: str = "case_officer", place: str | None = "HBG") -> BatchView:
        with reading(self.bind) as connection:
            return batch_view(connection, batch, self.person(by, place), self.today)

    def rows(self, batch: int) -> list[BatchLetter]:
        with reading(self.bind) as connection:
            return letters_of(connection, batch)

    def book(self) -> list[tuple[str, str, int, int]]:
        """Every line of the number book: issuer, series, number, letter."""
        columns = book_entries.c
        found = select(columns.issuer, columns.series, columns.number, columns.letter_id)
        ordered = found.order_by(columns.issuer, columns.series, columns.number)
        with reading(self.bind) as connection:
            return list(connection.execute(ordered).tuples())

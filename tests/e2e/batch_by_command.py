"""A script that carries a batch of dissolutions by the command line alone, and counts what people record."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from correspondence import drafts
from correspondence.joint.shares import kind_of
from flows.jobs.effects import drain
from models.clock import FrozenClock
from models.database import engine, writing
from models.office_clock import set_demo_day
from samples.paperwork import typed_for
from tests.e2e.walking import START, coopcase
from tests.web.web_office import login_of

SEATS = (
    ("chair", "Người leader.hbg", "Phó Chủ tịch UBND quận"), ("standing", "Trần Thị Bé", "Phó Trưởng phòng TC-KH"),
    ("line_agency", "Lê Văn Cung", "Phòng Kinh tế"), ("commune", "Đỗ Thị Dung", "Phó Chủ tịch UBND phường"),
    ("member", "Vũ Văn Em", "Thành viên hợp tác xã"),
)  # fmt: skip
EMPTY = ("board", "control_board")  # seats for which nobody was found


@dataclass
class BatchScript:
    """The batch, its day, and the commands that recorded something."""

    refs: Sequence[str]
    folder: Path
    today: date = START
    acts: list[str] = field(default_factory=list)
    batch: str = ""

    def record(self, *command: str, role: str = "case_officer") -> Any:
        """A command by which a person records something."""
        self.acts.append(" ".join(command[:3]))
        return coopcase(*command, "--by", login_of(role))

    def later(self, days: int) -> None:
        self.today += timedelta(days=days)
        with writing(engine()) as connection:
            set_demo_day(connection, self.today)

    @property
    def proof(self) -> str:
        path = self.folder / "bien-ban.txt"
        path.write_text("Biên bản (thử)", encoding="utf-8")
        return str(path)

    def form(self) -> None:
        """The council with its seats, and the batch with its cases."""
        council = str(self.record("council", "create", "Hội đồng giải thể các hợp tác xã quận đợt 1")["id"])
        for seat, name, post in SEATS:
            self.record("council", "seat", council, seat, name, post)
        for seat in EMPTY:
            made = self.record("council", "empty", council, seat, "--reason", "Không liên lạc được, có biên bản")
            self.record("council", "approve", council, str(made["id"]), role="manager")
        self.batch = str(self.record("batch", "create", "Đợt 1 năm 2016", "--council", council)["id"])
        self.record("batch", "add", self.batch, *self.refs)
        proofs = [part for ref in self.refs for part in ("--each", f"{ref}:proof=Xác nhận của thuế và UBND phường")]
        self.record("batch", "annex", self.batch, *proofs)

    def act(self, verb: str, role: str = "case_officer", *, proven: bool = False, **data: Any) -> int | None:
        """An act on every case of the batch."""
        sets = [part for name, value in data.items() for part in ("--set", f"{name}={value}")]
        proof = ["--evidence", self.proof] if proven else []
        done = self.record("batch", "act", self.batch, verb, *sets, *proof, role=role)
        assert done["count"] == len(self.refs)
        letter: int | None = done["letter"]
        return letter

    def grid(self, verb: str, own: Mapping[str, Mapping[str, str]], role: str = "case_officer", **data: str) -> None:
        """An act from a file with a line for each case, in which values differ."""
        path = self.folder / f"{verb}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["ref", *next(iter(own.values()))])
            lines.writerows([ref, *values.values()] for ref, values in own.items())
        sets = [part for name, value in data.items() for part in ("--set", f"{name}={value}")]
        done = self.record("act", verb, "--file", str(path), *sets, "--evidence", self.proof, role=role)
        assert (len(done["lines"]), done["wrong"]) == (len(own), 0)

    def issue(self, letter: int, signer: str, **typed: str) -> int:
        """A letter is filled in, handed in, signed and numbered."""
        with writing(engine()) as connection:
            row = drafts.one_letter(connection, letter)
        missing = coopcase("letter", str(letter))["missing"]
        fields = {**dict(typed_for(kind_of(row), [item["name"] for item in missing], self.today)), **typed}
        if fields:
            sets = [part for name, value in fields.items() for part in ("--set", f"{name}={value}")]
            self.record("letter-act", str(letter), "fill", *sets)
        for action, role in (("submit", "case_officer"), ("approve", signer), ("issue", "clerk")):
            self.record("letter-act", str(letter), action, role=role)
        return letter

    def joint(self, template: str) -> int:
        """The letter of the batch that was drafted by itself."""
        drain(engine(), FrozenClock.on(self.today, 10))
        listed = coopcase("batch", "show", self.batch, "--by", login_of("case_officer"))["letters"]
        (found,) = [letter["id"] for letter in listed if letter["template"] == template]
        return int(found)

    def serve(self, letter: int, way: str, result: str, on: date, *more: str, **details: str) -> str:
        sets = [part for name, value in details.items() for part in ("--set", f"{name}={value}")]
        days = ["--on", on.isoformat(), *more]
        done = self.record(
            "letter-serve", str(letter), "--way", way, "--result", result, *days, *sets, "--evidence", self.proof
        )
        return str(done["status"])

    def states(self) -> set[str]:
        shown = coopcase("batch", "show", self.batch, "--by", login_of("case_officer"))
        return {case["state"] for case in shown["cases"]}

"""An office at its letters: drafted, signed, numbered and served by the roles that do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.case_view import case_document
from casework.evidence_store import keep
from casework.ledger import case_row
from casework.office.people import Actor, actor
from correspondence import drafts, issuing
from correspondence.effective_papers import act
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from correspondence.signing import body_for
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from letters.output.plain import plain
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import letter_rows
from models.typed_rows.letter_shapes import LetterOfCase, ServiceRow
from samples.paperwork import typed_for
from samples.path_step import Step
from samples.paths import PATHS
from tests.acting import apply
from tests.web.web_office import TODAY, login_of

PROOF = b"Bien ban giao nhan (thu)"


@dataclass
class Paperwork:
    """The letters of one case of Hồng Bàng."""

    bind: Engine
    ref: str
    place: str | None = "HBG"
    today: date = TODAY

    @property
    def clock(self) -> FrozenClock:
        return FrozenClock.on(self.today, 10)

    def person(self, role: str) -> Actor:
        with reading(self.bind) as connection:
            return actor(connection, role if "." in role else login_of(role, self.place))

    def do(self, verb: str, role: str = "case_officer", *, proven: bool = False, **data: Any) -> int:
        """One act; where it takes effect by a paper, it is prepared."""
        kept = [self.proof()] if proven else []
        by = login_of(role, self.place)
        return act(self.bind, self.ref, verb, by=by, clock=self.clock, data=data, evidence=kept).seq

    def visited(self) -> int:
        """The case accepted and a visit recorded, of today."""
        self.do("accept_case", file_held=True)
        said = {"present": "Ban quản trị", "findings": "Không còn dịch vụ", "signed": "false", "witness": "Bà Hoa"}
        return self.do("record_visit", "case_officer", proven=True, visited_on=self.today.isoformat(), **said)

    def take(self, step: Step) -> None:
        """One act of a scripted path, on its day, with its paper."""
        self.today += timedelta(days=step.after)
        kept = [self.proof()] if step.proof else []
        by, data = login_of(step.role, self.place), step.fields(self.today)
        apply(self.bind, self.ref, step.verb, by=by, clock=self.clock, data=data, evidence=kept)

    def signed_with_blank(self) -> int:
        """A letter that was signed with a field left blank, as earlier versions let it."""
        letter = self.approved(self.drafted(deleted_on="25/03/2016"))
        with writing(self.bind) as connection:
            drafts.note(connection, letter, missing=["deleted_on"])
        return letter

    def decided(self) -> int:
        """The decision on the measure, issued: the acts from the opening of the case to it, with their papers."""
        for step in PATHS["consolidated"]:
            self.take(step)
            if step.verb == "decide_measure":
                break
        return self.requested("decision_measure", 0)

    def requested(self, template: str, seq: int) -> int:
        """The letter that a fact of the case requires; of an act by paper, that very paper, which is issued already."""
        with writing(self.bind) as connection:
            row = case_row(connection, self.ref)
            issued = select(letter_rows.c.id).where(
                letter_rows.c.case_id == row["id"],
                letter_rows.c.template == template,
                letter_rows.c.number.is_not(None),
            )
            if (known := connection.scalar(issued.order_by(letter_rows.c.id.desc()))) is not None:
                return int(known)
            return drafts.draft_required(connection, row["id"], template, seq, now=self.clock.now(), today=self.today)

    def drafted(self, template: str = "name_deletion_notice", **fields: Any) -> int:
        """A letter requested by hand, filled in."""
        with writing(self.bind) as connection:
            officer = actor(connection, login_of("case_officer", self.place))
            made = drafts.draft_by_hand(connection, self.ref, template, officer, now=self.clock.now(), today=self.today)
            if fields:
                drafts.fill(connection, made, officer, fields, today=self.today)
        return made

    def filled(self, letter: int, **fields: Any) -> int:
        if self.row(letter)["number"] is not None:
            return letter
        with writing(self.bind) as connection:
            drafts.fill(connection, letter, self.person("case_officer"), fields, today=self.today)
        return letter

    def submitted(self, letter: int, by: str = "case_officer") -> int:
        with writing(self.bind) as connection:
            drafts.submit(connection, letter, self.person(by), now=self.clock.now(), today=self.today)
        return letter

    def sent_back(self, letter: int, by: str) -> int:
        with writing(self.bind) as connection:
            person, now = self.person(by), self.clock.now()
            drafts.send_back(connection, letter, person, "Sửa lại", now=now, today=self.today)
        return letter

    def approve(self, letter: int, by: str = "") -> int:
        """Signed by the head of the body that issues it, unless another signer is named."""
        with writing(self.bind) as connection:
            row = drafts.one_letter(connection, letter)
            by = by or bodies()[body_for(connection, letter_type(row["template"]), row)].signs
            drafts.approve(connection, letter, self.person(by), now=self.clock.now(), today=self.today)
        return letter

    def approved(self, letter: int, by: str = "") -> int:
        return self.approve(self.submitted(letter), by)

    def issue(self, letter: int, by: str = "clerk", on: date | None = None, number: str = "") -> int:
        with writing(self.bind) as connection:
            person, now = self.person(by), self.clock.now()
            issuing.issue(connection, letter, person, now=now, today=self.today, on=on, wanted=number)
        return letter

    def issued(self, letter: int, by: str = "") -> int:
        if self.row(letter)["number"] is not None:
            return letter
        return self.issue(self.approved(letter, by))

    def handed_in_as_draft(self, template: str) -> int:
        """A letter by hand with every field it lacks filled in with its sample."""
        letter = self.drafted(template)
        kind = letter_type(template)
        fields = dict(typed_for(kind, self.row(letter)["missing"], self.today))
        return self.filled(letter, **fields) if fields else letter

    def handed_in(self, template: str) -> int:
        return self.submitted(self.handed_in_as_draft(template))

    def case(self, connection: Connection) -> Mapping[str, Any]:
        return case_document(connection, self.ref, today=self.today)

    def cancelled(self, letter: int, reason: str, by: str = "clerk") -> None:
        with writing(self.bind) as connection:
            person = self.person(by)
            issuing.cancel_number(connection, letter, person, reason, now=self.clock.now(), today=self.today)

    def proof(self, name: str = "giay-nhan.txt", content: bytes = PROOF) -> str:
        with writing(self.bind) as connection:
            row = case_row(connection, self.ref)
            return keep(connection, row["id"], content, name, by="clerk.hbg", now=self.clock.now())

    def serve(
        self,
        letter: int,
        way: str = "hand",
        result: str = "served",
        on: date | None = None,
        *,
        to_on: date | None = None,
        by: str = "clerk",
        evidence: Sequence[str] | None = None,
        **details: Any,
    ) -> serving.Outcome:
        kept = [self.proof()] if evidence is None else evidence
        delivery = Delivery(way, result, on or self.today, to_on, details, kept)
        with writing(self.bind) as connection:
            return serving.serve(connection, letter, self.person(by), delivery, now=self.clock.now(), today=self.today)

    def attempts(self, letter: int) -> list[ServiceRow]:
        with reading(self.bind) as connection:
            return serving.attempts(connection, letter)

    def row(self, letter: int) -> LetterOfCase:
        with reading(self.bind) as connection:
            return drafts.one_letter(connection, letter)

    def reads(self, letter: int) -> str:
        """The words of a letter, one space between them."""
        with reading(self.bind) as connection:
            row = drafts.one_letter(connection, letter)
            found = drafts.live(connection, row, self.today).letter
        return " ".join(plain(found, row["number"]).split())

    def status(self, letter: int) -> str:
        return str(self.row(letter)["status"])

    def facts(self, kind: str = "") -> list[Mapping[str, Any]]:
        with reading(self.bind) as connection:
            listed = case_document(connection, self.ref, today=self.today)["facts"]
        return [fact for fact in listed if kind in ("", fact["kind"])]

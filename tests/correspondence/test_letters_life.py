"""The life of a letter: who may do what in which status, two people, frozen from approval, put away with its fact."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection, select

from casework.acts import annul
from casework.case_view import case_document
from casework.office.people import Actor
from correspondence import drafts, issuing, letter_marks
from correspondence.ink.signed_papers import InkPaper, confirm_papers, enter_papers
from correspondence.letter_copies import docx_of, pdf_of
from correspondence.letter_files import read_bytes
from correspondence.letter_order import STATUSES
from correspondence.letter_steps import steps
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from correspondence.signed_versions import keep_signed
from flows.jobs.effects import drain
from letters import catalogue
from letters.catalogue import LetterType
from letters.output.pdf import pdf
from letters.output.plain import plain
from models.database import engine, reading, writing
from models.errors import CoopcaseError, NotFound, Refused
from models.settings import settings
from models.tables import signed_papers
from procedures.law import rules as law
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, ROLES, TODAY, build_office, login_of

Do = Callable[[Connection, int, Actor], Any]
NOW = CLOCK.now()
WRONG_STATUS = "letter_not_in_status"


def _fill(connection: Connection, letter: int, person: Actor) -> Any:
    return drafts.fill(connection, letter, person, {"deleted_on": "26/03/2016"}, today=TODAY)


def _serve(connection: Connection, letter: int, person: Actor) -> Any:
    sent = Delivery("post", "sent", TODAY, None, {"tracking": "RR 1"})
    return serving.serve(connection, letter, person, sent, now=NOW, today=TODAY)


def _paper(letter: int) -> InkPaper:
    return InkPaper(letter, "Người manager.hbg", "", TODAY, "", ("ky.pdf", b"%PDF-1.4 ky"))


def _entry_of(connection: Connection, letter: int, who: Actor) -> int:
    """The entry of a letter that waits to be confirmed."""
    drafts.require_status(drafts.one_letter(connection, letter, who), ("entered",))
    columns = signed_papers.c
    return connection.scalar(select(columns.id).where(columns.letter_id == letter)) or 0


DOING: Mapping[str, Do] = {
    "fill": _fill,
    "submit": lambda c, letter, who: drafts.submit(c, letter, who, now=NOW, today=TODAY),
    "discard": lambda c, letter, who: drafts.discard(c, letter, who, "Thôi"),
    "mark": lambda c, letter, who: letter_marks.mark(c, letter, who, {}, today=TODAY),
    "recall": lambda c, letter, who: drafts.recall(c, letter, who, "Sai", now=NOW, today=TODAY),
    "approve": lambda c, letter, who: drafts.approve(c, letter, who, now=NOW, today=TODAY),
    "return": lambda c, letter, who: drafts.send_back(c, letter, who, "Sửa", now=NOW, today=TODAY),
    "issue": lambda c, letter, who: issuing.issue(c, letter, who, now=NOW, today=TODAY),
    "cancel": lambda c, letter, who: issuing.cancel_number(c, letter, who, "Sai", now=NOW, today=TODAY),
    "serve": _serve,
    "signed": lambda c, letter, who: keep_signed(c, letter, who, b"%PDF-1.4", "a.pdf", "", now=NOW),
    "enter": lambda c, letter, who: enter_papers(c, [_paper(letter)], who, clock=CLOCK),
    "confirm": lambda c, letter, who: confirm_papers(c, [_entry_of(c, letter, who)], who, clock=CLOCK),
}
DRAFTERS, NUMBERERS = "case_officer manager clerk commune", "clerk manager"
OUT = "issued undelivered served published"
RETURNED_UNNUMBERED = (NUMBERERS, "approved", "issuing_not_yours", "last")  # a signed letter, by those who number it
TABLE: Mapping[str, tuple[str, str, str, str]] = {  # who may, in which statuses, and the refusal of others when
    "fill": (DRAFTERS, "draft returned", "drafting_not_yours", "first"),
    "submit": (DRAFTERS, "draft returned", "drafting_not_yours", "first"),
    "discard": (DRAFTERS, "draft returned submitted", "drafting_not_yours", "first"),
    "approve": ("manager", "submitted", "may_not_sign", "last"),
    "return": ("manager", "submitted", "may_not_sign", "last"),
    "issue": (NUMBERERS, "approved", "issuing_not_yours", "first"),
    "cancel": (NUMBERERS, "issued undelivered", "issuing_not_yours", "first"),
    "serve": (DRAFTERS, OUT, "serving_not_yours", "first"),
    "signed": (DRAFTERS, f"approved {OUT}", "keeping_signed_not_yours", "first"),
    "enter": ("case_officer clerk manager", "draft returned submitted", "ink_not_yours", "first"),
    "confirm": ("case_officer clerk manager", "entered", "ink_not_yours", "last"),
}


class Undone(Exception):
    """Ends a trial: nothing of it stays."""


@pytest.fixture(scope="module")
def shelf(sqlite_form: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Paperwork, dict[str, int]]]:
    """An office with a letter in every status."""
    home = tmp_path_factory.mktemp("shelf")
    copy(sqlite_form, home / "coopcase.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOPCASE_DATA", str(home / "var"))
        settings.cache_clear()
        bind = engine(f"sqlite:///{home / 'coopcase.db'}")
        papers = Paperwork(bind, build_office(bind).first)
        yield papers, _filled(papers)
        bind.dispose()
    settings.cache_clear()


def _filled(papers: Paperwork) -> dict[str, int]:
    made = {status: papers.drafted(deleted_on="25/03/2016") for status in STATUSES}
    for status in ("submitted", "returned"):
        papers.submitted(made[status])
    papers.approved(made["approved"])
    with writing(papers.bind) as connection:
        enter_papers(connection, [_paper(made["entered"])], papers.person("second.hbg"), clock=CLOCK)
    for status in ("issued", "undelivered", "served", "published", "cancelled"):
        papers.issued(made[status])
    papers.sent_back(made["returned"], "manager")
    papers.serve(made["undelivered"], "post", "returned", tracking="1", reason="Vắng")
    papers.serve(made["served"], receiver="Bà Lan")
    papers.today = TODAY + timedelta(days=2)
    papers.serve(
        made["published"], "posting", "published", TODAY, to_on=TODAY + timedelta(days=1), place="Xã", witness="A"
    )
    papers.today = TODAY
    papers.cancelled(made["cancelled"], "Sai")
    assert {status: papers.status(letter) for status, letter in made.items()} == {status: status for status in STATUSES}
    return made


@pytest.fixture
def home(shelf: tuple[Paperwork, dict[str, int]], monkeypatch: pytest.MonkeyPatch) -> tuple[Paperwork, dict[str, int]]:
    database = shelf[0].bind.url.database
    assert database
    monkeypatch.setenv("COOPCASE_DATA", str(Path(database).parent / "var"))
    settings.cache_clear()
    return shelf


def outcome(papers: Paperwork, act: str, letter: int, login: str) -> str:
    """What came of an act that is undone again: `done`, or the code of the refusal."""
    try:
        with writing(papers.bind) as connection:
            DOING[act](connection, letter, papers.person(login))
            raise Undone
    except Undone:
        return "done"
    except CoopcaseError as refused:
        return refused.code


def wanted(act: str, role: str, status: str) -> str:
    roles, statuses, stranger, when = RETURNED_UNNUMBERED if (act, status) == ("return", "approved") else TABLE[act]
    if when == "first" and role not in roles.split():
        return stranger
    if status not in statuses.split():
        return "letter_served_already" if act == "cancel" and status in ("served", "published") else WRONG_STATUS
    return "done" if role in roles.split() else stranger


@pytest.mark.parametrize("act", TABLE)
def test_who_may_do_it_in_which_status(home: tuple[Paperwork, dict[str, int]], act: str) -> None:
    papers, letters = home
    trials = [(role, status) for role in ROLES for status in STATUSES]
    found = {(role, status): outcome(papers, act, letters[status], login_of(role)) for role, status in trials}
    assert found == {trial: wanted(act, *trial) for trial in trials}


def test_the_page_offers_what_may_be_done_and_nothing_else(home: tuple[Paperwork, dict[str, int]]) -> None:
    papers, letters = home
    for role in ROLES:
        for status, letter in letters.items():
            with reading(papers.bind) as connection:
                offered = steps(connection, papers.person(role), papers.row(letter), TODAY)
            may = {act for act in DOING if outcome(papers, act, letter, login_of(role)) == "done"}
            assert offered == may, (role, status)


@pytest.mark.parametrize("act", DOING)
def test_people_of_another_district_do_not_learn_that_it_exists(
    home: tuple[Paperwork, dict[str, int]], act: str
) -> None:
    papers, letters = home
    for role in ROLES:
        for letter in letters.values():
            assert outcome(papers, act, letter, login_of(role, "ADG")) in (
                "no_such_letter",
                TABLE.get(act, ("",) * 4)[2],
            )


def test_the_submitter_does_not_sign(papers: Paperwork) -> None:
    letter = papers.submitted(papers.drafted(deleted_on="25/03/2016"), by="manager")
    with pytest.raises(Refused) as refused:
        papers.approve(letter)
    assert refused.value.code == "letter_four_eyes"
    papers.sent_back(letter, "manager")
    assert papers.status(papers.approved(letter)) == "approved"


def test_minutes_need_no_second_pair_of_eyes(papers: Paperwork) -> None:
    alone = [
        name
        for name, kind in catalogue.letter_types().items()
        if not kind.four_eyes and kind.issuer == "finance_office"
    ]
    for name in alone:
        letter = papers.submitted(papers.handed_in_as_draft(name), by="manager")
        assert papers.status(papers.approve(letter)) == "approved"


def text_of(papers: Paperwork, letter: int) -> str:
    with reading(papers.bind) as connection:
        row = drafts.one_letter(connection, letter)
        return plain(drafts.live(connection, row, papers.today).letter, row["number"])


def test_a_draft_follows_the_facts_until_it_is_signed(papers: Paperwork) -> None:
    papers.do("accept_case", file_held=True)
    papers.do("ask_agencies", tax_period="quý I năm 2013")
    signed, draft = (papers.drafted("tax_inquiry", reply_by_on="05/04/2016") for _ in "12")
    for letter in (signed, draft):
        assert "quý I năm 2013" in text_of(papers, letter)
    papers.approved(signed)
    papers.do("ask_agencies", tax_period="quý II năm 2014")
    assert "quý II năm 2014" in text_of(papers, draft)
    assert "quý II năm 2014" not in text_of(papers, signed)
    papers.submitted(draft)
    papers.do("ask_agencies", tax_period="quý III năm 2015")
    assert "quý III năm 2015" in text_of(papers, draft)
    assert "quý III năm 2015" in text_of(papers, papers.approve(draft))


@pytest.fixture
def other_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """An editor changes the template and the text of the law."""

    def change() -> None:
        known: dict[str, LetterType] = dict(catalogue.letter_types())
        other = {"body": "Lời khác hẳn.", "text_hash": "x"}
        known["name_deletion_notice"] = known["name_deletion_notice"].model_copy(update=other)
        monkeypatch.setattr(catalogue, "letter_types", lambda: known)
        texts = {key: [replace(item, text_vi="Luật khác") for item in listed] for key, listed in law.rules().items()}
        law.version_of.cache_clear()
        monkeypatch.setattr(law, "rules", lambda: texts)

    yield change
    monkeypatch.undo()
    law.version_of.cache_clear()


def test_a_signed_letter_is_what_was_signed_whatever_becomes_of_its_template_and_law(
    papers: Paperwork, other_words: Callable[[], None]
) -> None:
    approved = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    issued = papers.issued(papers.drafted(deleted_on="25/03/2016"))
    before = {letter: text_of(papers, letter) for letter in (approved, issued)}
    row = papers.row(issued)
    kept, hashes = read_bytes(row["pdf_sha"]), (row["content_hash"], row["template_hash"])
    other_words()
    assert "Lời khác hẳn." in text_of(papers, papers.drafted(deleted_on="25/03/2016"))
    assert {letter: text_of(papers, letter) for letter in (approved, issued)} == before
    row = papers.row(issued)
    letter = drafts.frozen_letter(row)
    assert pdf_of(row, letter) == kept == pdf(letter, row["number"])
    assert docx_of(row, letter) == docx_of(row, letter)
    assert (row["content_hash"], row["template_hash"]) == hashes
    with pytest.raises(Refused) as refused:
        papers.issue(approved)
    assert refused.value.code == "letter_law_changed"


def test_what_followed_from_a_fact_is_put_away_with_it_but_not_what_is_out(papers: Paperwork) -> None:
    papers.do("accept_case", file_held=True)
    course: dict[str, Callable[[int], int]] = {
        "draft": lambda letter: letter, "submitted": papers.submitted, "approved": papers.approved,
        "issued": papers.issued,
    }  # fmt: skip
    for status, carry in course.items():
        seq = papers.do("ask_agencies", tax_period="2010-2014")
        letter = carry(papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="05/04/2016"))
        annul(papers.bind, papers.ref, seq, by=login_of("manager"), reason="Nhầm", clock=papers.clock)
        drain(papers.bind, papers.clock)
        row = papers.row(letter)
        assert (row["status"], row["remarks"]) == (("issued", "") if status == "issued" else ("cancelled", "annulled"))
        if row["status"] == "cancelled":
            with pytest.raises(Refused):
                papers.issue(letter)


def test_a_letter_is_drafted_once_for_its_fact(papers: Paperwork) -> None:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies", tax_period="2010-2014")
    assert papers.requested("tax_inquiry", seq) == papers.requested("tax_inquiry", seq)
    assert papers.drafted("tax_inquiry") != papers.drafted("tax_inquiry")
    with pytest.raises(NotFound):
        papers.drafted("love_letter")
    with reading(papers.bind) as connection:
        assert len(case_document(connection, papers.ref, today=TODAY)["letters"]) == 3

"""The next step of many letters: each by whose turn it is, as it was looked at, once, with the rights of its page."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from correspondence.ink.book_modes import keep_on_paper
from correspondence.many_letters import MOST, Outcome, Planned, planned, take_steps
from models.database import reading, writing
from models.errors import NotFound, WrongInput
from models.settings import settings
from models.tables import case_rows, officers
from tests.correspondence.batches import DELETED
from tests.correspondence.paperwork import Paperwork
from tests.letters.authority import certified
from tests.web.web_office import ROLES, build_office, login_of

WAITS, PAST = "letter_waits_for", "letter_past_signing"


@pytest.fixture
def papers(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return Paperwork(either_bind, build_office(either_bind).first)


def plans(papers: Paperwork, letters: Sequence[int], by: str) -> list[Planned]:
    with reading(papers.bind) as connection:
        return planned(connection, letters, papers.person(by), papers.today)


def said(papers: Paperwork, letters: Sequence[int], by: str) -> list[str]:
    """Of each letter the act, or the code of what is in the way, and its other door."""
    listed = [(plan.act or (plan.why.code if plan.why else ""), plan.door) for plan in plans(papers, letters, by)]
    return [f"{what} {door}".strip() for what, door in listed]


def press(papers: Paperwork, seen: Sequence[Planned], by: str) -> list[Outcome]:
    marks = {plan.row["id"]: plan.mark for plan in seen}
    return take_steps(papers.bind, marks, papers.person(by), clock=papers.clock)


def became(done: Sequence[Outcome]) -> list[str]:
    return [item.why.code if item.why is not None else f"{item.act}{' again' * item.again}" for item in done]


def each_status(papers: Paperwork) -> list[int]:
    """A whole draft, one that lacks a field, a submitted letter, a signed and an issued one."""
    return [
        papers.drafted(**DELETED), papers.drafted(), papers.submitted(papers.drafted(**DELETED)),
        papers.approved(papers.drafted(**DELETED)), papers.issued(papers.drafted(**DELETED)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "expected"),
    [  # draft, incomplete draft, submitted, signed, issued
        (
            "case_officer",
            ["submit", "letter_incomplete", "may_not_sign", WAITS, f"{PAST} serve"],
        ),
        ("manager", [WAITS, WAITS, "approve", WAITS, PAST]),
        ("clerk", [WAITS, WAITS, "may_not_sign", "issue", f"{PAST} serve"]),
        ("leader", [WAITS, WAITS, "may_not_sign", WAITS, PAST]),
        ("legal", [WAITS, WAITS, "may_not_sign", WAITS, PAST]),
    ],
)
def test_each_has_the_turn_that_is_theirs(papers: Paperwork, role: str, expected: list[str]) -> None:
    assert said(papers, each_status(papers), role) == expected


def test_a_pile_goes_from_draft_to_number_by_three_presses(papers: Paperwork) -> None:
    letters = [papers.drafted(**DELETED) for _ in "123"]
    for role, act, status in (
        ("case_officer", "submit", "submitted"), ("manager", "approve", "approved"), ("clerk", "issue", "issued"),
    ):  # fmt: skip
        seen = plans(papers, letters, role)
        done = press(papers, seen, role)
        assert became(done) == [act] * 3
        assert {papers.row(letter)["status"] for letter in letters} == {status}
        assert became(press(papers, seen, role)) == [f"{act} again"] * 3, "a second press tells the same"
    symbol = papers.row(letters[0])["symbol"]
    assert [item.number for item in press(papers, seen, "clerk")] == [f"{number:02d}/{symbol}" for number in (1, 2, 3)]
    assert said(papers, letters, "clerk") == [f"{PAST} serve"] * 3


def test_what_changed_since_it_was_looked_at_stays_and_the_others_go_on(papers: Paperwork) -> None:
    first, second, third = letters = [papers.submitted(papers.drafted(**DELETED)) for _ in "123"]
    seen = plans(papers, letters, "manager")
    papers.sent_back(second, "manager")
    papers.submitted(papers.filled(second, deleted_on="26/03/2016"))
    papers.sent_back(third, "manager")
    assert became(press(papers, seen, "manager")) == ["approve", "letter_changed_since_seen", WAITS]
    assert [papers.row(letter)["status"] for letter in letters] == ["approved", "submitted", "returned"]
    assert became(press(papers, plans(papers, [first, second], "manager")[1:], "manager")) == ["approve"]


def test_two_presses_at_once_number_each_letter_once(papers: Paperwork) -> None:
    letters = [papers.approved(papers.drafted(**DELETED)) for _ in "1234"]
    seen = plans(papers, letters, "clerk")
    with ThreadPoolExecutor(2) as hands:
        first, second = hands.map(lambda _: press(papers, seen, "clerk"), "12")
    for one, other in zip(became(first), became(second), strict=True):
        assert sorted((one, other)) == ["issue", "issue again"]
    assert [item.number for item in first] == [item.number for item in second]
    assert sorted(papers.row(letter)["number"] or 0 for letter in letters) == [1, 2, 3, 4]


def test_a_returned_letter_is_submitted_again(papers: Paperwork) -> None:
    letter = papers.drafted(**DELETED)
    seen = plans(papers, [letter], "case_officer")
    press(papers, seen, "case_officer")
    papers.sent_back(letter, "manager")
    again = plans(papers, [letter], "case_officer")
    assert became(press(papers, again, "case_officer")) == ["submit"]
    assert papers.row(letter)["status"] == "submitted"


def test_a_mark_of_another_act_or_of_nobody_does_nothing(papers: Paperwork) -> None:
    letters = each_status(papers)
    before = [papers.row(letter) for letter in letters]
    seen = [replace(plan, mark=mark) for plan in plans(papers, letters, "clerk") for mark in ("issue:x",)]
    assert set(became(press(papers, seen, "clerk"))) <= {
        WAITS, "may_not_sign", "letter_changed_since_seen", PAST, "issue again",
    }  # fmt: skip
    assert [papers.row(letter) for letter in letters] == before


def test_the_person_who_submitted_does_not_sign(papers: Paperwork) -> None:
    letter = papers.submitted(papers.drafted(**DELETED), by="manager")
    assert said(papers, [letter], "manager") == ["letter_four_eyes"]
    (done,) = take_steps(papers.bind, {letter: "approve:x"}, papers.person("manager"), clock=papers.clock)
    assert became([done]) == ["letter_four_eyes"]
    assert papers.row(letter)["status"] == "submitted"


def test_a_book_on_paper_leads_to_where_its_numbers_are_entered(papers: Paperwork) -> None:
    letter = papers.approved(papers.drafted(**DELETED))
    seen = plans(papers, [letter], "clerk")
    with writing(papers.bind) as connection:
        keep_on_paper(connection, by="admin", clock=papers.clock)
    assert said(papers, [letter], "clerk") == ["day_from_paper numbers"]
    assert became(press(papers, seen, "clerk")) == ["day_from_paper"], "the book changed between the two"
    assert papers.row(letter)["number"] is None


def test_where_the_head_signs_in_ink_it_leads_to_the_signed_paper(papers: Paperwork) -> None:
    draft, waiting = papers.drafted(**DELETED), papers.submitted(papers.drafted(**DELETED))
    with writing(papers.bind) as connection:
        connection.execute(update(officers).where(officers.c.login == login_of("manager")).values(active=False))
    assert said(papers, [draft, waiting], "case_officer") == ["submit enter", "may_not_sign enter"]
    assert said(papers, [waiting], "clerk") == ["may_not_sign enter"]
    assert became(press(papers, plans(papers, [draft], "case_officer"), "case_officer")) == ["submit"]


def test_the_offices_certificate_is_named_after_numbering(
    papers: Paperwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = papers.approved(papers.drafted(**DELETED))
    with certified(tmp_path / "keys", monkeypatch):
        assert said(papers, [letter], "clerk") == ["issue esign"]
        assert said(papers, [papers.issued(papers.drafted(**DELETED))], "manager") == [f"{PAST} esign"]


def test_letters_of_a_closed_case_and_of_another_officer_wait_for_nobody_here(papers: Paperwork) -> None:
    letters = [papers.drafted(**DELETED), papers.approved(papers.drafted(**DELETED))]
    assert said(papers, letters[:1], "second.hbg") == [WAITS]
    with writing(papers.bind) as connection:
        connection.execute(update(case_rows).where(case_rows.c.ref == papers.ref).values(closed_on=papers.today))
    assert said(papers, letters, "case_officer") == said(papers, letters, "clerk") == ["letter_of_closed_case"] * 2


@pytest.mark.parametrize("role", ROLES)
def test_another_offices_letter_is_not_there_and_nothing_else_is_done(papers: Paperwork, role: str) -> None:
    letters = each_status(papers)
    stranger = login_of(role, "ADG")
    with pytest.raises(NotFound):
        plans(papers, letters, stranger)
    before = [papers.row(letter) for letter in letters]
    with pytest.raises(NotFound):
        take_steps(papers.bind, dict.fromkeys(letters, "submit:x"), papers.person(stranger), clock=papers.clock)
    assert [papers.row(letter) for letter in letters] == before


@pytest.mark.parametrize(("count", "code"), [(0, "no_letter_ticked"), (MOST + 1, "too_many_letters_ticked")])
def test_none_and_too_many(papers: Paperwork, count: int, code: str) -> None:
    with pytest.raises(WrongInput, match=code):
        plans(papers, range(count), "clerk")
    with pytest.raises(WrongInput, match=code):
        take_steps(papers.bind, dict.fromkeys(range(count), ""), papers.person("clerk"), clock=papers.clock)

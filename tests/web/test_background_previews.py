"""A version in an office of many cases: the page opens at once, the look through the cases is asked for and kept."""

import re
import threading
from collections.abc import Callable

import pytest

from models.database import reading
from rulebook.versions import in_force
from tests.acting import apply
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import NAME
from tests.web.office import test_versions as known
from tests.web.web_office import CLOCK, Office, Visitor
from web import background_previews
from web.background_previews import Look
from web.office import version_pages

As = Callable[..., Visitor]
PAGE = known.PAGE
HEAVY = "hồ sơ chuyển được"


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_pages, "LOOKED_AT_ONCE", 2)


def looked(visitor: Visitor) -> str:
    """The page once the look is done."""
    assert visitor.send(f"{PAGE}/look").headers["location"] == PAGE
    for _ in range(200):
        page = str(visitor.get(PAGE).text)
        if "http-equiv" not in page:
            return page
        threading.Event().wait(0.05)
    raise AssertionError(page)


def test_the_page_opens_without_the_look_and_is_approved_after_it(office: Office, as_role: As) -> None:
    known.proposed(as_role, made.LEGAL)
    legal = as_role("legal", None)
    page = legal.get(PAGE).text
    assert HEAVY not in page
    assert "Xem ảnh hưởng tới các hồ sơ" in page
    assert 'name="seen"' not in page, "nobody approves what was not looked at"
    page = looked(legal)
    assert f"4 {HEAVY}" in page
    assert re.search(r"Xem lúc 14/03/2016 \d\d:\d\d", page)
    assert legal.send(f"{PAGE}/approve", {"seen": known.mark_on(page)}).headers["location"] == f"{PAGE}?done=approve"
    with reading(office.bind) as connection:
        assert in_force(connection).pin == f"{NAME}@9"
    assert "Đang xem" not in legal.get(PAGE).text


def test_an_old_look_approves_nothing_that_has_changed_since(office: Office, as_role: As) -> None:
    known.proposed(as_role, made.LEGAL)
    legal = as_role("legal", None)
    mark = known.mark_on(looked(legal))
    apply(office.bind, office.first, "accept_case", by="case_officer.hbg", clock=CLOCK, data={"file_held": "yes"})
    answer = legal.send(f"{PAGE}/approve", {"seen": mark})
    assert answer.status_code == 409
    assert f"4 {HEAVY}" in answer.text, "the old preview is still shown, to be asked for again"
    assert "Xem lại" in answer.text


def test_while_it_is_looked_through_the_page_says_how_far(
    office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, there = threading.Event(), threading.Event()

    def slowly(*_: object, track: Callable[..., object], **__: object) -> object:
        listed = iter(track(["a", "b"], 2))  # type: ignore[call-overload]
        next(listed), next(listed)
        there.set()
        go.wait(20)
        raise RuntimeError

    monkeypatch.setattr(background_previews, "preview", slowly)
    known.proposed(as_role, made.LEGAL)
    manager = as_role("manager", None)
    manager.send(f"{PAGE}/look")
    assert there.wait(10)
    page = manager.get(PAGE).text
    assert "Đang xem 4 hồ sơ" in page
    assert "50 %" in page
    go.set()
    for _ in range(200):
        page = manager.get(PAGE).text
        if "Lần xem trước bị ngắt" in page:
            break
        threading.Event().wait(0.05)
    assert "Lần xem trước bị ngắt" in page


def test_a_second_press_does_not_begin_again() -> None:
    looks, running = background_previews.LongLooks(), Look(CLOCK.now())
    looks.found["x"] = running
    looks.begin(None, "x", CLOCK)  # type: ignore[arg-type]
    assert looks.found["x"] is running


def test_a_page_does_not_see_a_look_end_while_it_is_drawn(office: Office) -> None:
    looks = background_previews.LongLooks()
    looks.found["a@1"] = Look(CLOCK.now())
    drawn = looks.of("a@1")
    looks.found["a@1"].failed = True
    assert drawn is not None and drawn.runs
    assert looks.of("a@2") is None

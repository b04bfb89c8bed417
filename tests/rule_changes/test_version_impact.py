"""What another version would do to the open cases: in counts, in dates, in words."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, insert, select, update

from models.database import reading, writing
from models.letter_links import tie
from models.tables import case_rows, letter_rows, messages, officers
from procedures.definition.loader import load
from procedures.schema import Procedure
from rule_changes.impact_words import dates_in_words, in_words, news_in_words, stuck_in_words
from rule_changes.version_impact import Change, preview
from tests.acting import apply
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import version
from tests.web.web_office import CLOCK, COMPLAINT, TODAY, Office, build_office, login_of


@pytest.fixture
def office(bind: Engine) -> Office:
    """Four open cases at the first step; of one a complaint came in."""
    office = build_office(bind)
    apply(bind, office.second, "receive_complaint", by=login_of("legal"), clock=CLOCK, data=COMPLAINT)
    return office


def seen(office: Office, new: Procedure, *refs: str) -> Change:
    with reading(office.bind) as connection:
        return preview(connection, new, TODAY, refs)


def said_of(change: Change, lang: str) -> str:
    return "\n".join(sentence.text for sentence in in_words(change, lang))


def without_overlay(code: str) -> Procedure:
    new = version("9")
    return new.model_copy(update={"overlays": {key: item for key, item in new.overlays.items() if key != code}})


CHANGES: dict[str, tuple[Callable[[], Procedure], list[str], list[str]]] = {
    "the same under another name": (
        lambda: version("9"), ["4 hồ sơ chuyển được sang htx-hai-phong@9.", "Không hồ sơ nào mất bước"], ["thay đổi"],
    ),
    "a label alone": (
        lambda: version("9", made.RELABELLED),
        ["4 hồ sơ ở «Mới vào danh sách» sẽ ở «Vừa ghi nhận».", "Không hồ sơ nào mất bước"], [],
    ),
    "a state renamed": (
        lambda: version("9", base=made.renamed("S0", "S00")), ["4 hồ sơ chuyển được", "Không hồ sơ nào mất bước"], [],
    ),
    "a step removed": (
        lambda: version("9", base=made.without_verb("transfer_out")),
        ["4 hồ sơ mất bước «Chuyển cơ quan đăng ký khác»."], ["Không hồ sơ nào"],
    ),
    "a step added where they stand": (
        lambda: version("9", ("to: S1\n    needs:\n      contact:", "to: S1\n    needs:\n      contact:"),
                        ("from: [X1]\n    to: S1", "from: [S0, X1]\n    to: S1")),
        ["4 hồ sơ thêm bước «Đã tìm được, quay lại rà soát»."], [],
    ),
    "an internal term shortened": (
        lambda: version("9", made.SHORTER),
        ["4 thời hạn thay đổi.", "4 thời hạn sẽ đã qua ngày cuối."], ["luật định"],
    ),
    "an internal term made legal": (
        lambda: version("9", made.LEGAL), ["4 thời hạn luật định thay đổi. Người duyệt phải xác nhận"], [],
    ),
    "a legal term shortened": (
        lambda: version("9", made.HASTE), ["1 thời hạn luật định thay đổi."], ["đã qua ngày cuối"],
    ),
    "a new clock on their state": (
        lambda: version("9", made.MORE_CLOCKS), ["4 thời hạn thay đổi."], ["đã qua ngày cuối"],
    ),
    "an overlay that no case is under": (
        lambda: without_overlay("asset_pending"), ["Không hồ sơ nào mất bước"], ["giữ phiên bản"],
    ),
    "the overlay that one case is under": (
        lambda: without_overlay("complaint"),
        ["3 hồ sơ chuyển được", "1 hồ sơ không chuyển được, giữ phiên bản cũ."], [],
    ),
    "a role removed": (
        lambda: version("9", base=made.without_role("clerk")),
        ["4 hồ sơ: Văn thư không còn làm được bước «Ghi trả lời của cơ quan».",
         "3 người đang có vai «Văn thư» mà thủ tục mới không có."], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_described_in_the_officers_words(office: Office, change: str) -> None:
    new, said, silent = CHANGES[change]
    text = said_of(seen(office, new()), "vi")
    for sentence in said:
        assert sentence in text
    for word in silent:
        assert word not in text
    english = said_of(seen(office, new()), "en")
    assert len(english.splitlines()) == len(text.splitlines())


def test_our_own_version_changes_nothing(office: Office) -> None:
    change = seen(office, load())
    assert (change.cases, change.lost, change.gained, change.moved, change.stuck) == ((), (), (), (), ())
    assert said_of(change, "en") == "No open case hangs on another version."


def test_dates_are_listed_before_and_after_the_legal_ones_first(office: Office) -> None:
    change = seen(office, version("9", made.SHORTER, made.HASTE))
    assert [(item.key, item.ref) for item in change.legal] == [("accept_complaint_term", office.second)]
    assert change.moved[0] == change.legal[0]
    assert dates_in_words(change.moved[0], "vi") == ("21/03/2016", "15/03/2016")
    first = next(item for item in change.moved if item.ref == office.first)
    assert (first.before, first.after, first.late) == (date(2016, 3, 15), date(2016, 3, 8), True)
    assert news_in_words(first, "vi") == ["đã qua ngày cuối"]


def test_a_date_that_comes_or_changes_its_kind_says_so(office: Office) -> None:
    come = seen(office, version("9", made.MORE_CLOCKS), office.first).moved
    assert [dates_in_words(item, "vi") for item in come] == [("không có", "12/04/2016 (nội bộ)")]
    (kind,) = seen(office, version("9", made.LEGAL), office.first).moved
    assert dates_in_words(kind, "en") == ("15/03/2016 (internal)", "08/03/2016 (legal)")


def test_a_preview_of_one_case_is_about_that_case(office: Office) -> None:
    change = seen(office, version("9", made.SHORTER), office.city)
    assert (change.cases, {item.ref for item in change.moved}) == ((office.city,), {office.city})


def test_what_is_out_of_a_date_is_counted(office: Office) -> None:
    with writing(office.bind) as connection:
        case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
        people = connection.scalars(select(officers.c.id).limit(2)).all()
        notified = {
            "case_id": case, "kind": "ladder", "deadline_key": "accept_target", "subject": "", "body": "", "html": "",
            "calendar": "", "link": "", "attempts": 0, "created_on": TODAY, "created_at": CLOCK.now(),
            "next_at": CLOCK.now(), "message_id": "", "note": "",
        }  # fmt: skip
        for number, (person, status) in enumerate(zip((*people, people[0]), ("sent", "inbox", "pending"), strict=True)):
            connection.execute(
                insert(messages), notified | {"key": f"{number}", "officer_id": person, "status": status}
            )
        letter: dict[str, object] = {
            "key": "x", "case_id": case, "template": "visit_notice", "status": "issued", "drafted_for_on": TODAY,
            "drafted_at": CLOCK.now(), "drafted_by": "x", "data": {}, "missing": [], "unverified": [],
            "template_hash": "", "issuer": "", "remarks": "", "content_hash": "", "symbol": "", "pdf_sha": "",
            "docx_sha": "", "signed_sha": "",
        }  # fmt: skip
        issued = connection.execute(insert(letter_rows).returning(letter_rows.c.id), letter).scalar_one()
        tie(connection, [(issued, case or 0)])
    change = seen(office, version("9", made.SHORTER))
    first = next(item for item in change.moved if item.ref == office.first)
    assert (first.notified, first.written) == (2, True)
    assert news_in_words(first, "en") == ["lies in the past then", "2 told", "letter issued"]
    text = said_of(change, "en")
    assert "1 of the dates that move have been announced" in text
    assert "1 case whose dates move has issued letters" in text


def suspended(office: Office) -> None:
    data = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}
    apply(office.bind, office.first, "receive_suspension", by=login_of("case_officer"), clock=CLOCK, data=data)


def elsewhere(new: Procedure) -> Procedure:
    """The suspension is done in no state that a fresh case is in."""
    final = next(key for key, state in new.states.items() if state.final)
    verb = new.verbs["receive_suspension"].model_copy(update={"from_": (final,)})
    return new.model_copy(update={"verbs": {**new.verbs, "receive_suspension": verb}})


def closing(new: Procedure) -> Procedure:
    """Receiving a suspension closes the case."""
    final = next(key for key, state in new.states.items() if state.final)
    verb = new.verbs["receive_suspension"].model_copy(update={"to": final})
    return new.model_copy(update={"verbs": {**new.verbs, "receive_suspension": verb}})


STUCK: dict[str, tuple[Callable[[], Procedure], str]] = {
    "verb": (
        lambda: version("9", base=made.without_verb("receive_suspension")),
        "Đã làm «Đã nhận thông báo tạm ngừng», phiên bản mới không có việc này.",
    ),
    "code": (
        lambda: without_overlay("suspended"),
        "Đang có «Tạm ngừng hoạt động có thông báo», phiên bản mới không có mã này.",
    ),
    "path": (
        lambda: elsewhere(version("9")),
        "Theo phiên bản mới, «Đã nhận thông báo tạm ngừng» không làm được vào lúc đã làm.",
    ),
    "closes": (lambda: closing(version("9")), "Theo phiên bản mới hồ sơ sẽ đóng ở «Đã đóng»"),
}


@pytest.mark.parametrize("code", STUCK)
def test_a_case_that_cannot_go_along_is_listed_with_the_reason(office: Office, code: str) -> None:
    suspended(office)
    new, said = STUCK[code]
    change = seen(office, new())
    assert [(item.ref, item.code) for item in change.stuck] == [(office.first, code)]
    assert stuck_in_words(change.stuck[0], "vi").startswith(said[:40])
    assert office.first not in change.cases
    assert len(change.cases) == 3


def test_an_open_obstacle_must_have_its_words(office: Office) -> None:
    data = {"obstacle": "lost_seal", "note": "x"}
    apply(office.bind, office.first, "name_obstacle", by=login_of("case_officer"), clock=CLOCK, data=data)
    new = version("9")
    fewer = {key: item for key, item in new.obstacles.items() if key != "lost_seal"}
    (stuck,) = seen(office, new.model_copy(update={"obstacles": fewer})).stuck
    assert (stuck.ref, stuck.code, stuck.what["vi"]) == (office.first, "code", "Mất con dấu")


def test_what_an_overlay_blocks_is_a_step_lost(office: Office) -> None:
    new = version("9", ('en: "Complaint pending"}, blocks: [', 'en: "Complaint pending"}, blocks: [accept_case, '))
    (lost,) = seen(office, new).lost
    assert (lost.verb, lost.refs) == ("accept_case", (office.second,))


def test_closed_cases_are_left_alone(office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(update(case_rows).where(case_rows.c.ref == office.city).values(closed_on=TODAY))
    assert office.city not in seen(office, version("9")).cases


MARKS = {
    "another label": (made.RELABELLED, True),
    "a note in the file": (("deadlines:\n", "deadlines:  # terms\n"), False),
}


@pytest.mark.parametrize("what", MARKS)
def test_the_mark_names_the_procedure_not_its_comments(office: Office, what: str) -> None:
    change, differs = MARKS[what]
    assert (seen(office, version("9", change)).mark != seen(office, version("9")).mark) is differs


def test_the_mark_changes_with_the_legal_dates_and_not_with_a_days_work(office: Office) -> None:
    new = version("9", made.HASTE)
    before = seen(office, new).mark
    data = {"obstacle": "lost_seal", "note": "x"}
    apply(office.bind, office.first, "name_obstacle", by=login_of("case_officer"), clock=CLOCK, data=data)
    assert seen(office, new).mark == before
    complaint = {
        "received_on": "2016-03-11",
        "complainant": "Bà Lan",
        "against": "Quyết định 2",
        "settler": "district_committee",
        "concerns": "dissolution",
    }
    apply(office.bind, office.first, "receive_complaint", by=login_of("legal"), clock=CLOCK, data=complaint)
    assert seen(office, new).mark != before

"""A batch from draft to signature: together, once, by the right people; one let out, one returned, all undone."""

import pytest
from sqlalchemy import select

from casework.acts import annul
from correspondence import drafts
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from models.tables import effects, letter_rows
from tests.correspondence.batches import DELETED, Batches
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import ROLES, Office


def code_of(error: pytest.ExceptionInfo[CoopcaseError]) -> str:
    return error.value.code


def test_the_same_batch_drafted_twice_drafts_nothing_twice(batches: Batches) -> None:
    first = batches.drafted()
    again = batches.drafted()
    assert (first.made, again.made, again.batch) == (2, 0, first.batch)
    batches.more(2)
    third = batches.drafted()
    assert (third.made, third.batch) == (2, first.batch)
    places = [row["batch_place"] for row in batches.rows(first.batch)]
    assert places == [1, 2, 3, 4]
    assert [act["count"] for act in batches.view(first.batch).acts] == [2, 2]


def test_letters_stand_in_the_order_of_communes_and_names(batches: Batches) -> None:
    batches.more(3)
    names = [row["unit_name"] for row in batches.rows(batches.drafted().batch)]
    assert names == [
        "HTX Dịch vụ nông nghiệp Bạch Đằng", "HTX Vận tải Sông Cấm",
        "HTX Dịch vụ 000", "HTX Dịch vụ 001", "HTX Dịch vụ 002",
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["another type", "submitted", "dropped", "another day"])
def test_a_name_belongs_to_one_batch(batches: Batches, how: str) -> None:
    batch = batches.drafted().batch
    if how == "submitted":
        batches.submitted(batch)
    if how == "dropped":
        batches.dropped(batch, "Nhầm")
    if how == "another day":
        batches.today = batches.today.replace(day=15)
    template, data = ("meeting_guidance", {}) if how == "another type" else ("name_deletion_notice", DELETED)
    with pytest.raises(Refused) as refused:
        batches.drafted(template=template, data=data)
    assert code_of(refused) == "batch_name_taken"


def test_every_draft_of_a_batch_is_marked_at_once(batches: Batches) -> None:
    batch = batches.drafted().batch
    assert "mark" in batches.view(batch).allowed
    assert batches.marked(batch, urgency="khan") == 2
    assert [row["data"]["extra"]["marks"] for row in batches.rows(batch)] == [{"urgency": "khan"}] * 2
    assert batches.marked(batch, urgency="khan") == 0
    batches.filled(batch, deleted_on="26/03/2016")
    assert [letter["marks"] for letter in batches.view(batch).letters] == [{"urgency": "khan"}] * 2
    with pytest.raises(WrongInput) as wrong:
        batches.marked(batch, urgency="gap")
    assert code_of(wrong) == "no_such_mark"
    with pytest.raises(Refused) as refused:
        batches.marked(batch, by="leader", urgency="khan")
    assert code_of(refused) == "drafting_not_yours"
    assert batches.marked(batch) == 2
    batches.submitted(batch)
    assert "mark" not in batches.view(batch).allowed
    with pytest.raises(Refused) as late:
        batches.marked(batch, urgency="khan")
    assert code_of(late) == "batch_nothing_to_fill"


def test_nobody_eligible_makes_no_batch(batches: Batches) -> None:
    with pytest.raises(Refused) as refused:
        batches.drafted(data={})
    assert code_of(refused) == "batch_nobody"
    with pytest.raises(NotFound):
        batches.view(1)


def test_a_batch_without_a_name_is_refused(batches: Batches) -> None:
    with pytest.raises(WrongInput) as wrong:
        batches.drafted("  ")
    assert wrong.value.field == "name"


def test_common_fields_typed_anew_leave_what_was_typed_for_one(batches: Batches) -> None:
    batch = batches.drafted().batch
    first, second = batches.rows(batch)
    with writing(batches.bind) as connection:
        own = {"deleted_on": "28/03/2016", "register_entry": DELETED["register_entry"]}
        drafts.fill(connection, second["id"], batches.person("case_officer"), own, today=batches.today)
    assert batches.filled(batch, deleted_on="29/03/2016", register_entry="Nhà văn hóa") == 2
    said = [(item["said"]["deleted_on"], item["said"]["register_entry"]) for item in batches.view(batch).letters]
    assert said == [("2016-03-29", "Nhà văn hóa"), ("2016-03-28", "Nhà văn hóa")]
    assert first["data"] != batches.rows(batch)[0]["data"]


def test_a_batch_is_submitted_whole_or_not_at_all(batches: Batches) -> None:
    batch = batches.drafted().batch
    _, second = batches.rows(batch)
    with writing(batches.bind) as connection:
        drafts.fill(connection, second["id"], batches.person("case_officer"), {}, today=batches.today)
    assert (batches.view(batch).problems, batches.view(batch).next) == (1, "")
    with pytest.raises(Refused) as refused:
        batches.submitted(batch)
    assert (code_of(refused), refused.value.params["refs"]) == ("batch_incomplete", second["ref"])
    assert {row["status"] for row in batches.rows(batch)} == {"draft"}
    batches.taken_out(batch, second["id"], "Thiếu ngày, làm riêng")
    assert batches.submitted(batch) == 1
    with reading(batches.bind) as connection:
        alone = connection.execute(select(letter_rows).where(letter_rows.c.id == second["id"])).mappings().one()
    assert (alone["status"], alone["batch_id"]) == ("draft", None)
    assert batches.view(batch).acts[1]["reason"] == "Thiếu ngày, làm riêng"


def test_one_notice_tells_the_signer_of_the_whole_batch(batches: Batches) -> None:
    batches.more(5)
    batch = batches.drafted().batch
    batches.submitted(batch)
    with reading(batches.bind) as connection:
        recorded = connection.execute(select(effects.c.payload).where(effects.c.kind == "letter_news")).scalars().all()
    assert [payload["batch"] for payload in recorded] == [{"id": batch, "name": "Đợt thử", "count": 7}]


def test_each_step_is_for_its_people_alone(batches: Batches) -> None:
    """Roles x steps: refusals are reported, and nothing is changed."""
    may = {
        "submitted": ("case_officer", "manager", "clerk", "commune"),
        "approved": ("manager",),
        "issued": ("manager", "clerk"),
    }
    for step, allowed in may.items():
        for role in ROLES:
            refs = batches.more(1)
            batch = batches.drafted(f"{step} {role}", refs=refs).batch
            if step != "submitted":
                batches.submitted(batch)
            if step == "issued":
                batches.approved(batch)
            before = batches.rows(batch)
            if role in allowed:
                getattr(batches, step)(batch, role)
                assert batches.rows(batch)[0]["status"] == step
                continue
            with pytest.raises(Refused):
                getattr(batches, step)(batch, role)
            assert batches.rows(batch) == before, (step, role)


def test_who_submitted_a_batch_does_not_sign_it(batches: Batches) -> None:
    batch = batches.drafted(by="manager").batch
    batches.submitted(batch, "manager")
    assert batches.view(batch, "manager").allowed >= {"return"}
    assert "approve" not in batches.view(batch, "manager").allowed
    with pytest.raises(Refused) as refused:
        batches.approved(batch)
    assert code_of(refused) == "letter_four_eyes"


def test_one_returned_goes_round_again_while_the_others_wait_signed(batches: Batches) -> None:
    batch = batches.drafted().batch
    batches.submitted(batch)
    _, second = batches.rows(batch)
    batches.returned(batch, second["id"], "Ghi rõ địa điểm")
    assert batches.view(batch, "manager").next == "approve"
    assert batches.approved(batch) == 1
    with pytest.raises(Refused) as refused:
        batches.issued(batch)
    assert (code_of(refused), refused.value.params["refs"]) == ("batch_not_all_signed", second["ref"])
    assert (batches.view(batch).problems, batches.view(batch).next) == (1, "submit")
    batches.submitted(batch)
    batches.approved(batch)
    assert batches.issued(batch).count == 2


def test_what_changed_since_a_person_looked_is_not_signed_unseen(batches: Batches) -> None:
    batch = batches.drafted().batch
    batches.submitted(batch)
    seen = batches.view(batch, "manager").seen
    batches.taken_out(batch, batches.rows(batch)[0]["id"], "Để riêng")
    with pytest.raises(Conflict) as conflict:
        batches.approved(batch, seen=seen)
    assert code_of(conflict) == "batch_changed"
    assert batches.approved(batch, seen=batches.view(batch, "manager").seen) == 1


def test_another_office_looks_or_does_not_even_know(batches: Batches) -> None:
    batch = batches.drafted().batch
    with pytest.raises(NotFound):
        batches.view(batch, place="ADG")
    assert batches.view(batch, "clerk", None).allowed == frozenset()
    for step in ("submitted", "issued"):
        with pytest.raises(Refused):
            getattr(batches, step)(batch, "clerk", None)


def test_a_batch_is_undone_on_its_day_before_anything_is_signed(batches: Batches) -> None:
    batch = batches.drafted().batch
    batches.submitted(batch)
    with pytest.raises(WrongInput):
        batches.dropped(batch, " ")
    assert batches.dropped(batch, "Chọn nhầm loại văn bản") == 2
    assert batches.rows(batch) == []
    assert batches.view(batch).allowed == frozenset()
    assert batches.drafted("Đợt khác").made == 2


@pytest.mark.parametrize(("when", "code"), [("signed", "batch_signed_already"), ("tomorrow", "batch_not_of_today")])
def test_later_it_is_not_undone_any_more(batches: Batches, when: str, code: str) -> None:
    batch = batches.signed() if when == "signed" else batches.drafted().batch
    if when == "tomorrow":
        batches.today = batches.today.replace(day=15)
    with pytest.raises(Refused) as refused:
        batches.dropped(batch, "Nhầm")
    assert code_of(refused) == code
    assert "drop" not in batches.view(batch).allowed


def test_a_draft_with_changed_facts_shows_it_before_it_is_submitted(batches: Batches, small: Office) -> None:
    recorded = Paperwork(batches.bind, small.first).visited()
    batch = batches.drafted(template="visit_minutes", refs=[small.first], data={}).batch
    assert batches.view(batch).problems == 0
    annul(small.bind, small.first, recorded, by="case_officer.hbg", reason="Hoãn", clock=batches.clock)
    view = batches.view(batch)
    missing = [label["vi"] for label in view.letters[0]["missing"]]
    assert (view.problems, missing[:3]) == (1, ["Ngày kiểm tra", "Người có mặt", "Kết quả"])


def test_a_template_that_no_longer_fits_is_shown_and_keeps_the_batch_back(batches: Batches) -> None:
    batch = batches.drafted().batch
    first, second = batches.rows(batch)
    with writing(batches.bind) as connection:
        broken = letter_rows.update().where(letter_rows.c.id == first["id"])
        connection.execute(broken.values(data={"extra": {"deleted_on": "kein Datum"}}))
    view = batches.view(batch)
    assert (view.problems, view.next, bool(view.letters[0]["unfit"])) == (1, "", True)
    with pytest.raises(Refused) as refused:
        batches.submitted(batch)
    assert code_of(refused) == "letter_does_not_fit"
    batches.taken_out(batch, first["id"], "Mẫu không hợp")
    assert [row["id"] for row in batches.rows(batch)] == [second["id"]]
    assert batches.submitted(batch) == 1

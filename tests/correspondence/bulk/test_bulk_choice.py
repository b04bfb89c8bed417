"""Who is eligible for a bulk letter, and the reason of every other one."""

from typing import Any

import pytest

from correspondence.bulk.bulk_choice import Selection, Wanted, types_for
from models.errors import Refused, WrongInput
from tests.correspondence.batches import DELETED, Batches
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import ROLES, Office, did


def reasons(found: Selection) -> dict[str, str]:
    return {item.row["ref"]: item.reason for item in found.candidates}


def test_the_table_of_eligibility(batches: Batches, small: Office) -> None:
    """One case for each reason, reported in one preview."""
    live, closed, bare, ready = batches.more(4)
    Paperwork(batches.bind, live).drafted("name_deletion_notice", **DELETED)
    did_close(small, closed)
    wanted = Wanted(refs=(live, closed, bare, ready, small.elsewhere, small.city, "HP-2016-9999"))
    found = batches.looked_at(wanted=wanted)
    assert reasons(found) == {
        live: "has_live",
        closed: "closed",
        bare: "",
        ready: "",
        small.city: "other_office",
        small.elsewhere: "not_in_sight",
        "HP-2016-9999": "not_in_sight",
    }
    assert found.counts == {"": 2, "not_in_sight": 2, "closed": 1, "other_office": 1, "has_live": 1}
    lacking = batches.looked_at(wanted=wanted, data={})
    assert reasons(lacking)[ready] == "missing"
    item = next(item for item in lacking.candidates if item.row["ref"] == ready)
    assert (item.missing, item.what) == (("deleted_on",), {"vi": "Ngày xóa tên", "en": "Name deleted on"})


def did_close(small: Office, ref: str) -> None:
    did(small, ref, "close_as_error", "manager", reason="Trùng")
    did(small, ref, "write_closing_report", checklist="Đủ", archive_box="H1")
    did(small, ref, "request_paper_waiver", reason="Trên giấy")
    did(small, ref, "approve_paper_waiver", "manager", reason="Đã xem")
    did(small, ref, "close_case", "manager")


def test_what_a_case_tells_itself_need_not_be_typed(batches: Batches, small: Office) -> None:
    Paperwork(batches.bind, small.first).visited()
    own = batches.looked_at("visit_minutes", wanted=Wanted(refs=(small.first, small.second)), data={})
    assert reasons(own) == {small.first: "", small.second: "missing"}
    assert own.given.items() >= {"visited_on": 1, "present": 1, "findings": 1}.items()
    assert own.eligible[0].said["visited_on"] == "2016-03-14"


def test_what_is_typed_for_all_has_priority_over_the_facts_of_a_case(batches: Batches, small: Office) -> None:
    Paperwork(batches.bind, small.first).visited()
    typed = {
        "visited_on": "2016-03-11",
        "present": "Tổ công tác",
        "findings": "Trụ sở khóa cửa",
        "coop_person": "ông An",
    }
    done = batches.drafted(template="visit_minutes", refs=[small.first, small.second], data=typed)
    assert {row["data"]["extra"]["visited_on"] for row in batches.rows(done.batch)} == {"2016-03-11"}


FILTERS: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, 2), ({"stage": "review"}, 2), ({"stage": "closure"}, 0), ({"search": "song cam"}, 1),
    ({"officer": "second.hbg"}, 1), ({"light": "past_legal"}, 0), ({"obstacle": "tax_debt"}, 0),
    ({"state": "S0"}, 2), ({"state": "S1"}, 0), ({"district": "ADG"}, 2),
)  # fmt: skip


def test_the_filters_of_the_worklist_choose_the_cases(batches: Batches) -> None:
    """Another district requested by an officer of Hồng Bàng is still their own."""
    for asked, count in FILTERS:
        found = [item for item in batches.looked_at(**asked).candidates if item.reason != "other_office"]
        assert len(found) == count, asked


def test_the_city_writes_to_its_own_cases_alone(batches: Batches, small: Office) -> None:
    found = reasons(batches.looked_at(by="case_officer", place=None))
    assert found == {
        small.city: "", small.first: "other_office", small.second: "other_office", small.elsewhere: "other_office",
    }  # fmt: skip


DRAFTERS = ("case_officer", "manager", "clerk", "commune")


def test_who_may_draft_many(batches: Batches) -> None:
    for role in ROLES:
        refs = batches.more(1)
        if role in DRAFTERS:
            assert batches.drafted(role, by=role, refs=refs).made == 1
            continue
        with pytest.raises(Refused) as refused:
            batches.drafted(role, by=role, refs=refs)
        assert refused.value.code == "drafting_not_yours", role


def test_a_letter_of_another_body_is_no_bulk_letter_of_ours(batches: Batches) -> None:
    city_only = next(
        kind.name
        for kind in types_for(batches.person("case_officer", None))
        if kind.name not in {item.name for item in types_for(batches.person("case_officer"))}
    )
    with pytest.raises(Refused) as refused:
        batches.drafted(template=city_only)
    assert refused.value.code == "batch_type_not_ours"


def test_more_cases_than_a_batch_holds_are_refused(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("correspondence.bulk.bulk_choice.MOST", 1)
    with pytest.raises(WrongInput) as wrong:
        batches.looked_at()
    assert wrong.value.code == "batch_too_large"


def test_a_wrong_field_is_named(batches: Batches) -> None:
    with pytest.raises(WrongInput) as wrong:
        batches.looked_at(data={"deleted_on": "30/02/2016"})
    assert wrong.value.field == "deleted_on"

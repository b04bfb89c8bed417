"""Parts that got another name: facts, texts and readings of any version find them."""

import re
from datetime import date

import pytest

from procedures.definition.difference import differences
from procedures.definition.loader import ProcedureBroken, load, read
from procedures.facts import FactView
from procedures.former_names import all_names, names_of, own_name
from procedures.law.interpretations import read_as
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all
from procedures.named_terms import terms_of
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from procedures.state_machine.replay import first_refusal, retrace
from rulebook.shipped import shipped
from tests.builders import SMALL, TODAY, Story, opened

THIRD = read(shipped().former["htx-hai-phong@3"].text, "3.yaml", None)
TEXT = SMALL.read_text(encoding="utf-8")
DECIDED = date(2016, 3, 1)


def renamed(*names: tuple[str, str]) -> Procedure:
    """The small procedure with parts under other keys, each listing its former one."""
    text = TEXT
    for old, new in names:
        text = re.sub(rf"\b{old}\b", new, text)
        found = re.subn(rf"^(\s+{new}:) \{{", rf"\1 {{formerly: {old}, ", text, count=1, flags=re.MULTILINE)
        text = found[0] if found[1] else re.sub(rf"^(  {new}:)$", rf"\1\n    formerly: {old}", text, flags=re.MULTILINE)
    return read(text, "small.yaml", None)


def decided(deadline: str) -> list[FactView]:
    extended = {"deadline": deadline, "days": 5, "decision": "9/QĐ"}
    return [
        opened(),
        FactView(2, "decide_dissolution", DECIDED, "leader.hbg", "leader", {"decided_on": "2016-03-01"}),
        FactView(3, "extend_target", TODAY, "manager.hbg", "manager", extended),
    ]


@pytest.mark.parametrize(
    ("procedure", "key", "named"),
    [
        (load(), "compulsory_council_term", "compulsory_60"),
        (THIRD, "compulsory_60", "compulsory_council_term"),
        (THIRD, "compulsory_60", "compulsory_60"),
    ],
)
def test_a_deadline_that_a_fact_names_is_found_by_any_version(procedure: Procedure, key: str, named: str) -> None:
    clock = fold(procedure, decided(named)).clocks[key]
    assert [item.days for item in clock.extensions] == [5]


def test_a_point_of_the_law_bears_on_a_deadline_of_every_version() -> None:
    for procedure, key in ((load(), "compulsory_council_term"), (THIRD, "compulsory_60")):
        ruled = read_as(procedure, {"extension_of_compulsory_60": "extended"})
        ends = {derive_all(way, fold(way, decided(key)), load_calendars())[key].ends_on for way in (procedure, ruled)}
        assert ends == {date(2016, 5, 4), date(2016, 5, 5)}


def test_texts_of_this_release_name_the_terms_of_older_versions() -> None:
    assert terms_of(THIRD).words("council_term", "vi") == "60 ngày"
    assert terms_of(THIRD).words("settle_complaint_term.longest", "vi") == "45 ngày"
    assert terms_of(load()).words("council_60", "vi") == "60 ngày"


def test_every_version_has_each_renamed_deadline() -> None:
    former = {name: key for key, kind in load().deadlines.items() for name in kind.formerly}
    assert len(former) == 8
    for procedure in (load(), *(read(item.text, item.pin, None) for item in shipped().former.values())):
        lacking = [key for key in former.values() if own_name(procedure, "deadlines", key) not in procedure.deadlines]
        assert lacking in ([], ["withdrawal_complaint_period"]), procedure.pin
    assert all_names((load(), THIRD), "deadlines", ["council_term"]) == {"council_term", "council_60"}


def held() -> Story:
    story = Story()
    return story.act("hold_meeting", data={"present": 10, "in_favour": 9, "resolved_on": "2016-03-05"})


def test_a_step_its_field_its_state_and_its_letter_may_get_other_names() -> None:
    newer = renamed(
        ("hold_meeting", "record_meeting"), ("resolved_on", "decided_on"), ("COUNCIL", "AT_WORK"),
        ("creditor_notice", "notice_to_creditors"), ("council_60", "council_time"),
    )  # fmt: skip
    facts = held().facts
    state = fold(newer, facts)
    assert (state.state, state.clocks["council_time"].starts_on) == ("AT_WORK", date(2016, 3, 5))
    assert [fact.data["decided_on"] for fact in state.done["record_meeting"]] == ["2016-03-05"]
    assert retrace(newer, facts)[1] is None
    assert first_refusal(newer, facts) is None
    assert facts[1].kind == "hold_meeting", "what was recorded stays as it was"


def test_a_letter_served_under_its_former_name_starts_the_clock() -> None:
    served = TEXT.replace(
        "starts: [{deadline: council_60, from: resolved_on}]",
        "starts: [{deadline: council_60, served: creditor_notice}]",
    )
    text = served.replace("creditor_notice", "notice_to_creditors")
    newer = read(f"{text}\nletters:\n  notice_to_creditors: {{formerly: creditor_notice}}\n", "small.yaml", None)
    proof = FactView(3, "letter_served", TODAY, data={"template": "creditor_notice", "follows": 2})
    clock = fold(newer, [*held().facts, proof]).clocks["council_60"]
    assert (clock.status, clock.starts_on) == ("open", TODAY)


def test_names_that_nobody_changed_leave_a_fact_as_it_is() -> None:
    fact = held().facts[1]
    assert names_of(load(SMALL)).fact(fact) is fact


def test_a_renamed_part_is_compared_with_what_it_was() -> None:
    found = [(item.code, item.key) for item in differences(load(SMALL), renamed(("council_60", "council_time")))]
    assert found == [("council_time", "formerly")]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("council_60: {", "council_60: {formerly: meeting_target, ", "deadlines.council_60.formerly"),
        ("COUNCIL: {", "COUNCIL: {formerly: [WORK, OPEN], ", "states.COUNCIL.formerly"),
        ("  hold_meeting:\n", "  hold_meeting:\n    formerly: finish\n", "verbs.hold_meeting.formerly"),
        ("present: {", "present: {formerly: in_favour, ", "verbs.hold_meeting.needs.present.formerly"),
    ],
)
def test_a_former_name_in_use_is_refused(old: str, new: str, place: str) -> None:
    assert TEXT.count(old) >= 1
    with pytest.raises(ProcedureBroken) as broken:
        read(TEXT.replace(old, new, 1), "small.yaml", None)
    assert [(item.code, item.place) for item in broken.value.problems] == [("procedure_former_name", place)]


def test_a_former_name_belongs_to_one_part() -> None:
    text = TEXT.replace("COUNCIL: {", "COUNCIL: {formerly: WORK, ", 1).replace("END: {", "END: {formerly: WORK, ", 1)
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "small.yaml", None)
    assert [item.place for item in broken.value.problems] == ["states.END.formerly"]

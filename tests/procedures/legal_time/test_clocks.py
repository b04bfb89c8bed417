"""Clocks that wait for the service of letters, that are suspended alone, and that overlays stop."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused, WrongInput
from procedures.definition.known_letters import KnownLetter
from procedures.definition.loader import ProcedureBroken, load, read
from procedures.facts import CaseState, FactView, Pause
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import Derived, derive_all, end_of_sum, lacking
from procedures.schema import Procedure
from procedures.state_machine.engine import available, fold
from tests.builders import SMALL, Story, doer, opened

TEXT = SMALL.read_text(encoding="utf-8")
DECIDED = date(2016, 3, 1)


def d(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def small(starts: str, letters: str = "[notice, decision]", more: str = "") -> Procedure:
    """The small procedure whose officer asks for an answer: `starts` says when the clock of it runs."""
    verb = f"""
  ask:
    label: {{vi: Hỏi, en: Ask}}
    done: {{vi: Đã hỏi, en: Asked}}
    by: [case_officer]
    from: any_open
    needs:
      asked_on: {{type: date, required: false, free: {{vi: Tùy, en: Any}}, label: {{vi: Ngày hỏi, en: Asked on}}}}
    starts: {starts}
    letters: {letters}
  answer:
    label: {{vi: Trả lời, en: Answer}}
    done: {{vi: Đã trả lời, en: Answered}}
    by: [case_officer]
    from: any_open
    meets: [answer_90]
{more}"""
    kind = (
        "  answer_90: {label: {vi: Trả lời, en: Answer}, kind: period, term: 90 days, article: complaints.9, "
        "who: case_officer}\n"
    )
    return read(TEXT.replace("deadlines:\n", "deadlines:\n" + kind) + verb, "small.yaml", None)


WAITING = small("[{deadline: answer_90, served: decision}]")
BOTH = small("[{deadline: answer_90, served: [notice, decision]}]")
DATED = small("[{deadline: answer_90, from: asked_on, served: decision}]")


def asked(seq: int = 2, on: date = DECIDED, **data: Any) -> FactView:
    return FactView(seq, "ask", on, "x", "case_officer", data)


def served(
    seq: int, on: str, letter: str = "decision", follows: int | None = 2, kind: str = "letter_served"
) -> FactView:
    data = {"template": letter, "letter": seq} | ({} if follows is None else {"follows": follows})
    return FactView(seq, kind, d(on), "x", "clerk", data)


def annulled(seq: int, fact: int) -> FactView:
    return FactView(seq, "annulled", DECIDED, "x", "manager", {}, (), fact)


def clock(procedure: Procedure, *facts: FactView) -> Derived:
    state = fold(procedure, [opened(), *facts])
    return derive_all(procedure, state, load_calendars())["answer_90"]


STARTS = [
    pytest.param(WAITING, [], None, id="no proof, no clock"),
    pytest.param(WAITING, [served(3, "05/03/2016")], "05/03/2016", id="handed over"),
    pytest.param(WAITING, [served(3, "05/03/2016", follows=None)], "05/03/2016", id="an older fact names no act"),
    pytest.param(WAITING, [served(3, "05/03/2016", follows=9)], None, id="the letter of another act"),
    pytest.param(WAITING, [served(3, "05/03/2016", "notice")], None, id="another letter"),
    pytest.param(WAITING, [served(3, "05/03/2016", kind="letter_returned")], None, id="what came back starts nothing"),
    pytest.param(WAITING, [served(3, "05/03/2016", kind="letter_issued")], None, id="nor does issuing it"),
    pytest.param(
        WAITING, [served(3, "03/03/2016", kind="letter_returned"), served(4, "20/03/2016")], "20/03/2016",
        id="came back, then posted at the commune",
    ),
    pytest.param(WAITING, [served(3, "05/03/2016"), annulled(4, 3)], None, id="the proof is annulled"),
    pytest.param(
        WAITING, [served(3, "05/03/2016"), annulled(4, 3), served(5, "09/03/2016")], "09/03/2016", id="and given again"
    ),
    pytest.param(WAITING, [served(3, "20/03/2016"), served(4, "09/03/2016")], "09/03/2016", id="an earlier one"),
    pytest.param(WAITING, [served(3, "09/03/2016"), served(4, "20/03/2016")], "09/03/2016", id="a later one"),
    pytest.param(BOTH, [served(3, "05/03/2016")], None, id="two letters: one is not enough"),
    pytest.param(
        BOTH, [served(3, "05/03/2016"), served(4, "02/03/2016", "notice")], "05/03/2016", id="two letters: the later"
    ),
    pytest.param(
        BOTH, [served(3, "05/03/2016"), served(4, "12/03/2016", "notice"), served(5, "11/03/2016", "notice")],
        "11/03/2016", id="two letters: the later, each by its first service",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("procedure", "facts", "start"), STARTS)
def test_a_clock_starts_with_the_proof_of_service(
    procedure: Procedure, facts: list[FactView], start: str | None
) -> None:
    found = clock(procedure, asked(), *facts)
    assert found.starts_on == (d(start) if start else None)
    assert (found.status, found.ends_on is None) == (("open", False) if start else ("waiting", True))
    assert found.law_on == (found.starts_on or DECIDED), "until it runs, the act's day chooses the law"


def test_a_period_of_others_rolls_like_a_legal_term() -> None:
    """90 days from 5 March 2016 end on Friday 3 June; from the 6th on a Saturday, so on Monday the 6th."""
    ends = [clock(WAITING, asked(), served(3, on)).ends_on for on in ("05/03/2016", "06/03/2016")]
    assert ends == [d("03/06/2016"), d("06/06/2016")]


@pytest.mark.parametrize(
    ("typed", "on", "start"),
    [
        ("2016-03-10", "05/03/2016", "10/03/2016"),
        ("2016-03-02", "05/03/2016", "05/03/2016"),
        ("", "05/03/2016", "05/03/2016"),
    ],
)
def test_a_typed_date_beside_the_service_is_one_start_more(typed: str, on: str, start: str) -> None:
    waiting = clock(DATED, asked(asked_on=typed))
    assert (waiting.starts_on, waiting.sum.get("not_before")) == (None, typed or None)
    assert clock(DATED, asked(asked_on=typed), served(3, on)).starts_on == d(start)


def test_asked_again_the_old_service_no_longer_counts() -> None:
    again = asked(4, date(2016, 4, 1))
    assert clock(WAITING, asked(), served(3, "05/03/2016"), again).status == "waiting"
    assert clock(WAITING, asked(), served(3, "05/03/2016", follows=None), again).status == "waiting"
    assert clock(WAITING, asked(), again, served(5, "05/04/2016", follows=4)).starts_on == d("05/04/2016")


def test_a_letter_served_before_its_act_was_written_down_counts_by_its_day() -> None:
    """Written down in the wrong order, without the act's number: what happened on or after the act's day is its own."""
    late = asked(3)
    assert clock(WAITING, served(2, "05/03/2016", follows=None), late).starts_on == d("05/03/2016")
    assert clock(WAITING, served(2, "01/03/2016", follows=None), late).starts_on == d("01/03/2016")
    assert clock(WAITING, served(2, "28/02/2016", follows=None), late).status == "waiting"


def test_of_two_proofs_of_one_day_the_first_counts() -> None:
    found = clock(WAITING, asked(), served(3, "05/03/2016"), served(4, "05/03/2016"))
    assert found.sum["awaits"] == {"decision": ["2016-03-05", 3]}


def test_what_was_lifted_may_turn_out_never_to_have_been_raised() -> None:
    began = FactView(2, "receive_complaint", d("02/03/2016"), "x", "case_officer", {})
    ended = FactView(3, "settle_complaint", d("09/03/2016"), "x", "leader", {})
    state = fold(WAITING, [opened(), began, ended, annulled(4, 2)])
    assert (state.overlays, state.times) == ({}, {})


def test_the_time_under_an_overlay_knows_the_facts_that_began_and_ended_it() -> None:
    began = FactView(2, "receive_complaint", d("02/03/2016"), "x", "case_officer", {})
    ended = FactView(3, "settle_complaint", d("09/03/2016"), "x", "leader", {})
    times = fold(WAITING, [opened(), began, ended]).times
    assert times == {"complaint": [Pause(d("02/03/2016"), d("09/03/2016"), "complaint", 2, 3)]}


def test_what_ends_while_it_waits_ended_without_having_run() -> None:
    answered = FactView(3, "answer", d("04/03/2016"), "x", "case_officer", {})
    found = clock(WAITING, asked(), answered)
    assert (found.status, found.starts_on, found.ended_on) == ("met", None, d("04/03/2016"))
    assert clock(WAITING, asked(), answered, served(4, "05/03/2016")).starts_on is None, "too late to start it"


def test_a_sum_says_which_proof_is_lacking() -> None:
    found = clock(BOTH, asked(), served(3, "05/03/2016"))
    assert lacking(found.sum) == ["notice"]
    assert found.sum["awaits"] == {"notice": None, "decision": ["2016-03-05", 3]}
    assert end_of_sum(found.sum, load_calendars()) is None


@given(st.permutations([served(3, "05/03/2016"), served(4, "12/03/2016", "notice"), served(5, "11/03/2016")]))
def test_the_order_in_which_proofs_come_in_does_not_matter(order: list[FactView]) -> None:
    assert clock(BOTH, asked(), *order).starts_on == d("12/03/2016")


BROKEN = [
    pytest.param("[{deadline: answer_90, served: warning}]", "procedure_unknown_served", id="a letter nobody requires"),
    pytest.param("[{deadline: no_such, served: decision}]", "procedure_unknown_deadline", id="an unknown deadline"),
    pytest.param("[{deadline: done_by, served: decision}]", "procedure_served_fixed", id="a fixed date"),
    pytest.param("[{deadline: answer_90, from: on_day}]", "procedure_unknown_field", id="a date that is not asked for"),
]


@pytest.mark.parametrize(("starts", "code"), BROKEN)
def test_a_start_that_cannot_be_is_refused(starts: str, code: str) -> None:
    with pytest.raises(ProcedureBroken) as broken:
        small(starts)
    assert [problem.code for problem in broken.value.problems] == [code]
    assert broken.value.problems[0].place == "verbs.ask.starts"


def test_a_letter_that_no_template_writes_is_refused() -> None:
    with pytest.raises(ProcedureBroken) as broken:
        read(TEXT, "small.yaml", {"notice": KnownLetter((), "finance_office")})
    assert "procedure_unknown_letter" in {problem.code for problem in broken.value.problems}


OF_CLOCKS = [
    ("suspends: {deadline_field: which, from_field: since_on, reason_field: why}", []),
    ("suspends: {from_field: since_on, reason_field: why}", ["procedure_which_deadline"]),
    ("suspends: {deadline: no_such, from_field: since_on, reason_field: why}", ["procedure_unknown_deadline"]),
    ("suspends: {deadline: council_60, from_field: why, reason_field: why}", ["procedure_unknown_field"]),
    ("suspends: {deadline: council_60, from_field: since_on, reason_field: no}", ["procedure_unknown_field"]),
    ("resumes: {deadline_field: which, on_field: since_on}", []),
    ("resumes: {deadline: council_60, deadline_field: which}", ["procedure_which_deadline"]),
    ("serves: {deadline_field: which, on_field: since_on}", []),
    ("serves: {deadline: council_60, on_field: why}", ["procedure_unknown_field"]),
    ("since: why", ["procedure_unknown_field"]),
]


@pytest.mark.parametrize(("line", "codes"), OF_CLOCKS)
def test_what_stops_and_restarts_a_clock_names_fields_of_its_act(line: str, codes: list[str]) -> None:
    verb = f"""
  stop:
    label: {{vi: Dừng, en: Stop}}
    done: {{vi: Đã dừng, en: Stopped}}
    by: [manager]
    from: any_open
    needs:
      which: {{type: choice, required: true, options_from: stoppable, label: {{vi: Hạn, en: Deadline}}}}
      since_on: {{type: date, free: {{vi: Tùy, en: Any}}, label: {{vi: Từ, en: Since}}}}
      why: {{type: text, label: {{vi: Lý do, en: Reason}}}}
    {line}
"""
    if not codes:
        assert read(TEXT + verb, "small.yaml", None).verbs["stop"]
        return
    with pytest.raises(ProcedureBroken) as broken:
        read(TEXT + verb, "small.yaml", None)
    assert [problem.code for problem in broken.value.problems] == codes


def test_a_letter_written_on_paper_is_served_by_an_act_of_its_own() -> None:
    story = Story(load(), name="HTX thử", level="district")
    withdrawn = FactView(2, "withdraw_certificate", DECIDED, "x", "manager", {"ground": "d"})
    asked_to_explain = FactView(3, "request_explanation", DECIDED, "x", "case_officer", {})
    story.facts += [withdrawn, asked_to_explain]
    data = {"deadline": "withdrawal_complaint_period", "symbol": "15/QĐ-TCKH", "way": "post", "served_on": "05/03/2016"}
    with pytest.raises(Refused, match="evidence_required"):
        story.act("record_paper_service", data=data)
    story.act("record_paper_service", evidence=("x",), data=data)
    found = derive_all(load(), story.state, load_calendars())
    starts = {key: found[key].starts_on for key in ("withdrawal_complaint_period", "explain_target")}
    assert starts == {"withdrawal_complaint_period": d("05/03/2016"), "explain_target": None}
    assert found["withdrawal_complaint_period"].sum["awaits"] == {"certificate_withdrawal": ["2016-03-05", 4]}
    with pytest.raises(WrongInput) as wrong:
        story.act("record_paper_service", evidence=("x",), data=data)
    assert wrong.value.code == "not_an_option", "it waits for nothing more"
    assert derive_all(load(), story.annul(4).state, load_calendars())["withdrawal_complaint_period"].starts_on is None


def ends(state: CaseState) -> dict[str, date | None]:
    return {key: item.ends_on for key, item in derive_all(load(), state, load_calendars()).items()}


def ours(day: date = date(2016, 3, 14)) -> Story:
    """A case of ours under consolidation: its plan runs six months from 1 March 2016."""
    story = Story(load(), name="HTX thử", level="district")
    enter = FactView(2, "decide_measure", date(2016, 3, 1), "x", "leader", {"measure": "consolidate"})
    story.facts.append(enter)
    assert story.state.state == "R1"
    return story


def stop(story: Story, since: str, again: str = "", deadline: str = "plan_target") -> Story:
    data = {"deadline": deadline, "from_on": since, "again_on": again, "reason": "Chờ thành phố hướng dẫn"}
    return story.act("suspend_target", "manager", evidence=("x",), data=data)


def test_one_target_is_suspended_several_times_and_the_days_count_once() -> None:
    story = ours()
    assert ends(story.state)["plan_target"] == d("01/09/2016")
    stop(story, "01/04/2016", "11/04/2016")
    stop(story, "06/04/2016", "21/04/2016")  # overlaps: together twenty days
    stop(story, "01/05/2016", "02/05/2016")
    assert ends(story.state)["plan_target"] == d("22/09/2016")
    assert ends(story.state)["treatment_by"] == d("31/12/2016"), "nothing else is touched"
    assert ends(story.annul(4).state)["plan_target"] == d("12/09/2016")


def test_a_suspension_without_an_end_goes_on_until_it_is_lifted() -> None:
    story = stop(ours(), "01/04/2016")
    assert ends(story.state)["plan_target"] is None
    story.act("resume_target", "manager", data={"deadline": "plan_target", "again_on": "11/04/2016"})
    assert ends(story.state)["plan_target"] == d("11/09/2016")
    assert ends(story.annul(4).state)["plan_target"] is None, "the lifting is annulled"
    assert ends(story.annul(3).state)["plan_target"] == d("01/09/2016"), "and so is the suspension"


def test_a_suspension_is_lifted_before_its_day() -> None:
    story = stop(ours(), "01/04/2016", "01/06/2016")
    story.act("resume_target", "manager", data={"deadline": "plan_target", "again_on": "11/04/2016"})
    assert ends(story.state)["plan_target"] == d("11/09/2016")


def test_the_managers_stop_what_the_office_has_set_itself_and_nothing_else() -> None:
    story = ours()
    with pytest.raises(WrongInput) as wrong:
        stop(story, "01/04/2016", deadline="treatment_by")
    assert wrong.value.code == "not_an_option"
    with pytest.raises(WrongInput) as wrong:
        stop(story, "31/02/2016")
    assert wrong.value.code == "not_a_date"
    with pytest.raises(WrongInput, match="day_not_before"):
        stop(story, "11/04/2016", "01/04/2016")
    with pytest.raises(Refused, match="evidence_required"):
        story.act("suspend_target", "manager", data={"deadline": "plan_target", "from_on": "01/04/2016", "reason": "x"})


def test_what_has_nothing_to_choose_from_is_not_offered() -> None:
    listed = {item.verb: item for item in available(load(), ours().state, doer("manager"))}
    assert listed["extend_target"].allowed and listed["suspend_target"].allowed
    assert listed["resume_target"].reason is not None
    assert listed["resume_target"].reason.code == "nothing_to_choose"


def test_an_extension_is_held_under_the_cap_and_undone_by_annulment() -> None:
    story = ours()
    for days in (100, 100):
        data = {"deadline": "plan_target", "days": days, "decision": "7/QĐ"}
        story.act("extend_target", "manager", data=data)
    assert ends(story.state)["plan_target"] == d("28/02/2017")  # 180 days after 01/09/2016
    assert ends(story.annul(3).state)["plan_target"] == d("10/12/2016")


def test_a_lawful_suspension_holds_from_its_first_day_to_its_last() -> None:
    """Notified on 14 March for 1 April to 30 June; the plan resumes on 1 July."""
    story = ours()
    notice = {"notified_on": "14/03/2016", "from_on": "01/04/2016", "to_on": "30/06/2016"}
    story.act("receive_suspension", data=notice)
    assert ends(story.state)["plan_target"] == d("01/12/2016")
    longer = {"notified_on": "14/03/2016", "from_on": "01/07/2016", "to_on": "10/07/2016"}
    story.act("receive_suspension", data=longer)
    assert ends(story.state)["plan_target"] == d("11/12/2016")
    story.act("end_suspension", on=d("14/03/2016"))
    assert ends(story.state)["plan_target"] == d("01/09/2016"), "ended before it began"


def test_a_complaint_stops_what_it_stops_while_the_clock_already_waits() -> None:
    """The overlay was there first: when the clock starts, what is left of it counts."""
    facts = [
        opened(),
        FactView(2, "receive_complaint", DECIDED, "x", "clerk", {"received_on": "2016-03-01"}),
        FactView(3, "file_compulsory_dossier", d("10/03/2016"), "x", "clerk", {"received_on": "2016-03-10"}),
        FactView(4, "settle_complaint", d("17/03/2016"), "x", "leader", {"result": "keep"}),
    ]
    assert ends(fold(load(), facts))["delete_target"] == d(
        "23/03/2016"
    )  # five working days after the 17th, it included


def test_what_stopped_after_a_clock_ended_did_not_stop_it() -> None:
    facts = [
        opened(),
        FactView(2, "decide_measure", date(2016, 3, 1), "x", "leader", {"measure": "consolidate"}),
        FactView(3, "abandon_remediation", d("10/03/2016"), "x", "manager", {}),
        FactView(4, "receive_suspension", d("12/03/2016"), "x", "clerk", {}),
    ]
    item = derive_all(load(), fold(load(), facts), load_calendars())["plan_target"]
    assert (item.status, item.ends_on, "pauses" in item.sum) == ("dropped", d("01/09/2016"), False)

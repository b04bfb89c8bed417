"""One case down every path to every outcome, through the command line, reading only `choices`."""

from pathlib import Path

import pytest

from models.database import writing
from models.errors import Refused, WrongInput
from procedures.definition.loader import load
from procedures.state_machine.acts_on_paper import letters_by
from samples.other_kinds import GROUP_PATHS
from samples.path_step import Step
from samples.paths import PATHS
from tests.e2e.walking import Walker, coopcase
from tests.web.web_office import Office, login_of, new_case


@pytest.fixture
def walker(office: Office, tmp_path: Path) -> Walker:
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản làm việc (thử)", encoding="utf-8")
    return Walker(office.first, proof)


def test_the_paths_reach_every_outcome() -> None:
    paths = {**PATHS, **GROUP_PATHS}
    assert set(load().outcomes) == {name for name in load().outcomes if any(name in path for path in paths)}


def outcome_of(path: str) -> str:
    if path == "reopened":
        return "no_action"
    return next(outcome for outcome in sorted(load().outcomes, key=len, reverse=True) if path.startswith(outcome))


@pytest.mark.parametrize("name", PATHS)
def test_every_path_leads_from_opened_to_a_closed_file(walker: Walker, name: str) -> None:
    for step in PATHS[name]:
        walker.take(step)
    case = coopcase("case", walker.ref)
    assert case["closed_on"] is not None
    assert case["outcome"] == outcome_of(name)
    checked = coopcase("verify", walker.ref)
    assert checked == {"sound": True, "faults": [], "contradictions": [], "log": None}
    drained = coopcase("effects", "--drain")
    assert drained["effects"] == [], "everything the case pending is done"
    done = [(load().verbs[fact["kind"]], fact["data"]) for fact in case["facts"] if fact["kind"] in load().verbs]
    pending = {letter for verb, data in done for letter in letters_by(verb, data)}
    assert {step.verb for step in PATHS[name]} <= {fact["kind"] for fact in case["facts"]}
    assert pending <= {letter["template"] for letter in coopcase("letters", walker.ref)["letters"]}


@pytest.mark.parametrize("name", GROUP_PATHS)
def test_a_group_ends_by_its_contract(walker: Walker, office: Office, name: str) -> None:
    with writing(office.bind) as connection:
        walker.ref = new_case(connection, "Tổ hợp tác Bến Bính", "HBG", kind="to_hop_tac")
    for step in GROUP_PATHS[name]:
        walker.take(step)
    assert coopcase("case", walker.ref)["outcome"] == name
    coopcase("effects", "--drain")
    assert "group_end_attestation" in {letter["template"] for letter in coopcase("letters", walker.ref)["letters"]}


def test_a_letter_goes_from_draft_to_served_and_prints_the_same_bytes(walker: Walker, tmp_path: Path) -> None:
    for step in PATHS["consolidated"][:3]:
        walker.take(step)
    coopcase("effects", "--drain")
    drafts = [letter for letter in coopcase("letters", walker.ref)["letters"] if letter["status"] == "draft"]
    number = str(drafts[0]["id"])
    coopcase("letter-act", number, "submit", "--by", login_of("case_officer"))
    with pytest.raises(Refused) as refused:
        coopcase("letter-act", number, "approve", "--by", login_of("leader"))
    assert refused.value.code == "may_not_sign"
    coopcase("letter-act", number, "approve", "--by", login_of("manager"))
    issued = coopcase("letter-act", number, "issue", "--by", login_of("clerk"))
    assert (issued["status"], issued["number"]) == ("issued", 2)
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    coopcase("letter", number, "--pdf", str(first))
    coopcase("letter", number, "--pdf", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"%PDF-")
    by_hand = ("letter-serve", number, "--by", login_of("clerk"), "--way", "hand", "--result", "served")
    on = walker.today.strftime("%d/%m/%Y")
    with pytest.raises(WrongInput) as no_proof:
        coopcase(*by_hand, "--on", on, "--set", "receiver=Bà Lan")
    assert no_proof.value.code == "service_needs_proof"
    served = coopcase(*by_hand, "--on", on, "--set", "receiver=Bà Lan", "--evidence", str(walker.proof))
    assert served["status"] == "served"
    kinds = [fact["kind"] for fact in coopcase("case", walker.ref)["facts"]]
    assert kinds[-2:] == ["letter_issued", "letter_served"]


def test_a_refused_act_changes_nothing(walker: Walker) -> None:
    before = coopcase("case", walker.ref)
    with pytest.raises(Refused):
        walker.take_anyway(Step("decide_dissolution", "leader"))
    assert coopcase("case", walker.ref) == before

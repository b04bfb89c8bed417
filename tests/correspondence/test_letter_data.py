"""What a case gives to its letters: names and titles, and the way of dissolving that is in force."""

import pytest

from casework.ledger import load_case
from correspondence.letter_data import LetterData, way_of
from flows.jobs.effects import drain
from letters.catalogue import letter_type
from letters.numbering import long_date
from letters.specimen import specimen
from models.database import reading
from models.errors import Refused
from procedures.facts import FactView
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY


def test_what_a_case_gives_is_what_templates_are_checked_against(papers: Paperwork) -> None:
    with reading(papers.bind) as connection:
        given = LetterData(connection).of(load_case(connection, papers.ref), None, {})
    shown = specimen(letter_type("name_deletion_notice"))
    assert given.keys() == shown.keys()
    assert shown["unit"].keys() <= given["unit"].keys()
    for part in ("case", "district", "officer"):
        assert dict(shown)[part].keys() <= dict(given)[part].keys(), part  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "title", "name"),
    [
        ("Ông Nguyễn Văn An", "ông", "Nguyễn Văn An"), ("bà: Trần Thị Bé", "bà", "Trần Thị Bé"),
        ("Nguyễn Văn An", "ông (bà)", "Nguyễn Văn An"), ("Ông", "ông (bà)", "Ông"), ("", "ông (bà)", None),
        ("Bàng Văn Út", "ông (bà)", "Bàng Văn Út"),
    ],
)  # fmt: skip
def test_the_title_of_the_representative_is_taken_where_it_is_known(
    papers: Paperwork, written: str, title: str, name: str | None
) -> None:
    with reading(papers.bind) as connection:
        loaded = load_case(connection, papers.ref)
        loaded.state.unit = {**loaded.state.unit, "representative": written}
        unit = LetterData(connection).of(loaded, None, {})["unit"]
    assert (unit["representative_title"], unit["representative"]) == (title, name)


@pytest.mark.parametrize(
    ("written", "said"), [("Thôn Nam", "thôn Nam, xã Tân Hưng, quận Hồng Bàng, thành phố Hải Phòng"), ("", None)]
)
def test_the_address_says_where_it_lies(papers: Paperwork, written: str, said: str | None) -> None:
    with reading(papers.bind) as connection:
        loaded = load_case(connection, papers.ref)
        loaded.state.unit = {**loaded.state.unit, "address": written, "commune": "Xã Tân Hưng"}
        assert LetterData(connection).of(loaded, None, {})["unit"]["address"] == said


def recorded(*kinds: str) -> list[FactView]:
    return [FactView(place, kind, TODAY) for place, kind in enumerate(kinds, start=1)]


@pytest.mark.parametrize(
    ("kinds", "as_of", "way"),
    [
        (("opened",), None, ""),
        (("opened", "resolve_dissolution"), None, "voluntary"),
        (("opened", "resolve_dissolution", "revive", "decide_dissolution"), None, "compulsory"),
        (("opened", "resolve_dissolution", "revive", "decide_dissolution"), 2, "voluntary"),
        (("opened", "decide_dissolution", "cancel_decision", "resolve_dissolution"), None, "voluntary"),
    ],
)
def test_the_way_of_dissolving_is_the_one_taken_last(kinds: tuple[str, ...], as_of: int | None, way: str) -> None:
    assert way_of(recorded(*kinds), as_of) == way


def test_the_members_own_council_signs_for_itself(papers: Paperwork) -> None:
    for step in PATHS["dissolved_voluntary"]:
        papers.take(step)
        if step.verb == "resolve_dissolution":
            break
    (resolved,) = papers.facts("resolve_dissolution")
    letter = papers.filled(papers.requested("creditor_notice", resolved["seq"]), claims_until_on="30/04/2016")
    with pytest.raises(Refused) as refused:
        papers.submitted(letter)
    assert refused.value.code == "letter_not_ours_to_sign"


def test_letters_name_the_case_s_own_decision_by_its_number(papers: Paperwork) -> None:
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == "decide_dissolution":
            break
    (decided,) = papers.facts("decide_dissolution")
    notice = papers.requested("creditor_notice", decided["seq"])
    decision = papers.issued(papers.filled(papers.requested("dissolution_decision", decided["seq"])))
    row = papers.row(decision)
    named = f"số {row['number']:02d}/{row['symbol']} {long_date(row['issued_on'])}"
    assert f"giải thể theo Quyết định {named} của" in papers.reads(notice)
    papers.cancelled(decision, "Sai tên")
    drain(papers.bind, papers.clock)
    assert papers.status(notice) == "cancelled", "the act that it followed from is taken back"

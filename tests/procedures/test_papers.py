"""The papers of a procedure: those of its own section, or of the file for texts without one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from correspondence.service.service_rules import Delivery, checked, effective_on
from letters.template_terms import named_in_letters
from models.errors import WrongInput
from procedures.definition.guard_parameters import complete
from procedures.definition.loader import ProcedureBroken, load, read
from procedures.facts import FactView
from procedures.state_machine.fold import fold
from procedures.state_machine.guards import check_guards
from rulebook.shipped import shipped
from tests.builders import SMALL, opened

OWN = shipped().current.text
FIRST, THIRD = (read(shipped().former[f"{load().procedure}@{number}"].text, "x.yaml", None) for number in "13")


def test_a_text_without_the_section_has_the_papers_of_its_verbs() -> None:
    assert THIRD.papers.incoming["merger_file"].verb == "receive_merger_file"
    assert "merger_file" not in FIRST.papers.incoming, "version 1 has no such step"
    assert FIRST.papers.answer_to("tax_inquiry") == "agency_reply"
    assert THIRD.papers.issues == 3
    assert list(THIRD.papers.printed) == ["newspaper_request"]
    assert load(SMALL).papers.incoming == {}


KIND = """
papers:
  incoming:
    minutes: {label: {vi: Biên bản, en: Minutes}, verb: hold_meeting, takes: {resolved_on: dated_on}}
"""


def test_a_section_replaces_them_all() -> None:
    found = read(SMALL.read_text(encoding="utf-8") + KIND, "small.yaml", None).papers
    assert (list(found.incoming), found.printed, found.stuck) == (["minutes"], frozenset(), {})


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("verb: receive_file", "verb: receive_fire", "procedure_unknown_verb", "incoming.registration_file.verb"),
        ("{symbol: symbol, note: summary}", "{symbol: symbol, no: summary}", "procedure_unknown_field",
         "incoming.agency_reply.takes"),
        ("{symbol: symbol, note: summary}", "{symbol: stamp, note: summary}", "procedure_unknown_source",
         "incoming.agency_reply.takes"),
        ("land_letter: {agency: land}", "land_letter: {agency: sea}", "procedure_unknown_option",
         "incoming.agency_reply.answers"),
        ("fixed: {answered: true}", "fixed: {replied: true}", "procedure_unknown_field", "incoming.explanation.fixed"),
        ("printed: [newspaper_request]", "printed: [poster]", "procedure_unknown_letter", "printed"),
        ("    letters: [newspaper_request]", "    letters: [poster]", "procedure_unknown_letter",
         "serving.newspaper.letters"),
        ("answers: {violation_notice: {}}", "answers: {poster: {}}", "procedure_unknown_letter",
         "incoming.explanation"),
        ("    posting:\n      letters", "    pigeon:\n      letters", "procedure_unknown_way", "serving.pigeon"),
        ('asks: ["on", to_on, place, witness]', 'asks: ["on", place, witness]', "procedure_way_asks",
         "ways.posting.results.published.asks"),
        ("needs: [place, witness]", "needs: [place, receiver]", "procedure_way_asks",
         "ways.posting.results.published.asks"),
        ("asks: [newspaper, issue, \"on\"]", "asks: [newspaper, issue, \"on\", stamp]", "procedure_unknown_source",
         "ways.newspaper.results.published.asks"),
        ("means: published\n          label: {vi: \"đã đăng\", en: \"published\"}\n          act: {vi: \"Niêm yết xong",
         "means: returned\n          label: {vi: \"đã đăng\", en: \"published\"}\n          act: {vi: \"Niêm yết xong",
         "procedure_way_proves_nothing", "ways.posting"),
    ],
)  # fmt: skip
def test_a_paper_that_names_what_there_is_not_is_refused(old: str, new: str, code: str, place: str) -> None:
    head, papers = OWN.split("\npapers:\n")
    assert papers.count(old) == 1
    with pytest.raises(ProcedureBroken) as broken:
        read(f"{head}\npapers:\n{papers.replace(old, new)}", "9.yaml", named_in_letters())
    assert [(item.code, item.place) for item in broken.value.problems] == [(code, f"papers.{place}")]


@pytest.mark.parametrize(("needed", "code"), [(2, None), (3, "too_few_issues")])
def test_the_procedure_says_how_many_issues_publish_a_letter(needed: int, code: str | None) -> None:
    procedure = read(OWN.replace("  issues: 3", f"  issues: {needed}"), "9.yaml", None)
    printed = [
        FactView(
            seq, "record_newspaper_issue", date(2016, 3, seq), data={"newspaper": "Hải Phòng", "issue_number": seq}
        )
        for seq in (2, 3)
    ]
    guard = complete({"newspaper_issues": True})
    refused = check_guards(procedure, fold(procedure, [opened(), *printed]), [guard], None)
    assert (refused and refused.code) == code


def test_a_text_without_ways_has_those_of_versions_1_to_5() -> None:
    assert THIRD.papers.ways == {}
    assert THIRD.papers.all_ways() == load().papers.ways
    assert THIRD.law == load().law and THIRD.ways_of_dissolution == load().ways_of_dissolution


PORTAL = """  ways:
    portal:
      label: {vi: "Cổng thông tin", en: "Portal"}
      day: {vi: "Ngày đăng", en: "Day"}
      span: true
      results:
        shown:
          means: published
          label: {vi: "đã đăng", en: "shown"}
          act: {vi: "Đã đăng cổng thông tin", en: "Shown on the portal"}
          hint: {vi: "Tính từ ngày gỡ", en: "Counts from the last day"}
          proof: {vi: "Ảnh chụp trang", en: "Picture of the page"}
          asks: ["on", to_on, place]
          needs: [place]
"""


def test_a_way_of_another_law_is_served_by_its_data_alone() -> None:
    papers = read(
        SMALL.read_text(encoding="utf-8") + KIND.replace("  incoming", PORTAL + "  incoming"), "s", None
    ).papers
    shown = Delivery("portal", "shown", date(2016, 3, 1), date(2016, 3, 10), {"place": "haiphong.gov.vn"}, ("x",))
    with pytest.raises(WrongInput) as wrong:
        checked(replace(shown, details={}, to_on=None), date(2016, 3, 1), date(2016, 3, 14), papers)
    also: Any = wrong.value.params["also"]
    assert {item.field: item.code for item in (wrong.value, *also)} == {
        "to_on": "posting_needs_end", "place": "service_needs_place",
    }  # fmt: skip
    assert checked(shown, date(2016, 3, 1), date(2016, 3, 14), papers) == {"place": "haiphong.gov.vn"}
    assert effective_on(shown, [], papers) == date(2016, 3, 10)
    with pytest.raises(WrongInput) as wrong:
        checked(replace(shown, way="hand"), date(2016, 3, 1), date(2016, 3, 14), papers)
    assert wrong.value.params["known"] == "portal:shown"

"""Words of a procedure name its terms; figures are written once, a text without a section `terms` reads as it did."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from models.errors import WrongInput
from procedures.definition.difference import differences
from procedures.definition.loader import ProcedureBroken, load, read
from procedures.law.rules import rules
from procedures.named_terms import NamedTerms, UnknownTerm, keys_in, terms_of
from procedures.schema import Procedure, Words
from rulebook.shipped import shipped
from tests.builders import SMALL, Story
from tests.rule_changes.version_texts import OWN, text_of, version

CERTIFICATE = 'en: "Issue the certificate"}, kind: legal, term: '
TEN = f"{CERTIFICATE}5 working days", f"{CERTIFICATE}10 working days"
FORMER = {pin: read(item.text, pin, None) for pin, item in shipped().former.items()}


def sentences(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence of a procedure in both languages, with its place."""
    if isinstance(value, Words):
        yield from ((f"{place}.vi", value.vi), (f"{place}.en", value.en))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sentences(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from sentences(item, f"{place}.{key}")


def test_help_texts_follow_a_changed_term_and_nothing_else_moves() -> None:
    before, after = dict(sentences(load())), dict(sentences(version("9", TEN)))
    moved = {place.removesuffix(".vi") for place in before if before[place] != after[place] and place.endswith(".vi")}
    assert moved == {".states.R2F.now", ".states.R4.now", ".verbs.request_supplement.help"}
    for place in before:
        for old, new in (("5 ngày làm việc", "10 ngày làm việc"), ("5 working days", "10 working days")):
            if place.rpartition(".")[0] in moved and old in before[place]:
                assert after[place] == before[place].replace(old, new)


def test_no_placeholder_is_left_anywhere() -> None:
    for procedure in (load(), *FORMER.values()):
        assert [place for place, text in sentences(procedure) if "{{" in text or "}}" in text] == []


def test_version_3_says_what_version_2_said() -> None:
    """What it adds are the terms that were typed; three sentences name two terms where they named one."""
    second, third = (FORMER[f"{load().procedure}@{number}"] for number in "23")
    changed = {(item.section, item.code, item.key) for item in differences(second, third)}
    assert changed == {
        ("verbs", "record_completion", "help"),
        ("verbs", "prove_ground", "needs.from_on"),
        ("verbs", "advise_petition", "needs.due_since_on"),
    }


@pytest.mark.parametrize("pin", sorted(FORMER))
def test_former_texts_have_every_term_that_ours_has(pin: str) -> None:
    ours, theirs = terms_of(load()), terms_of(FORMER[pin])
    practice = {key for key, term in load().terms.items() if term.article == "practice"}  # since version 4
    named = {key for _, text in _raw_sentences() for _, key in keys_in(text)} | load().terms.keys() - practice
    assert {key: theirs.spans.get(key) for key in named & ours.spans.keys()} == {
        key: ours.spans[key] for key in named & ours.spans.keys()
    }


def _raw_sentences() -> Iterator[tuple[str, str]]:
    yield from (("", line) for line in OWN.splitlines())


def test_a_ground_of_version_1_gets_a_length_in_words_and_no_condition() -> None:
    first = FORMER[f"{load().procedure}@1"]
    assert first.grounds["a"].term == ""
    assert terms_of(first).words("grounds.a", "vi") == "12 tháng"


def test_every_term_has_an_article_of_the_rules() -> None:
    for procedure in (load(), *FORMER.values()):
        assert [key for key, term in procedure.terms.items() if term.article not in rules()] == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{{ term('certificate_term') }}, hoặc yêu cầu", "{{ term('certificate') }}, hoặc yêu cầu", "certificate"),
        ("{{ term('certificate_term') }}, hoặc yêu cầu", "{{ term('conversion_by') }}, hoặc yêu cầu", "conversion_by"),
        ("{{ term('certificate_term') }}, hoặc yêu cầu", "{{ term(5) }}, hoặc yêu cầu", "{{ term(5) }}, hoặc yêu cầu"),
        ("{{ term('certificate_term') }}, hoặc yêu cầu", "{{ day('someday') }}, hoặc yêu cầu", "someday"),
        ("{{ term('certificate_term') }}, hoặc yêu cầu", "{{ term('council_term', 'x') }}, hoặc yêu cầu", "x"),
    ],
)
def test_an_unknown_term_is_refused_with_file_and_line(old: str, new: str, found: str) -> None:
    text = text_of("9", (old, new))
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "9.yaml", None)
    (problem,) = broken.value.problems
    assert (problem.file, problem.code, problem.place) == ("9.yaml", "procedure_unknown_term", "states.R2F.now.vi")
    assert problem.params["found"].startswith(found)
    assert new in text.splitlines()[problem.line - 1]


ENTRY = 'meeting_notice: {label: {vi: "Gửi giấy mời đại hội thành viên", en: "Notice of a general meeting"}, '
LONGEST = 'suspension_longest: {label: {vi: "Tạm ngừng liên tục dài nhất", en: "Longest suspension without a break"}, '


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((f"{ENTRY}term: 7 days before", f"{ENTRY}term: a week"), "procedure_bad_term"),
        (
            (f"{ENTRY}term: 7 days before, article: l2012.33", f'{ENTRY}term: 7 days, article: ""'),
            "procedure_no_article",
        ),
        (("  agenda_change: {", "  council_term: {"), "procedure_term_twice"),
        (("  suspension_notice: {", "  suspension_note: {"), "procedure_unknown_term"),
        ((f"{LONGEST}term: 1 year", f"{LONGEST}term: 250 working days"), "procedure_day_unit"),
    ],
)
def test_a_term_that_does_not_hold_is_refused(change: tuple[str, str], code: str) -> None:
    with pytest.raises(ProcedureBroken) as broken:
        version("9", change)
    assert [problem.code for problem in broken.value.problems] == [code]


def suspended(procedure: Procedure, from_on: str, to_on: str) -> Story:
    data = {"notified_on": "2016-03-14", "from_on": from_on, "to_on": to_on}
    return Story(procedure).act("receive_suspension", data=data)


def test_the_condition_counts_the_term_that_the_texts_name() -> None:
    notice = 'en: "Notice of a suspension"}, term: '
    stricter = version("9", (f"{notice}15 days before", f"{notice}30 days before"))
    suspended(load(), "2016-03-29", "2016-12-31")
    with pytest.raises(WrongInput) as late:
        suspended(stricter, "2016-04-12", "2016-12-31")
    also: Any = late.value.params["also"]
    (short,) = also
    assert short.code == "day_least" and short.params["term"] == {"vi": "30 ngày", "en": "30 days"}
    suspended(stricter, "2016-04-13", "2016-12-31")
    with pytest.raises(WrongInput, match="irregularity_needs_reason"):
        suspended(version("9", (f"{LONGEST}term: 1 year", f"{LONGEST}term: 6 months")), "2016-04-13", "2016-12-31")


def test_the_longest_term_is_term_and_cap() -> None:
    terms = terms_of(load())
    assert terms.words("settle_complaint_term.longest", "vi", official=True) == "45 ngày"
    assert "plan_target.longest" not in terms.spans, "six months and 180 days have no sum"
    assert "certificate_term.longest" not in terms.spans, "no cap"


def test_a_small_procedure_without_terms_is_read_as_before() -> None:
    small = load(SMALL)
    assert terms_of(small).words("council_60", "en") == "60 days"
    assert small.deadlines["council_60"].label.vi == "60 ngày"


def test_a_text_is_filled_or_refused_never_half_done() -> None:
    terms = NamedTerms(terms_of(load()).spans, {"end": date(2016, 7, 1)})
    assert terms.filled("{{term(\"council_term\")}} / {{ day('end') }}", "vi") == "60 ngày / 01/07/2016"
    assert terms.filled("no placeholder {at} all", "vi") == "no placeholder {at} all"
    assert terms.filled("{{ term('gone') }} of it", "en", unknown="…") == "… of it"
    for text in ("{{ term('council_term' }}", "{{ council_term }}", "{{", "{{ term('council_term') }} }}"):
        with pytest.raises(UnknownTerm):
            terms.filled(text, "vi")

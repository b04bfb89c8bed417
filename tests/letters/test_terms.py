"""Letters print the terms of the procedure version of their case in official form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.catalogue import LetterType, TemplateError, letter_type, letter_types, read_type
from letters.checking import problems
from letters.draft import draft_of
from letters.letter_input import LetterInput
from letters.numbering import long_date
from letters.output.plain import plain
from letters.specimen import SIGNING_DAY, specimen, ways_of
from letters.template_terms import named_in, named_in_letters
from procedures.definition.loader import ProcedureBroken, read
from procedures.legal_time.term_words import UNITS, in_words
from procedures.legal_time.terms import Term
from procedures.named_terms import NamedTerms, terms_of
from procedures.schema import Procedure
from tests.rule_changes.version_texts import text_of, version

CERTIFICATE = 'en: "Issue the certificate"}, kind: legal, term: '
TEN = f"{CERTIFICATE}5 working days", f"{CERTIFICATE}10 working days"
OF_CERTIFICATE = {"demand_reregister", "receipt_note", "supplement_request"}
HEAD = '---\ndocument: ""\ntitle: {vi: A, en: A}\ngist: {vi: A, en: A}\ntype: TB\nissuer: finance_office\n'
TEMPLATE = f'{HEAD}summary: "Về việc thử"\nrecipients: [unit]\n---\nMột câu.\nTrong thời hạn {{{{ CALL }}}}.\n'


def with_terms(kind: LetterType, terms: NamedTerms, way: str = "compulsory") -> LetterInput:
    return {**specimen(kind, kind.levels[0], way), "terms": terms}


def said(kind: LetterType, terms: NamedTerms) -> str:
    """Every way that a letter type reads, filled with invented data."""
    ways = (with_terms(kind, terms, way) for way in ways_of(kind))
    return "\n".join(plain(draft_of(kind, data, SIGNING_DAY), 5) for data in ways)


def letters_of(procedure: Procedure) -> dict[str, str]:
    terms = terms_of(procedure)
    return {name: said(kind, terms) for name, kind in letter_types().items()}


def test_letters_follow_a_changed_term_and_nothing_else_moves() -> None:
    before, after = letters_of(version("8")), letters_of(version("9", TEN))
    assert {name for name in before if before[name] != after[name]} == OF_CERTIFICATE
    for name in OF_CERTIFICATE:
        assert after[name] == before[name].replace("05 ngày làm việc", "10 ngày làm việc")
        assert "05 ngày làm việc" not in after[name]


NAMED = sorted({(item.kind, item.key, name) for name, kind in letter_types().items() for item in named_in(kind)})


@pytest.mark.parametrize(("kind", "key", "name"), [item for item in NAMED if item[0] == "term"])
def test_every_letter_follows_every_term_that_it_names(kind: str, key: str, name: str) -> None:
    ours = terms_of(version("8"))
    changed = NamedTerms({**ours.spans, key: Term(777, "weeks")}, ours.days)
    letter = letter_type(name)
    data = with_terms(letter, changed, ways_of(letter)[-1])
    if key.startswith("grounds."):
        ground = key.removeprefix("grounds.")
        rows = [{**row, "ground": ground} for row in data["extra"].get("cases", ())]
        data["extra"] = {**data["extra"], "ground": ground, **({"cases": rows} if rows else {})}
    assert "777 tuần" in plain(draft_of(letter, data, SIGNING_DAY), 5)


def test_a_fixed_date_is_the_programmes() -> None:
    later = ("conversion_done: {on: 2016-07-01", "conversion_done: {on: 2017-03-31")
    text = letters_of(version("9", later))["demand_reregister"]
    assert "thời hạn đến hết ngày 31 tháng 3 năm 2017" in text
    assert long_date(terms_of(version("8")).day("conversion_done")) not in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ('term("certificate")', "line 11: unknown term certificate; known: "),
        ('term("conversion_by")', "line 11: unknown term conversion_by; known: "),
        ('day("certificate_term")', "line 11: unknown day certificate_term; known: "),
        ("term(unit.name)", "line 11: unknown term ; known: "),
    ],
)
def test_an_unknown_term_is_refused_with_its_line(call: str, problem: str) -> None:
    kind = read_type("sample", TEMPLATE.replace("CALL", call))
    assert any(problem in found for found in problems({"sample": kind}))


def test_an_unknown_term_is_seen_in_a_branch_that_no_specimen_enters() -> None:
    body = "Một câu.\n{% if unit.name == 'X' %}\n{{ term('nothing') }}\n{% endif %}\n"
    kind = read_type("sample", TEMPLATE.split("Một câu")[0] + body)
    assert any("line 12: unknown term nothing" in found for found in problems({"sample": kind}))
    assert any(
        "front matter: unknown term nothing" in found
        for found in problems({"sample": read_type("sample", TEMPLATE.replace("thử", "{{ term('nothing') }}"))})
    )


def test_a_letter_never_prints_a_term_that_its_version_lacks() -> None:
    kind = letter_type("supplement_request")
    with pytest.raises(TemplateError, match="certificate_term"):
        draft_of(kind, with_terms(kind, NamedTerms({}, {})), SIGNING_DAY)


def test_a_version_without_a_term_of_its_letters_is_refused() -> None:
    text = text_of("9").replace("insolvency: {label", "other: {label")
    text = text.replace("{{ term('insolvency') }}", "{{ term('other') }}")
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "9.yaml", named_in_letters())
    (problem,) = broken.value.problems
    assert (problem.code, problem.params["found"]) == ("procedure_letter_term", "insolvency")
    assert text.splitlines()[problem.line - 1].strip().startswith("takes_effect_by: {letter: bankruptcy_guidance,")


@pytest.mark.parametrize(
    ("text", "letter", "page", "english"),
    [
        ("5 working days", "05 ngày làm việc", "5 ngày làm việc", "5 working days"),
        ("60 days", "60 ngày", "60 ngày", "60 days"),
        ("1 day", "01 ngày", "1 ngày", "1 day"),
        ("3 months", "03 tháng", "3 tháng", "3 months"),
        ("1 year", "01 năm", "1 năm", "1 year"),
        ("2 weeks", "02 tuần", "2 tuần", "2 weeks"),
        ("15 days before", "15 ngày", "15 ngày", "15 days"),
        ("120 days", "120 ngày", "120 ngày", "120 days"),
    ],
)
def test_the_words_of_a_term(text: str, letter: str, page: str, english: str) -> None:
    term = Term.parse(text)
    assert in_words(term, "vi", official=True) == letter
    assert (in_words(term, "vi"), in_words(term, "en")) == (page, english)


def test_a_term_without_a_break() -> None:
    assert in_words(Term(12, "months"), "vi", consecutive=True) == "12 tháng liên tục"
    assert in_words(Term(12, "months"), "en", consecutive=True) == "12 consecutive months"


@given(st.integers(0, 250), st.sampled_from(sorted(UNITS)), st.sampled_from(["vi", "en"]))
def test_the_words_of_a_term_are_read_as_that_term(amount: int, unit: str, lang: str) -> None:
    term = Term(amount, unit)  # type: ignore[arg-type]
    assert Term.parse(in_words(term, lang)) == term
    assert Term.parse(in_words(term, lang, official=True)) == term

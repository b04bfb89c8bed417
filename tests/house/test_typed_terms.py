"""A length of time is not typed into letters, help texts, words or the guide: `{{ term('KEY') }}` names it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from letters.catalogue import LetterType, letter_types
from procedures.definition.loader import PlainLoader, load

ROOT = Path(__file__).parents[2]
DATE = re.compile(
    r"(?:ngày )?\d{1,2} tháng \d{1,2}(?: năm \d{4})?|tháng \d{1,2} năm \d{4}|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d"
)
TYPED = re.compile(
    r"(?<![\w/.,])(?:\d+(?:\s*\([^)]*\))?|một|hai|ba|bốn|sáu|bảy|mười)\s+(?:ngày|tuần|tháng|năm)\b"
    r"|(?<![\w/.,])(?:\d+|one|two|three|four|five|six|seven|ten|twelve|fifteen|thirty|sixty|ninety)[\s-]"
    r"(?:(?:consecutive|working|calendar)\s)?(?:day|week|month|year)s?\b",
    re.IGNORECASE,
)
TWO_DATES = "both of two dates, not a length of time"
EXAMPLE = "shows how a term is written"
STEP = "a button that moves a date"
PACE = "the window that a forecast or a what-if measures: no law"
RATE = "the unit of a rate: so many cases a day"
NAMED = "the number and the year in a name"
DAY_GIVEN = "one day or one month that is typed or spoken of, no term"
WINDOW = "how far back or ahead a forecast looks: no law"
KEPT = "how long an unfinished form is kept: no law"
ALLOWED: dict[tuple[str, str], str] = {  # (place, what is typed there): why it is no term of the procedure
    ("words batches.name_hint", "1 năm"): NAMED,
    ("words councils.name_hint", "1 năm"): NAMED,
    ("words errors.day_is_past", "một ngày"): DAY_GIVEN,
    ("words errors.not_a_month", "một tháng"): DAY_GIVEN,
    ("words method.tried_text", "một ngày"): DAY_GIVEN,
    ("words servemany.lead", "one day"): DAY_GIVEN,
    ("words method.changes_text", "six months"): WINDOW,
    ("words method.changes_text", "sáu tháng"): WINDOW,
    ("words whatif.unmeasured", "six months"): WINDOW,
    ("words whatif.unmeasured", "sáu tháng"): WINDOW,
    ("words pages.step_day", "1 ngày"): STEP,
    ("words pages.step_day", "1 day"): STEP,
    ("words errors.absence_reversed", "hai ngày"): TWO_DATES,
    ("words errors.dates_reversed", "hai ngày"): TWO_DATES,
    ("words errors.period_reversed", "hai ngày"): TWO_DATES,
    ("words errors.period_reversed", "two days"): TWO_DATES,
    ("words clocks.closed_to_hint", "một ngày"): "an office closed for a single day: what is typed, no term",
    ("words pages.step_week", "1 tuần"): STEP,
    ("words pages.step_week", "1 week"): STEP,
    ("words register.date_before_founding", "hai ngày"): TWO_DATES,
    ("letter visit_notice", "hai năm"): "the years whose accounts a visit asks for: practice of the office",
    ("words errors.kept_file_gone", "một ngày"): KEPT,
    ("words errors.no_unfinished_form", "một ngày"): KEPT,
    ("words unfinished.lead", "một ngày"): KEPT,
    ("words unfinished.of_another", "một ngày"): KEPT,
    ("words errors.rates_no_rate", "một ngày"): RATE,
    ("words late.needed", "13 tuần"): PACE,
    ("words late.needed", "13 weeks"): PACE,
    ("words late.pace", "13 tuần"): PACE,
    ("words late.pace", "13 weeks"): PACE,
    ("words report.columns_dates", "13 tuần"): PACE,
    ("words report.columns_dates", "13 weeks"): PACE,
    ("words report.range", "13 tuần"): PACE,
    ("words report.range", "13 weeks"): PACE,
    ("words whatif.explained", "six months"): PACE,
    ("words whatif.explained", "sáu tháng"): PACE,
}
QUOTING = {"words errors.not_a_term": EXAMPLE, "words errors.procedure_bad_term": EXAMPLE}


def typed(text: str) -> list[str]:
    """The lengths of time that a text types; dates do not count."""
    return [" ".join(match[0].split()) for match in TYPED.finditer(DATE.sub("", text))]


def texts_of(kind: LetterType) -> Iterator[str]:
    """What a template says; its samples are what an invented person typed."""
    yield from (*kind.title.values(), *kind.gist.values(), kind.summary, kind.proposer, kind.second_signer, kind.body)
    for field in kind.fields.values():
        yield from field.label.values()
        yield from (text for column in field.columns.values() for text in column.values())


def strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every string of a YAML file with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, f"{place}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, place)


def words_of_procedure() -> Iterator[tuple[str, str]]:
    """The sentences of the procedure file, unfilled; `term:` and `cap:` are where terms are written."""
    content = yaml.load((ROOT / "procedures" / "htx-hai-phong.yaml").read_text(encoding="utf-8"), Loader=PlainLoader)
    for place, text in strings(content, "procedure"):
        if place.endswith((".vi", ".en")):
            yield place, text


def everything() -> Iterator[tuple[str, str]]:
    for name, kind in letter_types().items():
        yield from ((f"letter {name}", text) for text in texts_of(kind))
    for file in sorted((ROOT / "letters").glob("*.yaml")):
        yield from strings(yaml.safe_load(file.read_text(encoding="utf-8")), f"letters/{file.name}")
    for file in sorted((ROOT / "templates" / "words").glob("*.yaml")):
        for key, entry in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items():
            yield from ((f"words {key}", text) for text in entry.values())
    for name in ("papers_before_version_4.yaml", "reminders.yaml"):
        yield from strings(yaml.safe_load((ROOT / "procedures" / name).read_text(encoding="utf-8")), name)
    for folder in ("guide", "messages", "pages"):
        for file in sorted((ROOT / "templates" / folder).rglob("*.*")):
            yield f"{folder} {file.name}", file.read_text(encoding="utf-8")
    yield from words_of_procedure()


def test_no_term_is_typed() -> None:
    found = {(place, what) for place, text in everything() for what in typed(text)}
    quoted = {item for item in found if item[0] in QUOTING}
    assert sorted(found - ALLOWED.keys() - quoted) == [], "name it: {{ term('KEY') }}, see docs/letters.md"


def test_what_is_allowed_is_still_typed() -> None:
    found = {(place, what) for place, text in everything() for what in typed(text)}
    assert sorted(ALLOWED.keys() - found) == []
    assert QUOTING.keys() <= {place for place, _ in found}


@pytest.mark.parametrize(
    "text",
    [
        "trong 05 ngày làm việc", "60 ngày của hội đồng", "trong 12 (mười hai) tháng", "không quá một năm",
        "within 5 working days", "The 60 days run", "the 60-day limit", "12 consecutive months", "unpaid three months",
        "ngày 01 tháng 7 năm 2016, trong 10 ngày",
    ],
)  # fmt: skip
def test_a_typed_term_is_seen(text: str) -> None:
    assert len(typed(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ngày 01 tháng 7 năm 2016", "đến hết 31/12/2016", "Quyết định số 48/QĐ-UBND ngày 11 tháng 01 năm 2016",
        "{days} ngày", "{{ term('council_term') }} của hội đồng", "năm giai đoạn", "ngày, tháng, năm",
    ],
)  # fmt: skip
def test_a_date_is_no_term(text: str) -> None:
    assert typed(text) == []


# Three issues of a newspaper are a count, no length of time, and a condition of article 54 that the code counts: they
# stay in figures, as long as every text says the number that the condition asks for.
ISSUES = re.compile(
    r"\b(\d+|ba|three)\s+(?:số(?: báo)? liên tiếp|consecutive (?:newspaper )?issues|issues in a row)", re.IGNORECASE
)
SPELLED = {"ba": "3", "three": "3"}


def test_every_text_says_as_many_newspaper_issues_as_the_condition_asks_for() -> None:
    said = [(place, word.lower()) for place, text in everything() for word in ISSUES.findall(text)]
    assert {place.split()[0] for place, _ in said} >= {"letter", "words", "guide"}
    wrong = [(place, word) for place, word in said if int(SPELLED.get(word, word)) != load().papers.issues]
    assert wrong == []

"""The letter templates: each can be filled, says what its kind must say, and takes its fields from real acts."""

import re
import unicodedata
from datetime import date

import pytest

from letters.blanks import unit_fields
from letters.catalogue import letter_type, letter_types
from letters.checking import acts
from letters.draft import draft
from letters.field_sources import OF_BATCH, OF_CASE, OF_COUNCIL, OF_OBSTACLES, OF_PROGRAMME
from letters.output.plain import plain
from letters.programme_plan import PLANS
from letters.specimen import SIGNING_DAY, blank, preview, specimen
from letters.tree import Block, Table
from procedures.definition.loader import load
from procedures.law.rules import rules

NAMES = sorted(letter_types())
DECISIONS = [name for name in NAMES if letter_type(name).type == "QĐ"]
HAND_WRITTEN_LAW = re.compile(r"(Điều|khoản|điểm) \w+ (của )?(Luật|Nghị định|Thông tư|Bộ luật)|\d+/\d{4}/(QH|NĐ|TT)")
DAYS = [date(2014, 12, 1), SIGNING_DAY, date(2016, 10, 3)]


def taken() -> list[tuple[str, str]]:
    """Every letter with each place that one of its fields is taken from."""
    return [
        (name, place.strip())
        for name in NAMES
        for field in letter_type(name).fields.values()
        for place in filter(None, field.from_.split("|"))
    ]


def test_the_procedure_names_only_letters_that_exist() -> None:
    procedure = load()
    named = {letter for verb in procedure.verbs.values() for letter in verb.letters}
    named |= {kind.letter for kind in procedure.obstacles.values() if kind.letter}
    assert named
    assert named - set(NAMES) == set()


@pytest.mark.parametrize(("name", "place"), taken())
def test_a_field_is_taken_from_a_field_of_an_act(name: str, place: str) -> None:
    verb, _, field = place.partition(".")
    if place.startswith("each "):
        columns = next(item.columns for item in letter_type(name).fields.values() if item.from_ == place)
        assert {f"{place.removeprefix('each ')}.{column}" for column in columns} <= acts(), name
        return
    others = {
        "letter": NAMES, "case": OF_CASE, "figures": OF_PROGRAMME, "council": OF_COUNCIL, "batch": OF_BATCH,
        "obstacles": OF_OBSTACLES, "deadline": load().deadlines, "term": load().deadlines,
    }  # fmt: skip
    assert field in others[verb] if verb in others else place in acts(), name


IN_FORCE_LATER = "Quyết định này có hiệu lực pháp luật sau 30 ngày kể từ ngày ban hành"
LATER_EFFECT = {name: IN_FORCE_LATER for name in NAMES if name.endswith("complaint_settlement")}  # Complaints, art. 44


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_has_bases_an_effect_and_recipients(name: str) -> None:
    letter = preview(name)
    blocks = [block for block in letter.body if isinstance(block, Block)]
    articles = [block for block in blocks if block.kind == "article"]
    assert letter.type_code == "QĐ"
    assert any(block.kind == "basis" and block.text.startswith("Căn cứ") for block in blocks)
    effect = LATER_EFFECT.get(name, "Quyết định này có hiệu lực kể từ ngày ký.")
    assert any(effect in block.text for block in articles)
    assert "chịu trách nhiệm thi hành Quyết định này" in articles[-1].text
    assert f"Như Điều {len(articles)}" in letter.recipients


def test_decisions_and_resolutions_name_the_deciding_authority_and_then_decide() -> None:
    deciding = {name for name in NAMES if letter_type(name).decides}
    assert deciding == {name for name in NAMES if letter_type(name).type in ("QĐ", "NQ")}
    for name in deciding:
        kinds = [block.kind for block in preview(name).body if isinstance(block, Block)]
        assert kinds[0] == "decider", name
        assert set(kinds[1 : kinds.index("decides")]) == {"basis"}, name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", DAYS)
def test_what_is_not_known_stays_blank_and_is_named(name: str, day: date) -> None:
    kind = letter_type(name)
    letter = draft(name, blank(kind), day)
    required = {key for key, field in kind.fields.items() if field.required}
    known = {*kind.fields, *unit_fields(kind), "officer"}
    assert required <= {item.name for item in letter.missing} <= known
    assert "None" not in plain(letter)


@pytest.mark.parametrize("name", [name for name in NAMES if letter_type(name).incoming])
def test_a_form_for_others_asks_the_office_for_nothing(name: str) -> None:
    assert not any(field.required for field in letter_type(name).fields.values())


@pytest.mark.parametrize("name", NAMES)
def test_tables_fill_the_width_and_every_row_has_every_cell(name: str) -> None:
    kind = letter_type(name)
    for letter in (preview(name), draft(name, blank(kind), SIGNING_DAY)):
        for table in (block for block in letter.body if isinstance(block, Table)):
            assert sum(table.widths) == 100, table.header
            assert all(len(row) == len(table.header) for row in table.rows), table.header


@pytest.mark.parametrize("name", NAMES)
def test_the_law_is_cited_by_key_only(name: str) -> None:
    kind = letter_type(name)
    prose = " ".join((kind.summary, kind.proposer, kind.body))
    assert HAND_WRITTEN_LAW.findall(prose) == []
    assert set(kind.bases) | set(re.findall(r'law\("([^"]+)"\)', prose)) <= {*rules(), *PLANS}


@pytest.mark.parametrize("name", NAMES)
def test_people_can_read_it_in_both_languages(name: str) -> None:
    kind = letter_type(name)
    columns = [words for field in kind.fields.values() for words in field.columns.values()]
    said = [kind.title, kind.gist, *(field.label for field in kind.fields.values()), *columns]
    assert all(words.keys() == {"vi", "en"} and all(words.values()) for words in said)
    assert unicodedata.is_normalized("NFC", plain(preview(name)))


def test_a_letter_is_addressed_to_whom_it_names() -> None:
    kind = letter_type("reminder_letter")
    data = specimen(kind)
    data["extra"]["agency"] = "kho bạc {unit} **nhà nước**"
    assert draft(kind.name, data, SIGNING_DAY).addressees == ("Kho bạc {unit} **nhà nước**",)


@pytest.mark.parametrize(
    ("typed", "printed"), [(1500000, "1.500.000"), ("1.500.000", "1.500.000"), ("1500000", "1.500.000"), ("?", "?")]
)
def test_a_cell_of_money_prints_however_it_was_typed(typed: object, printed: str) -> None:
    kind = letter_type("handover_minutes")
    data = specimen(kind)
    data["extra"]["rows"] = [{"name": "Nhà kho", "value": typed}]
    table = next(block for block in draft(kind.name, data, SIGNING_DAY).body if isinstance(block, Table))
    assert table.rows == (("1", "Nhà kho", "……", printed),)


LATE = "Riêng việc chậm đăng ký lại không phải là căn cứ giải thể bắt buộc."


@pytest.mark.parametrize(
    ("day", "asks"), [(date(2016, 7, 1), "đề nghị hợp tác xã:"), (date(2016, 7, 2), "yêu cầu hợp tác xã:")]
)
def test_being_late_is_no_ground_of_dissolution(day: date, asks: str) -> None:
    text = plain(preview("demand_reregister", day))
    assert LATE in text
    assert asks in text


@pytest.mark.parametrize(("code", "letter"), [("a", "a"), ("d", "d"), ("dd", "đ"), ("đ", "đ")])
def test_the_ground_is_named_by_its_letter_in_the_law(code: str, letter: str) -> None:
    for name in ("violation_notice", "submission_compulsory", "dissolution_decision"):
        kind = letter_type(name)
        data = specimen(kind)
        data["extra"]["ground"] = code
        assert f"điểm {letter} khoản 2 Điều 54" in plain(draft(name, data, SIGNING_DAY))

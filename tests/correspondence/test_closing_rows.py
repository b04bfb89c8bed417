"""The closing report lists the file by itself and what was not handed in; its outcome decides who receives it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.ledger import load_case
from correspondence.letter_data import LetterData
from letters.catalogue import letter_types
from letters.draft import draft
from letters.field_sources import value_of
from letters.letter_input import LetterInput
from models.database import reading
from models.settings import settings
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import build_office

KIND = letter_types()["closing_report"]


@pytest.fixture
def office(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return Paperwork(bind, build_office(bind).first)


def taken_to(papers: Paperwork, verb: str) -> LetterInput:
    """A voluntary dissolution before an act of it, and what its closing report is filled in from."""
    for step in PATHS["dissolved_voluntary"]:
        if step.verb == verb:
            break
        papers.take(step)
    with reading(papers.bind) as connection:
        loaded = load_case(connection, papers.ref)
        return LetterData(connection).of(loaded, None, {"checklist": "Đủ"}, KIND, on=papers.today)


def test_the_report_has_the_index_of_the_file_and_its_recipients(office: Paperwork) -> None:
    data = taken_to(office, "write_closing_report")
    with reading(office.bind) as connection:
        loaded = load_case(connection, office.ref)
    index = value_of(data, "papers", KIND.fields["papers"])
    done = {fact.kind for fact in loaded.facts if fact.evidence}
    assert {loaded.procedure.verbs[verb].done.vi for verb in done} <= {row["paper"] for row in index}
    assert any("/" in row["symbol"] for row in index) and all(row["day"] for row in index)
    assert value_of(data, "not_handed_in", KIND.fields["not_handed_in"]) is None
    recipients = draft("closing_report", data, office.today).recipients
    assert any(name.startswith("Chi cục Thống kê") for name in recipients)
    assert any("Công an" in name for name in recipients)


def test_what_was_not_returned_is_in_the_report(office: Paperwork) -> None:
    rows = value_of(taken_to(office, "return_item"), "not_handed_in", KIND.fields["not_handed_in"])
    assert [row["item"] for row in rows] == ["Con dấu", "Giấy chứng nhận gốc"]
    assert {(row["state"], row["paper"]) for row in rows} == {("chưa thu hồi", "chưa có văn bản")}

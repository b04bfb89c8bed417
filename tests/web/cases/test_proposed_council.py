"""The council that the office proposes is in its submission and in the form of the person who decides."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from correspondence import drafts
from models.database import reading
from models.settings import settings
from samples.invented import COUNCIL
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def submitted(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    """A dossier that has been submitted and waits for the decision."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    papers = Paperwork(office.bind, office.first)
    for step in PATHS["dissolved_compulsory"]:
        if step.verb == "decide_dissolution":
            break
        papers.take(step)
    return papers


def test_the_submission_names_the_council_without_typing_it_again(submitted: Paperwork) -> None:
    (fact,) = submitted.facts("submit_dossier")
    letter = submitted.requested("submission_compulsory", fact["seq"])
    with reading(submitted.bind) as connection:
        found = drafts.live(connection, drafts.one_letter(connection, letter), submitted.today).letter
    assert found.missing == ()
    rows = [row for part in found.body for row in getattr(part, "rows", ())]
    assert [row[1] for row in rows] == [member.get("name") or "(khuyết)" for member in COUNCIL]


def test_the_proposal_is_in_the_form_of_the_decision(office: Office, submitted: Paperwork, as_role: As) -> None:
    page = as_role("leader").get(f"/cases/{office.first}/acts/decide_dissolution").text
    names = re.findall(r'name="f\.council\.\d+\.name" value="([^"]+)"', page)
    assert names == [member["name"] for member in COUNCIL if member.get("name")]
    assert len(re.findall(r'<option value="chair" selected>', page)) == 1

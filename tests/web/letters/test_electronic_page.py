"""Electronic signatures on the letter's page: one button, who signed with what, and whether it holds now."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from correspondence.letter_files import read_bytes
from correspondence.signed_versions import versions
from models.database import reading
from tests.correspondence.batches import DELETED, Batches
from tests.correspondence.paperwork import Paperwork
from tests.letters.authority import SUBJECT, Authority, certified
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def signs(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    with certified(tmp_path / "keys", monkeypatch) as authority:
        yield authority


@pytest.fixture
def issued(office: Office) -> int:
    papers = Paperwork(office.bind, office.first)
    return papers.issued(papers.drafted(**DELETED))


def test_signed_with_one_button_and_seen_to_hold(issued: int, as_role: As, signs: Authority, office: Office) -> None:
    clerk, page = as_role("clerk"), f"/letters/{issued}"
    assert "Ký số bằng chứng thư của cơ quan" in clerk.get(page).text
    assert "Ký số bằng chứng thư" not in as_role("case_officer").get(page).text
    signs.down = True
    refused = clerk.send(f"{page}/esign")
    assert (refused.status_code, "Văn bản vẫn đã ban hành" in refused.text) == (403, True)
    signs.down = False
    assert clerk.send(f"{page}/esign").status_code == 303
    text = as_role("legal").get(page).text
    assert ("Chữ ký số hợp lệ." in text, SUBJECT in text, "14/03/2016 09:00" in text) == (True, True, True)
    assert "Ký số bằng chứng thư của cơ quan" not in clerk.get(page).text
    with reading(office.bind) as connection:
        (version,) = versions(connection, issued)
    changed = bytearray(read_bytes(version["sha256"]))
    changed[3000] ^= 1
    sent = {"file": ("da-sua.pdf", bytes(changed), "application/pdf")}
    assert clerk.send(f"{page}/signed", {}, files=sent).status_code == 303
    assert "KHÔNG còn đúng" in clerk.get(page).text


def test_without_a_certificate_there_is_no_button(issued: int, as_role: As) -> None:
    clerk = as_role("clerk")
    assert "Ký số bằng chứng thư" not in clerk.get(f"/letters/{issued}").text
    answer = clerk.send(f"/letters/{issued}/esign")
    assert (answer.status_code, "đính kèm bản quét" in answer.text) == (403, True)


def test_a_batch_is_signed_from_its_page(as_role: As, signs: Authority, office: Office) -> None:
    batches = Batches(office.bind, [office.first, office.second])
    batch = batches.signed()
    batches.issued(batch)
    clerk, page = as_role("clerk"), f"/letters/bulk/{batch}"
    assert "Ký số các văn bản chưa ký" in clerk.get(page).text
    assert clerk.send(f"{page}/sign").status_code == 303
    assert "Ký số các văn bản chưa ký" not in clerk.get(page).text
    assert "Chữ ký số hợp lệ." in clerk.get(f"/letters/{batches.rows(batch)[0]['id']}").text

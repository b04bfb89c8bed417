"""Forty cooperatives from the submission to closed files in a real browser, by the pages of their batch and grids."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from correspondence.joint.batches import cases_in
from models.database import reading
from templates.formats import date_vi
from tests.conftest import free_port
from tests.correspondence.joint.batch_office import BatchOffice, batch_office
from tests.e2e.batch_by_hand import BatchByHand
from tests.e2e.browsing import Browser, serving
from tests.web.web_office import Office

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # every page has forty cases

COUNT = 40
LOST = 3  # units whose seal is lost
ACTS = 37  # docs/batches.md: those of the command line without the council, the batch and the separate filling in
MINUTES = 15  # of people who have the papers before them
UNTIL = "20/04/2016"


@pytest.fixture
def batch(office: Office) -> BatchOffice:
    return batch_office(office.bind, COUNT)


@pytest.fixture
def hands(batch: BatchOffice, chromium: Path, tmp_path: Path) -> Iterator[BatchByHand]:
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản (thử)", encoding="utf-8")
    with serving(free_port()) as site, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1440, "height": 900})
        yield BatchByHand(Browser(page, site, "", proof), batch.batch)
        opened.close()


def test_forty_cases_are_carried_from_the_submission_to_closed_files(hands: BatchByHand, batch: BatchOffice) -> None:
    _at_work(hands, _decided(hands))
    _paid_and_filed(hands, batch.refs)
    hands.act("write_closing_report", checklist="Đủ hồ sơ theo danh mục", archive_box="H12")
    hands.act("request_paper_waiver", reason="Bản gốc trong hồ sơ lưu")
    hands.act("approve_paper_waiver", "manager", reason="Đã xem hồ sơ giấy")
    hands.act("close_case", "manager")
    with reading(batch.bind) as connection:
        assert {case.state for case in cases_in(connection, batch.batch)} == {"S9"}
    assert hands.acts == ACTS
    assert hands.seconds < MINUTES * 60, hands.seconds


def _decided(hands: BatchByHand) -> str:
    hands.act("check_legality", "legal", note="Đủ căn cứ")
    hands.issue(hands.act("submit_dossier"), "manager")
    decision = hands.act("decide_dissolution")
    hands.issue(decision, "leader")
    return decision


def _at_work(hands: BatchByHand, decision: str) -> None:
    """The council's notices, three issues of a newspaper, the posting, the inventory of empty shells."""
    hands.issue(hands.letter("creditor_notice"), "leader", claims_until_on=UNTIL, office="UBND quận")
    notice = hands.letter("newspaper_request")
    hands.issue(notice, "leader", claims_until_on=UNTIL, office="UBND quận")
    hands.later(3)
    hands.act("notify_creditors", proven=True, notified_on=hands.today, claims_until_on=UNTIL, count="4")
    for number in range(9200, 9203):
        hands.serve(notice, "newspaper-published", on=hands.today, newspaper="Báo Hải Phòng", issue=str(number))
        hands.later(1)
    hands.later(15)
    begun = date_vi(hands.browser.today - timedelta(days=15))
    hands.serve(decision, "posting-published", on=begun, to_on=hands.today, place="UBND phường", witness="Ông Phong")
    shell = {"assets": "0", "undivided": "0", "debts": "0", "land_form": "none"}
    hands.act("record_inventory", proven=True, taken_on=hands.today, **shell)
    hands.act("close_branches", branches="0")
    hands.act("start_compulsory_payout")


def _paid_and_filed(hands: BatchByHand, refs: list[str]) -> None:
    hands.later(25)
    hands.act("propose_compulsory_payout", proven=True)
    hands.act("approve_compulsory_payout", "manager")
    hands.act("record_completion", completed_on=hands.today)
    hands.act("record_agency_reply", proven=True, agency="tax", symbol="310/CCT", debt="0")
    lost = {ref: f"Mất dấu, xác nhận số {place}/CA" for place, ref in enumerate(refs[:LOST])}
    hands.grid("request_waiver", "reason", lost, only=True, item="seal")
    hands.grid("approve_waiver", "reason", dict.fromkeys(lost, "Xác nhận đầy đủ"), "manager", only=True, item="seal")
    handed_in = {ref: f"CA-{place}" for place, ref in enumerate(refs[LOST:])}
    if handed_in:
        hands.grid("return_item", "receipt", handed_in, only=True, item="seal")
    hands.grid("return_item", "receipt", {ref: f"TK-{place}" for place, ref in enumerate(refs)}, item="certificate")
    hands.act("file_compulsory_dossier", "clerk", proven=True, received_on=hands.today)
    entries = {ref: f"Quyển 2, số {place}" for place, ref in enumerate(refs)}
    hands.grid("delete_name", "register_entry", entries, "manager", deleted_on=hands.today)

"""Cooperatives from the submission to closed files through their batch, and how many steps a person recorded."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from correspondence.joint import batches
from correspondence.service.service_rules import Delivery
from flows.jobs.effects import drain
from models.database import reading
from models.settings import settings
from tests.correspondence.joint.batch_office import BatchOffice, batch_office
from tests.web.web_office import build_office

COUNT = 2  # the steps do not depend on it
UNTIL = "2016-04-20"  # claims


@pytest.fixture
def office(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BatchOffice:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(bind)
    made = batch_office(bind, COUNT)
    made.acts = 12  # seven people or reasons in seats, two approvals, council, batch, joining
    return made


def joint(office: BatchOffice, template: str) -> int:
    """The one joint letter of a type."""
    with reading(office.bind) as connection:
        found = [row["id"] for row in batches.joint_letters(connection, office.batch) if row["template"] == template]
    assert len(found) == 1
    return found[0]


def decided(office: BatchOffice) -> int:
    office.do("check_legality", "legal", note="Đủ căn cứ")
    office.issued(office.do("submit_dossier").letter or 0)
    decision = office.issued(office.do("decide_dissolution").letter or 0)
    drain(office.bind, office.clock)  # what the decision asks for: the council's notices, each one letter
    return decision


def at_work(office: BatchOffice) -> None:
    """The council's notices, three issues of a newspaper, the posting, the inventory of empty shells."""
    decision = decided(office)
    office.issued(joint(office, "creditor_notice"), claims_until_on=UNTIL)
    notice = office.issued(joint(office, "newspaper_request"), claims_until_on=UNTIL)
    office.later(3)
    office.do("notify_creditors", proven=True, notified_on=office.today.isoformat(), claims_until_on=UNTIL, count=4)
    for number in range(9200, 9203):
        details = {"newspaper": "Báo Hải Phòng", "issue": str(number)}
        status = office.served(notice, Delivery("newspaper", "published", office.today, details=details))
        office.later(1)
    assert status == "published"
    office.later(15)
    begun, place = office.today - timedelta(days=15), {"place": "UBND phường", "witness": "Đào Văn Phong"}
    assert office.served(decision, Delivery("posting", "published", begun, office.today, place)) == "published"
    shell: dict[str, Any] = {"assets": 0, "undivided": 0, "debts": 0, "land_form": "none"}
    office.do("record_inventory", proven=True, taken_on=office.today.isoformat(), **shell)
    office.do("close_branches", branches=0)
    office.do("start_compulsory_payout")


def paid_and_filed(office: BatchOffice) -> None:
    office.later(25)
    office.do("propose_compulsory_payout", proven=True)
    office.do("approve_compulsory_payout", "manager")
    office.do("record_completion", completed_on=office.today.isoformat())
    office.do("record_agency_reply", proven=True, agency="tax", symbol="310/CCT", debt=0)
    receipts = {ref: {"receipt": f"CA-{place}"} for place, ref in enumerate(office.refs)}
    for item in ("seal", "certificate"):
        office.do("return_item", proven=True, item=item, each=receipts)
    office.do("file_compulsory_dossier", "clerk", proven=True, received_on=office.today.isoformat())
    entries = {ref: {"register_entry": f"Quyển 2, số {place}"} for place, ref in enumerate(office.refs)}
    office.do("delete_name", "manager", deleted_on=office.today.isoformat(), each=entries)


def test_a_batch_goes_from_the_submission_to_closed_files(office: BatchOffice) -> None:
    at_work(office)
    paid_and_filed(office)
    office.do("write_closing_report", checklist="Đủ hồ sơ theo danh mục", archive_box="H12")
    office.do("request_paper_waiver", reason="Bản gốc trong hồ sơ lưu")
    office.do("approve_paper_waiver", "manager", reason="Đã xem hồ sơ giấy")
    office.do("close_case", "manager")
    assert set(office.states()) == {"S9"}
    with reading(office.bind) as connection:
        (listed,) = batches.listed_batches(connection, office.person("manager"))
        assert (listed["cases"], listed["closed"]) == (COUNT, COUNT)
        issued = [row["number"] for row in batches.joint_letters(connection, office.batch) if row["number"]]
    assert issued == [1, 1, 1, 2]  # submission, decision; notice and request in the book of the council
    assert office.acts == 51  # the council and the batch 12, four letters 16, acts of the cases 19, service 4
    receipt = office.state(office.refs[1]).last("return_item")
    assert receipt is not None
    assert receipt.data["receipt"] == "CA-1"

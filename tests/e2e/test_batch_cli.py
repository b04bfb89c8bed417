"""Forty cooperatives from the submission to closed files with the command line alone, and how many acts that takes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.database import writing
from tests.correspondence.joint.batch_office import taken_over
from tests.e2e.batch_by_command import BatchScript
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of

COUNT = 40
LOST = 3  # units whose seal is lost
ACTS = 52  # docs/batches.md
UNTIL = "2016-04-20"


@pytest.fixture
def script(office: Office, tmp_path: Path) -> BatchScript:
    with writing(office.bind) as connection:
        refs = taken_over(connection, COUNT)
    return BatchScript(refs, tmp_path)


def test_forty_cases_are_carried_from_the_submission_to_closed_files(script: BatchScript) -> None:
    script.form()
    _decided(script)
    _at_work(script)
    _paid_and_filed(script)
    _closed(script)
    assert script.states() == {"S9"}
    assert len(script.acts) == ACTS
    (listed,) = coopcase("batch", "list", "--by", login_of("manager"))
    assert (listed["cases"], listed["closed"]) == (COUNT, COUNT)


def _decided(script: BatchScript) -> None:
    script.act("check_legality", "legal", note="Đủ căn cứ")
    script.issue(script.act("submit_dossier") or 0, "manager")
    script.issue(script.act("decide_dissolution") or 0, "leader")


def _at_work(script: BatchScript) -> None:
    """The council's notices, three issues of a newspaper, the posting, the inventory of empty shells."""
    decision, notice = script.joint("dissolution_decision"), script.joint("newspaper_request")
    script.issue(script.joint("creditor_notice"), "leader", claims_until_on=UNTIL)
    script.issue(notice, "leader", claims_until_on=UNTIL)
    script.later(3)
    script.act("notify_creditors", proven=True, notified_on=script.today, claims_until_on=UNTIL, count=4)
    for number in range(9200, 9203):
        status = script.serve(
            notice, "newspaper", "published", script.today, newspaper="Báo Hải Phòng", issue=str(number)
        )
        script.later(1)
    assert status == "published"
    script.later(15)
    begun, until = script.today - timedelta(days=15), ("--to", script.today.isoformat())
    place = {"place": "UBND phường", "witness": "Đào Văn Phong"}
    assert script.serve(decision, "posting", "published", begun, *until, **place) == "published"
    shell: dict[str, Any] = {"assets": 0, "undivided": 0, "debts": 0, "land_form": "none"}
    script.act("record_inventory", proven=True, taken_on=script.today, **shell)
    script.act("close_branches", branches=0)
    script.act("start_compulsory_payout")


def _paid_and_filed(script: BatchScript) -> None:
    script.later(25)
    script.act("propose_compulsory_payout", proven=True)
    script.act("approve_compulsory_payout", "manager")
    script.act("record_completion", completed_on=script.today)
    script.act("record_agency_reply", proven=True, agency="tax", symbol="310/CCT", debt=0)
    handed_in = {ref: {"receipt": f"CA-{place}"} for place, ref in enumerate(script.refs[LOST:])}
    script.grid("return_item", handed_in, item="seal")
    lost = {ref: {"reason": f"Mất dấu, xác nhận số {place}/CA"} for place, ref in enumerate(script.refs[:LOST])}
    script.grid("request_waiver", lost, item="seal")
    script.grid("approve_waiver", {ref: {"reason": "Xác nhận đầy đủ"} for ref in lost}, "manager", item="seal")
    script.grid("return_item", {ref: {"receipt": f"TK-{place}"} for place, ref in enumerate(script.refs)},
                item="certificate")  # fmt: skip
    script.act("file_compulsory_dossier", "clerk", proven=True, received_on=script.today)
    entries = {ref: {"register_entry": f"Quyển 2, số {place}"} for place, ref in enumerate(script.refs)}
    script.grid("delete_name", entries, "manager", deleted_on=script.today.isoformat())


def _closed(script: BatchScript) -> None:
    script.act("write_closing_report", checklist="Đủ hồ sơ theo danh mục", archive_box="H12")
    script.act("request_paper_waiver", reason="Bản gốc trong hồ sơ lưu")
    script.act("approve_paper_waiver", "manager", reason="Đã xem hồ sơ giấy")
    script.act("close_case", "manager")

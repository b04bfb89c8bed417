"""A batch of letters from the command line: the same steps as the pages."""

import zipfile
from pathlib import Path

import pytest

from cli.app import app
from models.errors import Conflict, Refused
from tests.command_line import CliRunner
from tests.correspondence.batches import Batches
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of

OFFICER, MANAGER, CLERK = (("--by", login_of(role)) for role in ("case_officer", "manager", "clerk"))
DELETED = ("--set", "deleted_on=25/03/2016")


@pytest.fixture
def batches(office: Office) -> Batches:
    return Batches(office.bind, [office.first, office.second])


def said(*arguments: str) -> str:
    """What a command tells a person."""
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return done.stdout


def test_a_batch_from_the_first_look_to_the_zip(batches: Batches, office: Office, tmp_path: Path) -> None:
    assert "name_deletion_notice" in {kind["name"] for kind in coopcase("bulk", "types", *OFFICER)}
    look = coopcase("bulk", "check", "name_deletion_notice", *OFFICER)
    assert look["counts"] == {"other_office": 1, "missing": 2}
    assert "còn thiếu: Ngày xóa tên" in said("bulk", "check", "name_deletion_notice", *OFFICER)
    drafted = coopcase("bulk", "draft", "name_deletion_notice", "--name", "Đợt 1", *DELETED, *OFFICER)
    assert (drafted["made"], drafted["eligible"]) == (2, [office.first, office.second])
    batch = str(drafted["batch"])
    assert "đã soạn 0 văn bản mới" in said(
        "bulk", "draft", "name_deletion_notice", "--name", "Đợt 1", *DELETED, *OFFICER
    )
    shown = coopcase("bulk", "fill", batch, "--set", "deleted_on=26/03/2016", *OFFICER)
    assert (shown["common"], shown["next"], shown["problems"]) == ({"deleted_on": "2016-03-26"}, "submit", 0)
    coopcase("bulk", "submit", batch, *OFFICER, "--seen", shown["seen"])
    with pytest.raises(Conflict):
        coopcase("bulk", "approve", batch, *MANAGER, "--seen", shown["seen"])
    letter = str(shown["letters"][0]["id"])
    assert coopcase("bulk", "return", batch, letter, *MANAGER, "--reason", "Sửa lại")["counts"]["returned"] == 1
    coopcase("bulk", "submit", batch, *OFFICER)
    assert coopcase("bulk", "approve", batch, *MANAGER)["counts"] == {"approved": 2}
    (waiting,) = coopcase("bulk", "list", *CLERK)
    assert (waiting["name"], waiting["waits"]) == ("Đợt 1", True)
    done = coopcase("bulk", "issue", batch, *CLERK)
    assert done["ranges"] == [{"issuer": "HBG/finance_office", "series": "others", "first": 1, "last": 2}]
    pdf, archive = tmp_path / "in.pdf", tmp_path / "dot.zip"
    said("bulk", "print", batch, *CLERK, "--pdf", str(pdf), "--zip", str(archive))
    assert pdf.read_bytes().startswith(b"%PDF")
    assert sorted(zipfile.ZipFile(archive).namelist())[-1] == f"pdf/0002 TB-TCKH {office.second}.pdf"
    acts = [act["act"] for act in coopcase("bulk", "show", batch, *CLERK)["acts"]]
    assert acts == ["issued", "approved", "submitted", "returned", "submitted", "filled", "drafted"]
    assert coopcase("bulk", "cancel", batch, *CLERK, "--reason", "Sai ngày")["counts"] == {"cancelled": 2}


def test_a_batch_is_undone_or_let_go_of_one(batches: Batches, office: Office) -> None:
    named = ("--ref", office.first, "--ref", office.second, "--ref", office.elsewhere)
    drafted = coopcase("bulk", "draft", "name_deletion_notice", "--name", "Đợt 2", *DELETED, *named, *OFFICER)
    assert [item["reason"] for item in drafted["left_out"]] == ["not_in_sight"]
    batch = str(drafted["batch"])
    letter = str(coopcase("bulk", "show", batch, *OFFICER)["letters"][0]["id"])
    assert len(coopcase("bulk", "take-out", batch, letter, *OFFICER, "--reason", "Để riêng")["letters"]) == 1
    assert "Dự thảo 1" in said("bulk", "show", batch, *OFFICER)
    with pytest.raises(Refused):
        coopcase("bulk", "drop", batch, "--by", login_of("leader"), "--reason", "Nhầm")
    assert coopcase("bulk", "drop", batch, *OFFICER, "--reason", "Nhầm")["letters"] == []
    assert "→" not in said("bulk", "list", *OFFICER)

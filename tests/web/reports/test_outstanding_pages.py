"""The page of what dissolved units have not handed in: recorded with its proof, approved by a second person, listed."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cli.app import app
from models.database import writing
from models.errors import Refused, WrongInput
from models.office_clock import set_demo_day
from tests.command_line import CliRunner
from tests.oversight.histories import live
from tests.web.typed import all_give_back
from tests.web.web_office import TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
SCAN = {"evidence": ("xac-nhan.pdf", b"%PDF-1.4 proof", "application/pdf")}


def test_what_lacks_is_listed_recorded_and_approved(office: Office, as_role: As) -> None:
    last = live(office.bind, office.first, "dissolved_voluntary_with_waiver", TODAY)
    with writing(office.bind) as connection:
        set_demo_day(connection, last + timedelta(days=1))
    officer, manager, path = as_role("case_officer"), as_role("manager"), f"/outstanding/cases/{office.first}"
    listed = officer.get("/outstanding").text
    assert "không thu hồi được, đã duyệt" in listed and f"{path}?kind=seal" in listed
    assert "Không có gì" in as_role("case_officer", "ADG").get("/outstanding").text
    bare = officer.send(path, {"kind": "account", "outcome": "not_recoverable", "on": "31/02/2016"})
    assert bare.status_code == 422 and "31/02/2016" in bare.text
    said = {"kind": "account", "outcome": "not_recoverable", "reason": "Ngân hàng giải thể"}
    assert officer.send(path, said).status_code == 422
    assert officer.send(path, said, files=SCAN).status_code == 303
    assert "confirm" not in officer.get("/outstanding").text
    found = re.search(r'action="(/outstanding/\d+)/confirm"', manager.get("/outstanding").text)
    assert found and manager.send(f"{found[1]}/confirm").status_code == 303
    assert manager.send(f"{found[1]}/confirm").status_code == 403
    wrong = officer.send(path, said | {"kind": "land"}, files=SCAN)
    assert wrong.status_code == 303
    entries = re.findall(r'action="(/outstanding/\d+)/back"', officer.get(path).text)
    assert officer.send(f"{entries[-1]}/back", {"reason": ""}).status_code == 422
    assert officer.send(f"{entries[-1]}/back", {"reason": "Nhầm"}).status_code == 303
    text = officer.get("/outstanding.csv?status=all").content.decode("utf-8-sig")
    assert text.count("\n") == 4 and "Tài khoản ngân hàng" in text and "Ngân hàng giải thể" in text
    assert "Tài khoản ngân hàng" in manager.get("/late/report").text
    assert manager.get("/late/report.xlsx").status_code == 200
    all_give_back(officer, path, "case_officer.hbg")


def test_the_register_by_command_is_counted_by_thing(office: Office, tmp_path: Path) -> None:
    last = live(office.bind, office.first, "dissolved_voluntary_with_waiver", TODAY)
    with writing(office.bind) as connection:
        set_demo_day(connection, last + timedelta(days=30))
    run, by, scan = CliRunner(), ["--by", login_of("case_officer")], tmp_path / "qd.pdf"
    scan.write_bytes(b"%PDF-1.4 proof")

    def counts() -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = json.loads(run.invoke(app, ["outstanding", "--json", *by]).output)["counts"]
        return found

    assert counts()["seal"] == {"returned": 0, "waived": 1, "cancelled": 0, "missing": 0}
    enter, proof = ["outstanding-enter", office.first], ["--evidence", str(scan), *by]
    lacking = run.invoke(app, [*enter, "seal", "cancelled", "--evidence", str(scan), *by]).exception
    assert isinstance(lacking, WrongInput) and lacking.field == "paper"
    assert run.invoke(app, [*enter, "seal", "cancelled", "--paper", "14/QĐ-PC64", *proof]).exit_code == 0
    assert counts()["seal"] == {"returned": 0, "waived": 0, "cancelled": 1, "missing": 0}
    assert run.invoke(app, [*enter, "seal", "found", "--holder", "Gia đình chủ nhiệm", *proof]).exit_code == 0
    assert counts()["seal"] == {"returned": 1, "waived": 0, "cancelled": 0, "missing": 0}
    assert (
        run.invoke(app, [*enter, "account", "not_recoverable", "--reason", "Ngân hàng sáp nhập", *proof]).exit_code == 0
    )
    assert counts()["account"]["missing"] == 1  # until a second person approves
    number = json.loads(run.invoke(app, ["outstanding", "--kind", "account", "--json", *by]).output)["items"][0][
        "entry"
    ]
    own = run.invoke(app, ["outstanding-confirm", str(number), *by]).exception
    assert isinstance(own, Refused) and own.code == "outstanding_four_eyes"
    head = ["--by", login_of("manager")]
    assert run.invoke(app, ["outstanding-confirm", str(number), *head]).exit_code == 0
    assert counts()["account"]["waived"] == 1
    assert office.first in run.invoke(app, ["outstanding", "--status", "all", "--year", str(last.year), *by]).output
    assert office.first not in run.invoke(app, ["outstanding", "--status", "all", "--year", "2013", *by]).output

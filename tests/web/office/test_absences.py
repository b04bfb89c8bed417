"""An absence entered by a head of the office: for whom, with which notices, and what becomes of the covered cases."""

import html
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from cli.app import app
from models.database import reading
from models.errors import NotFound
from models.tables import absences, messages, office_acts, officers
from tests.command_line import CliRunner
from tests.web.typed import all_give_back
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]
ILL = login_of("case_officer")
PAGE = f"/office/absences/{ILL}"
SAID = {"from_on": "14/03/2016", "to_on": "18/03/2016", "substitute": "second.hbg", "reason": "Ốm"}


def seen(office: Office) -> dict[str, str]:
    """Subjects of the messages, by the sign-in name of who got them."""
    with reading(office.bind) as connection:
        joined = messages.join(officers, officers.c.id == messages.c.officer_id)
        found = select(officers.c.login, messages.c.subject).select_from(joined).order_by(messages.c.id)
        return dict(connection.execute(found).tuples().all())


def test_a_head_enters_and_takes_back_the_absence_of_an_ill_officer(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    assert f'href="{PAGE}"' in manager.get("/office/people").text
    assert manager.send(PAGE, SAID).status_code == 303
    page = html.unescape(manager.get(PAGE).text)
    assert "14/03/2016 – 18/03/2016 · Người thứ hai" in page and "Ốm" in page
    assert seen(office) == dict.fromkeys((ILL, "second.hbg"), f"Người {ILL} vắng mặt 14/03/2016 – 18/03/2016")
    assert f"manager.hbg ghi {ILL} vắng mặt" in html.unescape(as_role("admin").get("/office/people").text)
    with reading(office.bind) as connection:
        number = connection.scalar(select(absences.c.id))
        assert connection.scalar(select(office_acts.c.act).where(office_acts.c.subject == ILL)) == "absent"
    assert f'name="drop" value="{number}"' in as_role("case_officer").get("/me").text  # the person's own page has it
    assert manager.send(PAGE, {"drop": str(number)}).status_code == 303
    assert seen(office)[ILL] == f"Bỏ ngày vắng 14/03/2016 – 18/03/2016 của Người {ILL}"
    assert manager.send(PAGE, {"drop": str(number)}).status_code == 303  # a second press of the same


def test_what_was_typed_is_given_back(office: Office, as_role: As) -> None:
    assert PAGE in all_give_back(as_role("manager"), PAGE, login_of("manager"))


def test_everything_wrong_is_said_at_once(office: Office, as_role: As) -> None:
    typed = {"from_on": "31/02/2016", "to_on": "", "substitute": "manager.hbg", "reason": "Ốm"}
    answer = as_role("manager").send(PAGE, typed)
    text = html.unescape(answer.text)
    assert answer.status_code == 422 and "31/02/2016" in text and "cùng cơ quan, cùng chức trách" in text
    reversed_ = as_role("manager").send(PAGE, SAID | {"to_on": "13/03/2016"})
    assert reversed_.status_code == 422 and "không được trước ngày đi" in html.unescape(reversed_.text)
    assert not seen(office)


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [("manager", "ADG", 404), ("admin", None, 200), ("manager", None, 404), ("case_officer", "HBG", 403)],
)
def test_only_heads_of_the_same_office_may(
    office: Office, as_role: As, role: str, place: str | None, status: int
) -> None:
    assert as_role(role, place).get(PAGE).status_code == status


def test_the_command_line_enters_it_too(office: Office) -> None:
    said = ["--by", "manager.hbg", "--from", "14/03/2016", "--to", "18/03/2016", "--substitute", "second.hbg", "--json"]
    done = CliRunner().invoke(app, ["people", "absent", ILL, *said])
    assert done.exit_code == 0, done.output
    entered = json.loads(done.output)
    assert (entered["from_on"], entered["substitute"]) == ("2016-03-14", "Người thứ hai") and seen(office).keys() == {
        ILL, "second.hbg",
    }  # fmt: skip
    back = ["people", "back", ILL, "--by", "manager.hbg", "--number", str(entered["id"])]
    assert CliRunner().invoke(app, back).exit_code == 0
    assert isinstance(CliRunner().invoke(app, back).exception, NotFound)

"""The page of a case: what belongs to its step, and what belongs to whom."""

import html
from collections.abc import Callable

import pytest

from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def test_only_what_belongs_to_the_step_is_told_as_not_possible(office: Office, as_role: As) -> None:
    page = html.unescape(as_role("case_officer").get(f"/cases/{office.first}").text)
    listed = page.split('<ul class="why">')[1].split("</ul>")[0]
    assert "Chuyển cơ quan đăng ký khác" in listed  # of this step, and the manager's
    assert "Đóng hồ sơ" not in listed and "bước" not in listed


@pytest.mark.parametrize(("role", "shown"), [("case_officer", False), ("manager", False), ("admin", True)])
def test_the_runs_of_the_clock_are_the_administrators_business(
    office: Office, as_role: As, role: str, shown: bool
) -> None:
    visitor = as_role(role, None) if role == "admin" else as_role(role)
    assert ("/v2/runs?tags=" in visitor.get(f"/cases/{office.first}").text) is shown


def test_the_role_that_a_date_waits_for_is_told_to_others_alone(office: Office, as_role: As) -> None:
    for role, shown in (("case_officer", False), ("manager", True)):
        dates = as_role(role).get(f"/cases/{office.first}").text.split('class="dues"')[1].split("</table>")[0]
        assert ("Cán bộ thụ lý" in dates) is shown

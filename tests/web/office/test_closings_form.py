"""What is wrong with a closing day is said at every field at once."""

from collections.abc import Callable

from tests.web.web_office import Office, Visitor


def test_each_field_says_what_is_wrong_with_it(office: Office, as_role: Callable[..., Visitor]) -> None:
    answer = as_role("manager").send("/office/closings", {"on": "32/13/2016", "reason": "", "decision": ""})
    assert answer.status_code == 422
    for said in ("32/13/2016", "Thiếu «Lý do»", "Thiếu «Số quyết định»"):
        assert said in answer.text

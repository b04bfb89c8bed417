"""Forms filled with nonsense are answered with a page that says what is wrong, never with a fault of the program."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.typed import PageForm, forms_of
from tests.web.web_office import Office, Visitor

PAGES = (
    ("case_officer", "/cases/{case}/acts/accept_case"), ("case_officer", "/cases/{case}/acts/send_visit_notice"),
    ("case_officer", "/grid?verb=send_visit_notice&case={case}"),
    ("manager", "/office/closings"), ("manager", "/office/delegations"), ("manager", "/office/signatories"),
    ("clerk", "/incoming/new"), ("manager", "/office/agencies"), ("admin", "/office/people/new"),
    ("case_officer", "/import"), ("manager", "/register"), ("manager", "/office/plans"),
    ("manager", "/councils"), ("manager", "/batches"),
)  # fmt: skip
NONSENSE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "31/02/2016", "0", "-1", "9" * 40, "٣", "\x00", "\ud7ff", "<b>", "{{7*7}}", "'; --", "1e9", "á" * 5000]
    ),
)


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_nonsense_in_a_form_is_no_fault(
    office: Office,
    as_role: Callable[..., Visitor],
    role: str,
    address: str,
) -> None:
    visitor = as_role(role)
    page = address.format(case=office.first)
    forms = [form for form in forms_of(visitor.get(page).text, page) if form.action != "/sign-out"]
    assert forms, page

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def fill(data: st.DataObject) -> None:
        form: PageForm = data.draw(st.sampled_from(forms))
        names = [*form.typable, *form.choices]
        values = {name: data.draw(NONSENSE) for name in names}
        answer = visitor.send(form.action, values, page=page)
        assert answer.status_code in (200, 303, 403, 404, 409, 413, 422), (form.action, values, answer.status_code)

    fill()

"""The situations of the guide lead to cases of the sample office that show them, for those who may see the case."""

from collections.abc import Callable

from models.database import writing
from models.sample_cases import note_sample_cases
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def test_a_situation_leads_to_the_cases_that_show_it(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        note_sample_cases(connection, {"another_registry": [office.first, office.elsewhere], "credit_fund": ["HP-0"]})
    here = as_role("case_officer").get("/help/situations").text.split('id="another_registry"')[1].split("</tr>")[0]
    assert f'<a href="/cases/{office.first}">' in here and "HTX Dịch vụ nông nghiệp Bạch Đằng" in here
    assert office.elsewhere in here and f'href="/cases/{office.elsewhere}"' not in here, "of another district"
    city = as_role("manager", None).get("/help/situations").text
    assert f'<a href="/cases/{office.elsewhere}">' in city
    assert "HP-0" not in city, "no such case"

"""What a corrected register says otherwise than open cases, seen and brought over in the browser."""

import re
from collections.abc import Callable

from models.database import writing
from models.tables import units
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def test_the_unit_offers_it_and_the_form_brings_it_over(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        connection.execute(units.update().where(units.c.id == 1).values(representative="Trần Thị Mới"))
    visitor = as_role("case_officer")
    assert "/register/corrections?unit=1" in visitor.get("/register/1").text
    assert "/register/corrections" not in as_role("clerk").get("/register/1").text
    shown = visitor.get("/register/corrections").text
    assert "Trần Thị Mới" in shown
    tick = re.search(r'name="correction" value="([^"]+)"', shown)
    assert tick is not None
    stale = visitor.send("/register/corrections", {"correction": f"{office.first}:0", "source": "Sổ"})
    assert stale.status_code == 422
    assert visitor.send("/register/corrections", {"correction": tick[1], "source": "Sổ mới"}).status_code == 303
    assert "Trần Thị Mới" not in visitor.get("/register/corrections").text
    assert "Sổ mới" in visitor.get(f"/cases/{office.first}").text

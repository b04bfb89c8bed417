"""Many letters served in one go: errors at their lines, one proof for all, one operation; and the postal list."""

import html
import io
from collections.abc import Callable

from openpyxl import load_workbook
from sqlalchemy import select

from models.database import reading
from models.tables import letter_rows, operation_lines, services
from tests.correspondence.paperwork import Paperwork
from tests.web.typed import all_give_back
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]
SCAN = {"evidence": ("bien-nhan.pdf", b"%PDF-1.4 receipt", "application/pdf")}


def test_letters_are_sent_by_one_post_and_handed_over_with_one_proof(office: Office, as_role: As) -> None:
    letters = []
    for ref in (office.first, office.second):
        papers = Paperwork(office.bind, ref)
        letters.append(papers.issued(papers.drafted(deleted_on="25/03/2016")))
    first, second = letters
    clerk = as_role("clerk")
    page = clerk.get("/letters/serve").text
    assert all_give_back(clerk, "/letters/serve", login_of("clerk")) == ["/letters/serve"]
    assert f'name="letter" value="{first}"' in page and f'name="tracking.{second}"' in page
    book = load_workbook(io.BytesIO(clerk.get("/letters/serve.xlsx").content))
    assert {row[4] for row in book.worksheets[0].iter_rows(values_only=True)} >= {office.first, office.second}
    sent = {"way": "post:sent", "on": "14/03/2016", "letter": [str(first), str(second)], f"tracking.{first}": "RR1"}
    wrong = clerk.send("/letters/serve", sent)
    assert wrong.status_code == 422 and _ways(office) == []
    assert clerk.send("/letters/serve", {"way": "post:sent"}).status_code == 422
    assert clerk.send("/letters/serve", sent | {"on": "32/03/2016"}).status_code == 422
    done = clerk.send("/letters/serve", sent | {f"tracking.{second}": "RR2"})
    assert done.status_code == 303 and "Giao văn bản" in clerk.get(done.headers["location"]).text
    assert _ways(office) == [("post", "sent", "RR1"), ("post", "sent", "RR2")]
    handed = {"way": "post:served", "letter": [str(first), str(second)], "tracking": "x"}
    handed |= {f"tracking.{first}": "RR1", f"tracking.{second}": "RR2", f"receiver.{first}": "Bà Lan"}
    assert clerk.send("/letters/serve", handed).status_code == 422  # the proof is lacking
    assert clerk.send("/letters/serve", handed, files=SCAN).status_code == 303
    with reading(office.bind) as connection:
        found = select(letter_rows.c.status).where(letter_rows.c.id.in_(letters))
        assert set(connection.scalars(found)) == {"served"}
        assert len(connection.scalars(select(operation_lines.c.service_id)).all()) == 4
    assert as_role("leader").get("/letters/serve").status_code == 403


def test_what_is_typed_once_for_all_is_wrong_once(office: Office, as_role: As) -> None:
    letters = []
    for ref in (office.first, office.second):
        papers = Paperwork(office.bind, ref)
        letters.append(papers.issued(papers.drafted(deleted_on="25/03/2016")))
    clerk, first = as_role("clerk"), letters[0]
    sent = {"way": "post:sent", "on": "14/03/2016", "letter": [str(letter) for letter in letters]}
    sent |= {f"tracking.{letter}": f"RR{letter}" for letter in letters}

    def complaints(wrong: dict[str, str]) -> list[str]:
        text = html.unescape(clerk.send("/letters/serve", sent | wrong).text)
        assert all(f'value="RR{letter}"' in text for letter in letters if f"tracking.{letter}" not in wrong)
        return text.split('<div class="note bad" role="alert">')[1].split("</div>")[0].split("<br>")[1:]

    for wrong, says in (
        ({"way": "pigeon:sent"}, "pigeon"), ({"on": "15/03/2016"}, "Ghi khi có bằng chứng"),
        ({"on": "01/01/2016"}, "14/03/2016"),
        ({"way": "hand:served", **{f"receiver.{letter}": "Bà Lan" for letter in letters}}, "đính kèm bằng chứng"),
    ):  # fmt: skip
        (said,) = complaints(wrong)
        assert says in said and _ways(office) == []
    assert len(complaints({"on": "15/03/2016", f"tracking.{first}": ""})) == 2, "the day once, the number of one letter"


def _ways(office: Office) -> list[tuple[str, str, str]]:
    with reading(office.bind) as connection:
        rows = connection.execute(select(services).order_by(services.c.id)).all()
    return [(row.way, row.result, row.details["tracking"]) for row in rows]

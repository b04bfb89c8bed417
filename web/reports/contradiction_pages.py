"""What contradicts in the cases of an office, for its heads."""

from itertools import islice

from fastapi import APIRouter
from fastapi.responses import Response

from casework.upkeep.contradictions import contradiction_text, contradictions
from models.database import reading
from web.rendering import page
from web.request_context import Here

router = APIRouter()
SHOWN = 200


@router.get("/late/contradictions", name="contradictions")
def contradiction_list(here: Here, district: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        found = list(islice(contradictions(connection, district=scope), SHOWN + 1))
    return page(
        here, "reports/contradictions.html", found=[(one, contradiction_text(one, here.lang)) for one in found[:SHOWN]],
        more=len(found) > SHOWN, shown=SHOWN,
    )  # fmt: skip

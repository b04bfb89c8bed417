"""What contradicts in the cases of an office, for its heads."""

from fastapi import APIRouter
from fastapi.responses import Response

from casework.upkeep.checked_content import known_contradictions
from casework.upkeep.contradictions import contradiction_text
from models.database import reading
from web.rendering import page
from web.request_context import Here

router = APIRouter()
SHOWN = 200


@router.get("/late/contradictions", name="contradictions")
def contradiction_list(here: Here, district: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        known = known_contradictions(connection, scope, SHOWN + 1)
    shown = [(one, contradiction_text(one, here.lang)) for one in known.found[:SHOWN]]
    return page(
        here, "reports/contradictions.html", found=shown,
        more=len(known.found) > SHOWN, shown=SHOWN, unseen=known.unseen,
    )  # fmt: skip

"""How a forecast is made, behind the late page, with how often the office's own forecasts were right."""

from fastapi import APIRouter
from fastapi.responses import Response

from models.database import reading
from oversight.kept_forecasts import hit_rate
from web.rendering import page
from web.request_context import Here

router = APIRouter()


@router.get("/late/method")
def forecast_method(here: Here) -> Response:
    """The hit rate is that of the reader's office, or of all offices together."""
    with reading(here.bind) as connection:
        record = hit_rate(connection, here.today, district=here.person.district)
    return page(here, "reports/method.html", record=record)

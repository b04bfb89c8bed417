"""Unclear points of the law: both readings, the cases in which they differ, and the ruling with its preview."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.database import reading
from models.errors import Conflict, NotFound, WrongInput
from procedures.law.interpretations import Unclear, unclear_points
from procedures.law.rules import Citation, nearest_version
from rule_changes.moved_deadlines import digest_of
from rule_changes.rulings import Question, may_rule, preview_ruling, questions, rule
from rulebook.versions import Versions
from web.lists import district_names
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/office/readings")
def readings(here: Here, done: int | None = None) -> Response:
    with reading(here.bind) as connection:
        found = questions(connection, here.person.district)
        names = district_names(connection)
    return page(
        here, "office/readings.html", found=found, districts=names, done=done,
        articles={item.point.key: nearest_version(item.point.article, here.today) for item in found},
        related={item.point.key: _related(here, item.point) for item in found},
        may={item.point.key for item in found if _open_to(here, item)},
    )  # fmt: skip


@router.get("/office/readings/{key}")
def reading_preview(here: Here, key: str, way: str = "") -> Response:
    """What a ruling would move. Raises NotFound, Refused: no such point or reading, not this person's to rule."""
    return _preview(here, key, way)


@router.post("/office/readings/{key}")
def reading_now(here: Here, sent: Sent, key: str) -> Response:
    way = sent.text("way")
    try:
        moved = rule(
            here.bind, key, way, reason=sent.text("reason"), by=here.person.login, clock=here.clock,
            seen=sent.text("seen"),
        )  # fmt: skip
    except (WrongInput, Conflict) as error:
        return _preview(here, key, way, sent, error)
    return RedirectResponse(f"/office/readings?done={len(moved)}", 303)


def _open_to(here: Visit, item: Question) -> bool:
    """Whether this person may still rule: not where the city has, nor twice in one scope."""
    ruled = any(found.district in (None, here.person.district) for found in item.rulings)
    return may_rule(here.person) and not ruled


def _related(here: Visit, point: Unclear) -> list[Citation]:
    return [nearest_version(key, here.today) for key in point.related]


def _preview(
    here: Visit, key: str, way: str, sent: Typed | None = None, error: WrongInput | Conflict | None = None
) -> Response:
    point = unclear_points().get(key)
    if point is None or way not in point.readings:
        raise NotFound("no_such_interpretation", key=key, known=", ".join(unclear_points()))
    with reading(here.bind) as connection:
        moved = preview_ruling(connection, key, way, here.person, here.today)
        return page(
            here, "office/reading.html", point=point, way=way,
            moved=moved, seen=digest_of(moved), versions=Versions(connection),
            reason=sent.text("reason") if sent else "", article=nearest_version(point.article, here.today),
            related=_related(here, point),
            **error_content(error, here.lang),
        )  # fmt: skip

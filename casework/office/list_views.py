"""Views of lists that a person saved under a name, and the columns that a person chose for each list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from models.errors import NotFound, WrongInput
from models.tables import list_columns, saved_views

MOST = 30  # of one person
LONGEST_NAME, LONGEST_QUERY = 60, 1_500
_LABEL = {"vi": "Tên danh sách", "en": "Name of the list"}


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: `query` is the question of the list's address."""

    id: int
    page: str
    name: str
    query: str
    is_start: bool


_VIEW = select(saved_views.c.id, saved_views.c.page, saved_views.c.name, saved_views.c.query, saved_views.c.is_start)


def views_of(connection: Connection, officer_id: int, page: str) -> list[View]:
    """The views of a list that a person saved, in the order they were saved."""
    own = _VIEW.where(saved_views.c.officer_id == officer_id, saved_views.c.page == page)
    return [View(*row) for row in connection.execute(own.order_by(saved_views.c.id)).tuples()]


def start_of(connection: Connection, officer_id: int) -> View | None:
    """The view that a person's menu begins with; none: the home page."""
    found = _VIEW.where(saved_views.c.officer_id == officer_id, saved_views.c.is_start)
    row = connection.execute(found.limit(1)).tuples().first()
    return View(*row) if row else None


def save_view(connection: Connection, officer_id: int, page: str, name: str, query: str) -> None:
    """Save under a name; of the same name, the view is replaced. Raises WrongInput."""
    name = " ".join(name.split())
    if not name:
        raise WrongInput("name", "missing_field", label=_LABEL)
    if len(name) > LONGEST_NAME:
        raise WrongInput("name", "too_long", label=_LABEL, limit=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise WrongInput("query", "view_too_long")
    own = saved_views.c.officer_id == officer_id
    same = (own, saved_views.c.page == page, saved_views.c.name == name)
    if connection.execute(update(saved_views).where(*same).values(query=query)).rowcount:
        return
    if len(connection.scalars(select(saved_views.c.id).where(own)).all()) >= MOST:
        raise WrongInput("name", "too_many_views", most=MOST)
    connection.execute(saved_views.insert().values(officer_id=officer_id, page=page, name=name, query=query))


def remove_view(connection: Connection, officer_id: int, view: int) -> View:
    """Forget one of the person's views; returns it. Raises NotFound."""
    found = _own(connection, officer_id, view)
    connection.execute(delete(saved_views).where(saved_views.c.id == view))
    return found


def begin_with(connection: Connection, officer_id: int, view: int, *, start: bool) -> View:
    """Make one of the person's views the start of the menu, or no longer; returns it. Raises NotFound."""
    found = _own(connection, officer_id, view)
    connection.execute(update(saved_views).where(saved_views.c.officer_id == officer_id).values(is_start=False))
    connection.execute(update(saved_views).where(saved_views.c.id == view).values(is_start=start))
    return found


def _own(connection: Connection, officer_id: int, view: int) -> View:
    row = connection.execute(_VIEW.where(saved_views.c.id == view, saved_views.c.officer_id == officer_id)).first()
    if row is None:
        raise NotFound("no_such_view")
    return View(*row.tuple())


def chosen_columns(connection: Connection, officer_id: int, page: str) -> list[str]:
    """The columns that a person chose for a list; empty: the usual ones."""
    found = select(list_columns.c.columns).where(list_columns.c.officer_id == officer_id, list_columns.c.page == page)
    return list(connection.scalar(found) or [])


def choose_columns(connection: Connection, officer_id: int, page: str, columns: Sequence[str]) -> None:
    """Keep the columns for the next visits; none: the usual ones again."""
    own = (list_columns.c.officer_id == officer_id, list_columns.c.page == page)
    connection.execute(delete(list_columns).where(*own))
    if columns:
        kept = {"officer_id": officer_id, "page": page, "columns": list(columns)}
        connection.execute(list_columns.insert().values(**kept))

"""What a person may choose of a list: its columns, its order, the views saved of it, and the link to share it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection

from casework.office.list_views import View, chosen_columns, views_of
from web.request_context import Visit

PATHS: Mapping[str, str] = {"cases": "/work", "letters": "/letters", "incoming": "/incoming", "register": "/register"}
DOWN = "-"  # before an order: the other way round
NOT_SAVED = ("p", "view", "cols")  # questions that a view has not, or has in a form of its own


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that a list can show. `words`: the key of its heading; `sort`: the order by it, empty: none."""

    key: str
    words: str
    sort: str = ""
    kind: str = ""  # num: of numbers
    usual: bool = True


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A list as it is looked at: `query` is its question as a view saves it, with the columns spelt out."""

    page: str
    every: Sequence[ListColumn]
    columns: Sequence[ListColumn]
    sort: str
    views: Sequence[View]
    query: str

    @property
    def path(self) -> str:
        return PATHS[self.page]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)

    @property
    def is_usual(self) -> bool:
        """Whether the columns are those of a person who has chosen none."""
        return self.keys == usual_keys(self.every)

    def has(self, key: str) -> bool:
        return key in self.keys

    def next_sort(self, order: str) -> str:
        """What a press on a heading asks for: up, then down, then the order of the list itself."""
        return {order: f"{DOWN}{order}", f"{DOWN}{order}": ""}.get(self.sort, order)

    def direction(self, order: str) -> str:
        """The word of `aria-sort`; empty where the list is not in this order."""
        return {order: "ascending", f"{DOWN}{order}": "descending"}.get(self.sort, "") if order else ""


def usual_keys(every: Sequence[ListColumn]) -> tuple[str, ...]:
    return tuple(column.key for column in every if column.usual)


def list_choice(
    connection: Connection, here: Visit, page: str, every: Sequence[ListColumn], *, sort: str, cols: str
) -> ListChoice:
    """The columns of the address, else those that the person chose, else the usual ones; unknown ones are left out."""
    known = {column.key: column for column in every}
    asked = [key for key in dict.fromkeys(cols.split(",")) if key in known]
    kept = asked or [key for key in chosen_columns(connection, here.person.id, page) if key in known]
    keys = kept or list(usual_keys(every))
    views = views_of(connection, here.person.id, page)
    query = saved_query(here.request.url.query, keys)
    return ListChoice(page, every, [known[key] for key in keys], sort, views, query)


def saved_query(question: str, keys: Sequence[str]) -> str:
    """The question of an address as a view keeps it: without the page, with its columns spelt out."""
    asked = [(name, value) for name, value in parse_qsl(question) if name not in NOT_SAVED]
    return urlencode([*asked, ("cols", ",".join(keys))], safe=",")


def clean_query(question: str, *, without: Sequence[str] = ()) -> str:
    """A question that came in a form, spelt as an address has it."""
    return urlencode([(name, value) for name, value in parse_qsl(question) if name not in without], safe=",")

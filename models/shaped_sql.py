"""Statements that are built and compiled once for each shape of what is asked for, whatever the values.

What is asked for is a frozen dataclass. In its shape each value that is bound has its name instead; two questions of
one shape have the same text, and differ in the values that are sent with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Date, Integer, Select, String, bindparam
from sqlalchemy.types import TypeEngine

from models.driver_sql import DriverStatement

Asked = TypeVar("Asked")
MOST_VALUES = 40  # of one list; a longer one would make texts that nobody asks for again
_TYPES: Mapping[type[object], TypeEngine[Any]] = {int: Integer(), str: String(), date: Date()}


class Name(NamedTuple):
    """The name of a value, where a shape has it instead."""

    name: str
    kind: type[object]

    @classmethod
    def of(cls, name: str, value: object) -> "Name":
        return cls(name, type(value))

    def parameter(self) -> Any:
        return bindparam(self.name, type_=_TYPES[self.kind])


class Shapes(Generic[Asked]):
    """The shapes of a kind of question.

    bound: its fields whose values are bound: texts, numbers and days, and tuples of them.
    kept: by field, a value that means something else than other values and stays in the shape.
    """

    def __init__(self, *bound: str, kept: Mapping[str, object]) -> None:
        self._bound, self._kept = bound, kept

    def of(self, asked: Asked) -> tuple[Asked, dict[str, Any]]:
        """The shape, and the values by their names. An empty text asks for nothing; a long list stays as it is."""
        names: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for field in self._bound:
            value = getattr(asked, field)
            if value is None or value == () or value == self._kept.get(field):
                continue
            if value == "":
                names[field] = None
            elif not isinstance(value, tuple):
                names[field], values[field] = Name.of(field, value), value
            elif len(value) <= MOST_VALUES:
                names[field] = tuple([Name.of(f"{field}_{place}", one) for place, one in enumerate(value)])
                values |= {f"{field}_{place}": one for place, one in enumerate(value)}
        return replace(asked, **names) if names else asked, values  # type: ignore[type-var]

    def with_parameters(self, shape: Asked) -> Asked:
        """A shape as a statement is built of it: parameters where it has names."""
        built: dict[str, Any] = {}
        for field in self._bound:
            named = getattr(shape, field)
            if isinstance(named, Name):
                built[field] = named.parameter()
            elif isinstance(named, tuple) and named and isinstance(named[0], Name):
                built[field] = tuple([one.parameter() for one in named])
        return replace(shape, **built) if built else shape  # type: ignore[type-var]

    def is_short(self, shape: Asked) -> bool:
        """Whether every list has a name for each of its values."""
        listed = (getattr(shape, field) for field in self._bound)
        return all(isinstance(one[0], Name) for one in listed if type(one) is tuple and one)


class ShapedStatement:
    """A SELECT of a shape: its text for the driver is kept, or it is built anew for what has no shape."""

    def __init__(self, statement: Select[Any], *, kept: bool) -> None:
        self._statement, self._kept = statement, DriverStatement(statement) if kept else None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        if self._kept is not None:
            return self._kept.rows(connection, values)
        return connection.execute(self._statement, values).all()

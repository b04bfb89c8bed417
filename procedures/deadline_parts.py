"""What an act of a procedure file does to deadlines."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from procedures.parts import Keys, Part, has_values


class Start(Part):
    """When a clock starts: on the day of the act, on the date in the field `from`, or once letters are `served`.

    `when`, `unless`: values of the act's fields for which it starts. `who`: who has to act, where it is not the role of
    the deadline.
    """

    deadline: str
    from_: str = Field(default="", alias="from")
    served: Keys = ()  # starts on the latest proof of service of these letters, or on `from` if later
    when: dict[str, Any] = {}
    unless: dict[str, Any] = {}
    who: str = ""

    def applies(self, data: Mapping[str, Any]) -> bool:
        return has_values(data, self.when) and not (self.unless and has_values(data, self.unless))


class OfDeadline(Part):
    """The deadline that an act changes: a fixed one, or the one named in a field."""

    deadline: str = ""
    deadline_field: str = ""


class Extend(OfDeadline):
    days_field: str
    decision_field: str


class Suspend(OfDeadline):
    """Stops the clock of one deadline from a day until the day, if any, on which it resumes."""

    from_field: str
    to_field: str = ""
    reason_field: str


class Resume(OfDeadline):
    on_field: str = ""


class Serve(OfDeadline):
    """Proof of service of the letters that a deadline waits for, when they were written outside this office.

    With `when`, the act itself is the proof where its fields say so: an answer shows that the letter was received.
    """

    on_field: str = ""
    when: dict[str, Any] = {}

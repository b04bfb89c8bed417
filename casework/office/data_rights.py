"""Who may change what an office knows of its surroundings: its communes, its agencies, its plan."""

from collections.abc import Mapping
from typing import Any

from casework.office.people import Actor
from letters.typed_text import check_text
from models.errors import Refused, WrongInput
from procedures.state_machine.field_values import one_line

EDITORS = frozenset({"manager", "admin"})
LONGEST = 200


def may_edit(person: Actor, district: str | None) -> bool:
    """A manager or an administrator, of the office itself or of the city."""
    return person.role in EDITORS and person.district in (None, district)


def require_editor(person: Actor, district: str | None) -> None:
    """Raises Refused."""
    if not may_edit(person, district):
        raise Refused("office_data_not_yours")


def clean_line(name: str, text: str, label: Mapping[str, Any], *, required: bool = True) -> str:
    """One printable line of at most LONGEST characters. Raises WrongInput at `name`."""
    try:
        line = one_line(check_text(text, name))
    except WrongInput as wrong:
        wrong.params["label"] = label
        raise
    if required and not line:
        raise WrongInput(name, "missing_field", label=label)
    if len(line) > LONGEST:
        raise WrongInput(name, "office_text_too_long", label=label, longest=LONGEST)
    return line

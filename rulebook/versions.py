"""The versions of the procedure side by side: our own, and those kept in the data folder under their names."""

from functools import cache
from pathlib import Path

from models.errors import NotFound, Refused
from models.settings import settings
from procedures.loader import load
from procedures.schema import Procedure


def procedure_of(pin: str) -> Procedure:
    """The procedure that a case is pinned to. Raises NotFound when that version is not on this machine."""
    own = load()
    if own.pin == pin:
        return own
    path = _place(pin)
    found = _kept(path) if path.is_file() else None
    if found is None or found.pin != pin:
        raise NotFound("no_such_procedure", pin=pin)
    return found


def keep(text: str, procedure: Procedure) -> None:
    """Keep a version's text, so that cases can be pinned to it. Raises Refused when its name means another text."""
    path = _place(procedure.pin)
    try:
        standing = procedure_of(procedure.pin)
    except NotFound:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
        return
    if standing != procedure:
        raise Refused("version_means_another", pin=procedure.pin)


def _place(pin: str) -> Path:
    if Path(pin).name != pin:
        raise NotFound("no_such_procedure", pin=pin)
    return settings().data.resolve() / "procedures" / f"{pin}.yaml"


@cache
def _kept(path: Path) -> Procedure:
    return load(path)

"""Which acts need a notice so long before, where no clock of the procedure counts it (`notices.yaml`)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml
from procedures.schema import NamedTerm, Procedure


@cache
def notices() -> Mapping[str, tuple[str, ...]]:
    """By key of a procedure's `terms`: the acts that need the notice."""
    text = files("procedures").joinpath("law", "notices.yaml").read_text(encoding="utf-8")
    return {key: tuple(verbs) for key, verbs in read_yaml(text).items()}


def notices_before(procedure: Procedure, verb: str) -> Mapping[str, NamedTerm]:
    """The notices that an act needs, by key; none where the version of the procedure has no such term."""
    return {key: procedure.terms[key] for key, verbs in notices().items() if verb in verbs and key in procedure.terms}

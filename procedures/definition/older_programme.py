"""The law, the references of cases and the ways of dissolution of texts that do not say them: versions 1 to 5."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from models.yaml_text import read_yaml
from procedures.levels import LevelRule
from procedures.schema import Procedure

BEFORE_VERSION_6 = "programme_before_version_6.yaml"


def with_programme(procedure: Procedure) -> Procedure:
    """Return the procedure; one without `law` gets what versions 1 to 5 had in common, at the verbs that it has.

    One that names no levels of offices has theirs too.
    """
    older = _older()
    if not procedure.levels:
        levels = TypeAdapter(dict[str, LevelRule]).validate_python(older["levels"])
        procedure = procedure.model_copy(update={"levels": levels})
    if procedure.law:
        return procedure
    begun = {
        name: procedure.verbs[name].model_copy(update={"begins": way})
        for name, way in older["begins"].items()
        if name in procedure.verbs
    }
    said = {"law": older["law"], "case_prefix": procedure.case_prefix or older["case_prefix"]}
    return procedure.model_copy(update={**said, "verbs": {**procedure.verbs, **begun}})


@cache
def _older() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(files("procedures").joinpath(BEFORE_VERSION_6).read_text(encoding="utf-8"))
    return found

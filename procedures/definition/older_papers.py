"""The papers of procedure texts that have no section for them: versions 1 to 3."""

from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml
from procedures.paper_steps import IncomingKind, Papers, ServiceStep
from procedures.schema import Procedure

BEFORE_VERSION_4 = "papers_before_version_4.yaml"


def with_papers(procedure: Procedure) -> Procedure:
    """Return the procedure; one without the section `papers` gets those whose verb and fields it has."""
    if "papers" in procedure.model_fields_set:
        return procedure
    older = _older()
    serving = {way: step for way, step in older.serving.items() if _fits(procedure, step)}
    incoming = {code: kind for code, kind in older.incoming.items() if _fits(procedure, kind)}
    return procedure.model_copy(update={"papers": older.model_copy(update={"serving": serving, "incoming": incoming})})


def _fits(procedure: Procedure, step: ServiceStep | IncomingKind) -> bool:
    verb = procedure.verbs.get(step.verb)
    return verb is not None and verb.needs.keys() >= step.takes.keys()


@cache
def _older() -> Papers:
    text = files("procedures").joinpath(BEFORE_VERSION_4).read_text(encoding="utf-8")
    return Papers.model_validate(read_yaml(text))

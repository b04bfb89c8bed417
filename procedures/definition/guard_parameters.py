"""Guards with all their parameters: what a file leaves out is read from `procedures/guard_defaults.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from models.yaml_text import read_yaml
from procedures.schema import Procedure, Verb
from procedures.state_machine.guards import named

DEFAULTS = "guard_defaults.yaml"
ANY_OF = "any_of"
LIST = "list"  # the parameter that a bare list in the file gives
Guard = str | dict[str, Any]


def with_parameters(procedure: Procedure) -> Procedure:
    """Return the procedure; a guard without a default stays as it is written."""
    verbs = {name: _completed(verb) for name, verb in procedure.verbs.items()}
    if all(verb is procedure.verbs[name] for name, verb in verbs.items()):
        return procedure
    return procedure.model_copy(update={"verbs": verbs})


def complete(guard: Guard) -> Guard:
    """Return one guard with its parameters, and those within `any_of` with theirs."""
    name = named(guard)
    if isinstance(guard, dict) and name == ANY_OF and isinstance(guard[name], list):
        return {**guard, name: [complete(inner) if isinstance(inner, str | dict) else inner for inner in guard[name]]}
    if name not in _defaults():
        return guard
    known = {key: value for key, value in _defaults()[name].items() if key != LIST}
    written = guard[name] if isinstance(guard, dict) else True
    if isinstance(written, Mapping):
        parameters: Any = known | dict(written)
    elif isinstance(written, list) and LIST in _defaults()[name]:
        parameters = known | {_defaults()[name][LIST]: written}
    else:
        parameters = known if written is True else written
    return {**(guard if isinstance(guard, dict) else {}), name: parameters}


def _completed(verb: Verb) -> Verb:
    guards = tuple(complete(guard) for guard in verb.guards)
    return verb if guards == verb.guards else verb.model_copy(update={"guards": guards})


@cache
def _defaults() -> Mapping[str, Mapping[str, Any]]:
    text = files("procedures").joinpath(DEFAULTS).read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = read_yaml(text)
    return found

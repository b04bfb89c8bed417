"""The next step about a deadline, in the words of the procedure version of the case."""

from models.errors import NotFound
from procedures.schema import Verb
from rulebook.versions import Versions


def next_step(versions: Versions, state: str, pin: str, lang: str, deadline: str = "") -> str:
    """What the state asks for; of a deadline that is not the state's own, the acts that meet it from there."""
    known = versions.part("states", state, pin)
    if known is None:
        return ""
    meeting = _meeting(versions, state, pin, deadline) if deadline and deadline not in known.clocks else []
    return "; ".join(verb.label[lang] for verb in meeting) + "." if meeting else str(known.now[lang])


def step_after(versions: Versions, state: str, pin: str, lang: str, verb: Verb | None) -> str:
    """What is to be done next about what an act has set going beside the case's own way, such as a complaint."""
    known = versions.part("states", state, pin)
    if verb is not None and known is not None:
        for start in verb.starts:
            if start.deadline not in known.clocks and _meeting(versions, state, pin, start.deadline):
                return next_step(versions, state, pin, lang, start.deadline)
    return next_step(versions, state, pin, lang)


def _meeting(versions: Versions, state: str, pin: str, deadline: str) -> list[Verb]:
    try:
        procedure = versions.of(pin)
    except NotFound:  # a case may outlive the text of its version
        return []
    return [verb for verb in procedure.verbs.values() if deadline in verb.meets and state in procedure.sources(verb)]

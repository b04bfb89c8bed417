"""Forms for papers that others write: filled in with what the case knows, handed out, never numbered or signed here."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from casework.acts import verb_label
from casework.ledger import LoadedCase, load_case
from casework.office.people import Actor, require_visible
from correspondence.composing import Composer
from correspondence.letter_data import way_of
from correspondence.prepared_acts import acts_instead
from correspondence.signing import signing_body
from letters.catalogue import LetterType, letter_type, letter_types
from letters.issuing_bodies import bodies
from letters.tree import Letter
from models.errors import NotFound
from procedures.former_names import letter_name


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be drafted for a case, and the forms for others, in the order of the catalogue.

    `fitting`: of `kinds` those that belong to this step of the case or to one of its obstacles.
    `acts`: by letter that is the paper of an act, the acts to be done in its place, each with its label.
    """

    fitting: list[LetterType]
    kinds: list[LetterType]
    forms: list[LetterType]
    acts: dict[str, list[tuple[str, dict[str, str]]]]


def offered(connection: Connection, ref: str, person: Actor) -> Offered:
    """What a person may write for a case. Raises NotFound."""
    loaded = _seen(connection, ref, person)
    kinds = sorted(letter_types().values(), key=lambda kind: (kind.document, kind.name))
    fitting = [kind for kind in kinds if loaded.row["level"] in kind.levels and not kind.lists_cases]
    forms = [kind for kind in fitting if _is_form(kind, loaded)]
    ours = [kind for kind in fitting if kind not in forms]
    acts = {kind.name: [(verb, verb_label(loaded, verb)) for verb in acts_instead(loaded, kind.name)] for kind in ours}
    here = letters_of_step(loaded)
    return Offered([kind for kind in ours if kind.name in here], ours, forms, acts)


def letters_of_step(loaded: LoadedCase) -> frozenset[str]:
    """The letters that acts of the present state write or take effect by, and those of the open obstacles."""
    procedure, state = loaded.procedure, loaded.state
    found = {procedure.obstacles[code].letter for code in state.obstacles if code in procedure.obstacles}
    for verb in procedure.verbs.values():
        if state.state in verb.from_:
            found |= {*verb.letters, *(paper.letter for paper in verb.takes_effect_by)}
    return frozenset(map(letter_name, found))


def form_of(connection: Connection, ref: str, template: str, person: Actor, today: date) -> Letter:
    """A form filled in with what the case knows. Raises NotFound, also for a letter of our own."""
    loaded, kind = _seen(connection, ref, person), letter_type(template)
    if not _is_form(kind, loaded):
        raise NotFound("no_such_form", name=template)
    return Composer(connection, today).letter(loaded, kind, None, {})


def _seen(connection: Connection, ref: str, person: Actor) -> LoadedCase:
    loaded = load_case(connection, ref)
    require_visible(person, loaded.row["district_code"], ref)
    return loaded


def _is_form(kind: LetterType, loaded: LoadedCase) -> bool:
    body = signing_body(kind, loaded.row["level"], way_of(loaded.facts))
    return kind.incoming or not bodies()[body].is_ours

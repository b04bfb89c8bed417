"""Who was met on a visit, proposed for its record: as last time in this case, else its legal representative."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase
from models.tables import units
from procedures.facts import Need
from procedures.former_names import all_names
from procedures.state_machine.fold import valid_facts
from procedures.state_machine.own_day import own_day_of, proposes_today
from templates.words import t

FIELD = "present"  # of a visit


def persons_met(connection: Connection, loaded: LoadedCase, verb: str, needs: Sequence[Need]) -> dict[str, str]:
    """The value of that field; nothing for an act that is no visit, or where nobody is known."""
    spec = loaded.procedure.verbs[verb]
    asked = {need.name: need.type for need in needs}
    day = own_day_of(spec, needs)
    if asked.get(FIELD) != "longtext" or not day or not proposes_today(verb, spec, day):
        return {}
    kinds = set(all_names((), "verbs", [verb]))
    before = [fact.data.get(FIELD) for fact in valid_facts(loaded.facts) if fact.kind in kinds]
    if before and (text := str(before[-1] or "").strip()):
        return {FIELD: text}
    name = connection.scalar(select(units.c.representative).where(units.c.id == loaded.row["unit_id"]))
    return {FIELD: t("pages.met_representative", "vi", name=name[:1].upper() + name[1:])} if name else {}

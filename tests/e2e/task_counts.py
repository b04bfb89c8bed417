"""How often what a hand does left a record in the sample office: the ground for the tasks called the commonest."""

from collections import Counter

from sqlalchemy import Connection, func, select

from models.tables import facts, letter_rows, services
from procedures.definition.loader import load

SHOWN = 10  # kinds in the table
TASKS = {  # the line of the table of tasks that times it
    "Record the proof of service of a letter": "Record the proof of service of a letter",
    "Submit a letter": "Submit a letter that was drafted by itself",
    "Sign a letter": "Approve a letter",
    "Number and issue a letter": "Number and issue a letter",
    "Record an agency's reply": "Record an agency's reply",
    "Record the visit": "Record a visit, its minutes photographed at the seat",
}


def counted(connection: Connection) -> list[tuple[str, int]]:
    """What people did, the commonest first: steps of letters, and acts by their labels.

    An act that takes effect by its letter counts once, for the person who prepared it.
    """
    found: Counter[str] = Counter(_acts(connection))
    letter = letter_rows.c
    steps = select(func.count(letter.submitted_by), func.count(letter.approved_by), func.count(letter.number))
    submitted, signed, numbered = connection.execute(steps).one()
    proofs = connection.scalar(select(func.count()).where(services.c.annulled_at.is_(None))) or 0
    found.update(
        {
            "Submit a letter": submitted,
            "Sign a letter": signed,
            "Number and issue a letter": numbered,
            "Record the proof of service of a letter": proofs,
        }
    )
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]


def _acts(connection: Connection) -> Counter[str]:
    verbs = load().verbs
    found: Counter[str] = Counter()
    for kind, data in connection.execute(select(facts.c.kind, facts.c.data).where(facts.c.by != "clock")).tuples():
        name = data.get("verb", kind) if kind == "act_prepared" else kind
        if name in verbs and not (kind in verbs and data.get("paper")):
            found[verbs[name].label["en"]] += 1
    return found


def table(rows: list[tuple[str, int]], seconds: dict[str, str]) -> str:
    """The rows as Markdown, each with the seconds of its task, where it is one."""
    lines = ["| Done by a person | Times | Task above, s |", "|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| {name} | {times} | {seconds.get(TASKS.get(name, ''), '–')} |" for name, times in rows)]
    )

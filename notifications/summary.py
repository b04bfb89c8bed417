"""What heads read beside their own work: their office in figures, and whom no message reaches."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifications.figures import Blocked, Figures, Flow, Standing
from notifications.lines import lifter
from notifications.reach import Unreached
from notifications.recipients import People, Person
from rulebook.versions import Versions
from templates.words import t

READERS = ("manager", "leader")  # who get figures besides what lies before them
NAMED = 10  # people without reach who are named; the rest is counted
LISTED = 8  # kinds of obstacles that fit on the one page


def summary_of(
    person: Person, people: People, versions: Versions, figures: Figures, names: Mapping[str, str],
    unreached: Sequence[Unreached],
) -> dict[str, Any] | None:  # fmt: skip
    """The office of a head in figures that reconcile, worst first; nothing for anybody else."""
    if person.role not in READERS:
        return None
    blocked = figures.blocked(person)
    mine = _missed(person, unreached) if person.role == "manager" else []
    return {
        "role": person.role, "city": person.district is None, "first": figures.first, "last": figures.last,
        "standings": [_standing(item, person, people, names) for item in figures.standings(person)],
        "blocked": [_blocked(versions, item, person.lang) for item in blocked[:LISTED]],
        "blocked_more": len(blocked[LISTED:]),
        "better": figures.better(person), "total": figures.total(person),
        "flows": [(names.get(item.district, item.district), item) for item in _moved(figures, person)],
        "scope": names.get(person.district or "", "") or t("messages.the_city", person.lang),
        "unreached": mine[:NAMED], "unreached_count": len(mine), "failing": any(item.failing for item in mine),
    }  # fmt: skip


def _missed(person: Person, unreached: Sequence[Unreached]) -> list[Unreached]:
    """The people of the office whom nothing reaches, each with the first reason."""
    mine = [item for item in unreached if person.district in (None, item.district)]
    return list({item.login: item for item in reversed(mine)}.values())[::-1]


def _moved(figures: Figures, person: Person) -> list[Flow]:
    """The districts of the city in which a case was opened or closed; one district has the total alone."""
    return [item for item in figures.flows(person) if item.opened or item.closed] if person.district is None else []


def moves(summary: Mapping[str, Any] | None) -> bool:
    """True when the figures have something to tell."""
    if summary is None:
        return False
    flow = summary["total"]
    pressing = any(item["past_legal"] or item["late"] or item["due_soon"] for item in summary["standings"])
    changed = flow.opened or flow.closed or any(summary["better"].values())
    return bool(pressing or summary["blocked"] or changed or summary["failing"])


def _standing(item: Standing, person: Person, people: People, names: Mapping[str, str]) -> dict[str, Any]:
    counts = {"open": item.open, "past_legal": item.past_legal, "late": item.late, "due_soon": item.due_soon}
    if person.district is None:
        link = f"/work?scope=office&district={item.district}"
        return {"name": names.get(item.district, item.district), "link": link, **counts}
    known = people.by_id.get(item.officer_id or 0)
    if known is None:
        return {"name": t("messages.no_officer", person.lang), "link": "/work?scope=office", **counts}
    return {"name": known.name, "link": f"/work?scope=office&officer={known.login}", **counts}


def _blocked(versions: Versions, item: Blocked, lang: str) -> dict[str, Any]:
    return {
        "name": versions.label("obstacles", item.code, lang), "by": lifter(versions, item.code, lang),
        "link": f"/work?scope=office&obstacle={item.code}",
        "cases": item.cases, "overdue": item.overdue, "since": item.since,
    }  # fmt: skip

"""What heads read beside their own work: their office in figures, beside the week before, and whom nothing reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from notifications.delivery.unreachable_people import Unreached
from notifications.recipients import People, Person
from notifications.weekly.digest_lines import lifter
from notifications.weekly.week_figures import Figures
from notifications.workload_snapshot import Snapshot
from oversight.case_flow import Flow
from oversight.late_items import ObstacleCount
from oversight.workload import Workload
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t

READERS = ("manager", "leader")  # who get figures besides what lies before them
NAMED = 10  # people without reach who are named; the rest is counted
LISTED = 8  # kinds of obstacles that fit on the one page
SAID = {  # figures of a group that its line says, with their words in the catalogue
    "open": "count_open",
    "past_legal": "count_past",
    "late": "count_late",
    "due_soon": "count_soon",
    "unassigned": "count_unassigned",
}
COMPARED = ("past_legal", "late")  # figures that are shown beside those of the digest before


@dataclass(frozen=True, slots=True)
class Offices:
    """All that summaries are made of, read once for everybody; `before` is what the digest of `before_on` told."""

    people: People
    versions: Versions
    names: Mapping[str, str]
    figures: Figures
    now: Snapshot
    before: Snapshot | None
    before_on: date | None
    unreached: Sequence[Unreached]


def summary_of(person: Person, offices: Offices) -> dict[str, Any] | None:
    """The office of a head in figures that reconcile, worst first; nothing for anybody else."""
    if person.role not in READERS:
        return None
    figures, blocked = offices.figures, offices.now.blocked(person)
    mine = _missed(person, offices.unreached) if person.role == "manager" else []
    return {
        "city": person.district is None, "first": figures.first, "last": figures.last,
        "pressing": offices.now.total(person), "compared": _compared(person, offices),
        "standings": _standings(person, offices), "blocked": _obstacles(person, offices, blocked[:LISTED]),
        "blocked_more": len(blocked[LISTED:]),
        "better": _better(figures.better(person), person.lang), "total": figures.total(person),
        "flows": [(offices.names.get(item.district, item.district), item) for item in _moved(figures, person)],
        "scope": offices.names.get(person.district or "", "") or t("messages.the_city", person.lang),
        "unreached": mine[:NAMED], "unreached_count": len(mine), "failing": any(item.failing for item in mine),
        "changed": any(figures.better(person).values()) or bool(figures.total(person).opened),
    }  # fmt: skip


def moves(summary: Mapping[str, Any] | None) -> bool:
    """True when the figures have something to tell."""
    if summary is None:
        return False
    due_soon = any(item["due_soon"] for item in summary["standings"])
    return bool(any(summary["pressing"].values()) or due_soon or summary["changed"] or summary["failing"])


def _missed(person: Person, unreached: Sequence[Unreached]) -> list[Unreached]:
    """The people of the office whom nothing reaches, each with the first reason."""
    mine = [item for item in unreached if person.district in (None, item.district)]
    return list({item.login: item for item in reversed(mine)}.values())[::-1]


def _moved(figures: Figures, person: Person) -> list[Flow]:
    """The districts of the city in which a case was opened or closed; one district has the total alone."""
    return [item for item in figures.flows(person) if item.opened or item.closed] if person.district is None else []


def _compared(person: Person, offices: Offices) -> str:
    """The office as a whole beside what the digest before told of it; nothing where none was kept."""
    if offices.before is None:
        return ""
    was, now, lang = offices.before.total(person), offices.now.total(person), person.lang
    told = [
        t(f"messages.compared_{name}", lang, count=count if was[name] == count else f"{was[name]} → {count}")
        for name, count in now.items()
        if count or was[name]
    ]
    if not told:
        return ""
    key = "messages.unchanged" if was == now else "messages.compared"
    return t(key, lang, on=date_vi(offices.before_on), what=", ".join(told))


def _better(counts: Mapping[str, int], lang: str) -> str:
    settled = _counted({f"better_{name}": count for name, count in counts.items()}, lang)
    return t("messages.better", lang, what=settled) if settled else t("messages.better_none", lang)


def _counted(counts: Mapping[str, int], lang: str) -> str:
    """Those that are not zero, in words."""
    return ", ".join(t(f"messages.{name}", lang, count=count) for name, count in counts.items() if count)


def _standings(person: Person, offices: Offices) -> list[dict[str, Any]]:
    """By officer or by district, each figure with the difference to the digest before where one was kept."""
    before = None
    if offices.before is not None:
        before = {work.key: work for _, work in offices.before.groups(person)}
    listed = []
    for officer, work in offices.now.groups(person):
        was = None if before is None else before.get(work.key, Workload())
        more = {name: "" if was is None else _more(getattr(work, name) - getattr(was, name)) for name in COMPARED}
        if person.district is not None:
            work = replace(work, unassigned=0)  # the line of those that nobody carries says so by its name
        listed.append(
            _named(officer, work, person, offices)
            | work.counts
            | {"words": _in_words(work, more, person.lang), "past_more": more["past_legal"], "late_more": more["late"]}
        )
    return listed


def _in_words(work: Workload, more: Mapping[str, str], lang: str) -> str:
    told = (
        t(f"messages.{word}", lang, count=work.counts[name]) + (f" ({more[name]})" if more.get(name) else "")
        for name, word in SAID.items()
        if work.counts[name] or more.get(name)
    )
    return ", ".join(told)


def _more(difference: int) -> str:
    """+2, −1, or nothing."""
    return f"+{difference}" if difference > 0 else f"−{-difference}" if difference else ""


def _named(officer: int | None, work: Workload, person: Person, offices: Offices) -> dict[str, str]:
    """The name of a group and the list of its cases."""
    if person.district is None:
        code = work.key or ""
        return {"name": offices.names.get(code, code), "link": f"/work?scope=office&district={code}"}
    known = offices.people.by_id.get(officer or 0)
    if known is None:
        return {"name": t("messages.no_officer", person.lang), "link": "/work?scope=office"}
    return {"name": known.name, "link": f"/work?scope=office&officer={known.login}"}


def _obstacles(person: Person, offices: Offices, listed: Sequence[ObstacleCount]) -> list[dict[str, Any]]:
    lang, before = person.lang, None
    if offices.before is not None:
        before = {item.code: item.cases for item in offices.before.blocked(person)}
    return [
        {
            "name": offices.versions.label("obstacles", item.code, lang),
            "by": lifter(offices.versions, item.code, lang),
            "link": f"/work?scope=office&obstacle={item.code}",
            "words": _blocked_in_words(item, None if before is None else before.get(item.code, 0), lang),
        }
        for item in listed
    ]


def _blocked_in_words(item: ObstacleCount, was: int | None, lang: str) -> str:
    more = "" if was is None else _more(item.cases - was)
    cases = t("messages.count_cases", lang, count=item.cases) + (f" ({more})" if more else "")
    overdue = _counted({"count_overdue": item.overdue}, lang)
    oldest = t("messages.oldest", lang, on=date_vi(item.since))
    return ", ".join(part for part in (cases, overdue, oldest) if part) + "."

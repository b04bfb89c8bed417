"""What heads read beside their own work: their office in figures, beside the week before, and whom nothing reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.delivery.unreachable_people import Unreached
from notifications.recipients import People, Person
from notifications.weekly.digest_lines import lifter
from notifications.weekly.week_figures import Figures, Flow
from notifications.workload_snapshot import Blocked, Picture, Standing
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t

READERS = ("manager", "leader")  # who get figures besides what lies before them
NAMED = 10  # people without reach who are named; the rest is counted
LISTED = 8  # kinds of obstacles that fit on the one page


@dataclass(frozen=True, slots=True)
class Offices:
    """All that summaries are made of, read once for everybody; `before` is what the digest of `before_on` told."""

    people: People
    versions: Versions
    names: Mapping[str, str]
    figures: Figures
    now: Picture
    before: Picture | None
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
    before = None
    if offices.before is not None:
        before = {(item.district, item.officer_id): item for item in offices.before.standings(person)}
    listed = []
    for item in offices.now.standings(person):
        was = None if before is None else before.get((item.district, item.officer_id))
        past_was, late_was = (was.past_legal, was.late) if was else (0, 0)
        past_more = "" if before is None else _more(item.past_legal - past_was)
        late_more = "" if before is None else _more(item.late - late_was)
        listed.append(_standing(item, person, offices) | {
            "words": _in_words(item, past_more, late_more, person.lang), "past_more": past_more, "late_more": late_more,
        })  # fmt: skip
    return listed


def _in_words(item: Standing, past_more: str, late_more: str, lang: str) -> str:
    counts = {"count_open": item.open, "count_past": item.past_legal, "count_late": item.late,
              "count_soon": item.due_soon, "count_unassigned": item.unassigned}  # fmt: skip
    more = {"count_past": past_more, "count_late": late_more}
    told = (
        t(f"messages.{name}", lang, count=count) + (f" ({more[name]})" if more.get(name) else "")
        for name, count in counts.items()
        if count or more.get(name)
    )
    return ", ".join(told)


def _more(difference: int) -> str:
    """+2, −1, or nothing."""
    return f"+{difference}" if difference > 0 else f"−{-difference}" if difference else ""


def _standing(item: Standing, person: Person, offices: Offices) -> dict[str, Any]:
    counts = {"open": item.open, "past_legal": item.past_legal, "late": item.late, "due_soon": item.due_soon,
              "unassigned": item.unassigned}  # fmt: skip
    if person.district is None:
        link = f"/work?scope=office&district={item.district}"
        return {"name": offices.names.get(item.district, item.district), "link": link, **counts}
    known = offices.people.by_id.get(item.officer_id or 0)
    if known is None:
        return {"name": t("messages.no_officer", person.lang), "link": "/work?scope=office", **counts}
    return {"name": known.name, "link": f"/work?scope=office&officer={known.login}", **counts}


def _obstacles(person: Person, offices: Offices, listed: Sequence[Blocked]) -> list[dict[str, Any]]:
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


def _blocked_in_words(item: Blocked, was: int | None, lang: str) -> str:
    more = "" if was is None else _more(item.cases - was)
    cases = t("messages.count_cases", lang, count=item.cases) + (f" ({more})" if more else "")
    overdue = _counted({"count_overdue": item.overdue}, lang)
    oldest = t("messages.oldest", lang, on=date_vi(item.since))
    return ", ".join(part for part in (cases, overdue, oldest) if part) + "."

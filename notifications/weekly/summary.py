"""The office of a head in figures, compared with the week before, and the people whom messages do not reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

from notifications.delivery.unreachable_people import Unreached
from notifications.recipients import People, Person
from notifications.weekly.digest_lines import lifter
from notifications.weekly.week_figures import Figures
from notifications.workload_snapshot import Snapshot
from oversight.case_flow import Flow
from oversight.date_risk import DateRisk
from oversight.forecast import Forecast, Outlook
from oversight.late_items import ObstacleCount
from oversight.office_health import Health
from oversight.what_if import WhatIf
from oversight.what_if_words import change_in_words
from oversight.workload import Workload
from rulebook.versions import Versions
from templates.formats import date_vi, span
from templates.words import t

READERS = ("manager", "leader")  # roles that get the figures of their office besides their own work
NAMED = 10  # unreachable people who are named; the rest is counted
CHANGES = 2  # of those that gain most
LISTED = 8  # kinds of obstacles that fit on the one page
WORDED = {  # figures in the line of a group, with their keys in the catalogue
    "open": "count_open",
    "past_legal": "count_past",
    "legal_soon": "count_legal_soon",
    "late": "count_late",
    "due_soon": "count_soon",
    "unassigned": "count_unassigned",
}
COMPARED = ("past_legal", "late")  # figures that are shown beside those of the digest before


@dataclass(frozen=True, slots=True)
class Offices:
    """The data of all summaries, read once; `before` is the snapshot of the digest of `before_on`, None without one."""

    people: People
    versions: Versions
    names: Mapping[str, str]
    figures: Figures
    now: Snapshot
    before: Snapshot | None
    before_on: date | None
    unreached: Sequence[Unreached]
    day: date
    forecasts: Sequence[Forecast] = ()
    risks: Mapping[tuple[str, str | None], DateRisk] = field(default_factory=dict)
    changes: WhatIf | None = None  # for the nearest date that has cases to be done
    checkpoint: str = ""  # the newest of the office's log
    health: Health | None = None  # copies and nightly checks


class GroupLine(TypedDict):
    """An officer or a district; `past_more` and `late_more` are differences to the digest before ("+2", "−1", "")."""

    name: str
    link: str
    words: str
    open: int
    past_legal: int
    legal_soon: int
    late: int
    due_soon: int
    unassigned: int
    past_more: str
    late_more: str


class ObstacleLine(TypedDict):
    """A kind of obstacle; `by` is the body that can lift it, or ""."""

    name: str
    by: str
    link: str
    words: str


class DateLine(TypedDict):
    """A fixed date with what is said of it; `more`: cases past their last day, the last days ahead, what would help."""

    name: str
    on: date
    words: str
    link: str
    more: list[str]


class Summary(TypedDict):
    """The figures of an office as the templates read them."""

    city: bool
    scope: str
    first: date
    last: date
    pressing: Mapping[str, int]
    compared: str
    standings: list[GroupLine]
    dates: list[DateLine]
    blocked: list[ObstacleLine]
    blocked_more: int
    better: str
    total: Flow
    flows: list[tuple[str, Flow]]
    unreached: list[Unreached]
    unreached_count: int
    failing: bool
    changed: bool
    checkpoint: str  # of the office's log: kept outside the database by being sent
    health: str  # age of the last good copy, of the last checks and of the last time-stamp


def summary_of(person: Person, offices: Offices) -> Summary | None:
    """The office of a head in figures that reconcile, worst first; None for other roles."""
    if person.role not in READERS:
        return None
    figures, blocked = offices.figures, offices.now.blocked(person)
    mine = _missed(person, offices.unreached) if person.role == "manager" else []
    return {
        "city": person.district is None, "first": figures.first, "last": figures.last,
        "pressing": offices.now.total(person), "compared": _compared(person, offices),
        "standings": _groups(person, offices), "dates": _dates(person, offices),
        "blocked": _obstacles(person, offices, blocked[:LISTED]),
        "blocked_more": len(blocked[LISTED:]),
        "better": _better(figures.better(person), person.lang), "total": figures.total(person),
        "flows": [(offices.names.get(item.district, item.district), item) for item in _moved(figures, person)],
        "scope": offices.names.get(person.district or "", "") or t("messages.the_city", person.lang),
        "unreached": mine[:NAMED], "unreached_count": len(mine), "failing": any(item.failing for item in mine),
        "changed": any(figures.better(person).values()) or bool(figures.total(person).opened),
        "checkpoint": offices.checkpoint, "health": offices.health.summary(person.lang) if offices.health else "",
    }  # fmt: skip


def moves(summary: Summary | None) -> bool:
    """True when the figures are a reason for a digest."""
    if summary is None:
        return False
    due_soon = any(item["legal_soon"] or item["due_soon"] for item in summary["standings"])
    return bool(any(summary["pressing"].values()) or due_soon or summary["changed"] or summary["failing"])


def _dates(person: Person, offices: Offices) -> list[DateLine]:
    """The fixed dates to which cases of the office are bound, as the page of late items has them."""
    listed: list[DateLine] = []
    for item in offices.forecasts:
        said = item.outlook if person.district is None else item.by_district.get(person.district)
        if said is not None and said.bound:
            link = f"/work?scope=office&bound={item.milestone.key}"
            name = item.milestone.label[person.lang]
            words, more = outlook_in_words(said, person.lang), _besides(item.milestone.key, person, offices)
            listed.append({"name": name, "on": item.milestone.on, "words": words, "link": link, "more": more})
    return listed


def _besides(name: str, person: Person, offices: Offices) -> list[str]:
    """The figures of the list at risk, and of the nearest date what would change it."""
    found, lang = [], person.lang
    risk = offices.risks.get((name, person.district))
    if risk is not None:
        if risk.past:
            found.append(t("messages.risk_past", lang, past=risk.past, count=risk.read))
        found += [
            t("messages.last_day", lang, day=date_vi(one.on), act=one.act[lang], count=one.cases) for one in risk.ahead
        ]
    changes = offices.changes
    if changes is not None and changes.milestone.key == name:
        mine = [one for one in changes.gaining if person.district in (None, one.district)]
        for one in mine[:CHANGES]:
            change = change_in_words(changes, one, offices.versions, offices.names, offices.day, lang)
            found.append(t("messages.change", lang, change=change, more=span(round(one.low), round(one.high))))
    return found


def outlook_in_words(said: Outlook, lang: str) -> str:
    """How many cases are left, the verdict, the range where there is one, and the latest trial with what came."""
    parts = [t("late.still", lang, count=said.bound) + ".", t(f"late.verdict_{said.verdict}", lang) + "."]
    if said.low is not None and said.high is not None:
        parts.append(t("messages.more_done", lang, more=span(said.low, said.high)))
    for one in said.trials[:1]:
        parts.append(
            t(
                "late.trial", lang, day=date_vi(one.on), until=date_vi(one.until), bound=one.bound,
                said=span(one.low, one.high), came=one.came,
            )
        )  # fmt: skip
        parts.append(t("late.trial_right" if one.hit else "late.trial_wrong", lang))
    return " ".join(parts)


def _missed(person: Person, unreached: Sequence[Unreached]) -> list[Unreached]:
    """The people of the office whom messages do not reach, each with the first reason."""
    mine = [item for item in unreached if person.district in (None, item.district)]
    return list({item.login: item for item in reversed(mine)}.values())[::-1]


def _moved(figures: Figures, person: Person) -> list[Flow]:
    """The districts of the city in which a case was opened or closed; one district has the total alone."""
    return [item for item in figures.flows(person) if item.opened or item.closed] if person.district is None else []


def _compared(person: Person, offices: Offices) -> str:
    """The whole office compared with the digest before; "" where no snapshot of it was kept."""
    if offices.before is None:
        return ""
    was, now, lang = offices.before.total(person), offices.now.total(person), person.lang
    worded = [
        t(f"messages.compared_{name}", lang, count=count if was[name] == count else f"{was[name]} → {count}")
        for name, count in now.items()
        if count or was[name]
    ]
    if not worded:
        return ""
    key = "messages.unchanged" if was == now else "messages.compared"
    return t(key, lang, on=date_vi(offices.before_on), what=", ".join(worded))


def _better(counts: Mapping[str, int], lang: str) -> str:
    settled = _counted({f"better_{name}": count for name, count in counts.items()}, lang)
    return t("messages.better", lang, what=settled) if settled else t("messages.better_none", lang)


def _counted(counts: Mapping[str, int], lang: str) -> str:
    """The counts that are not zero, in words."""
    return ", ".join(t(f"messages.{name}", lang, count=count) for name, count in counts.items() if count)


def _groups(person: Person, offices: Offices) -> list[GroupLine]:
    """By officer or by district, with the differences to the digest before where its snapshot was kept."""
    before = None
    if offices.before is not None:
        before = {work.key: work for _, work in offices.before.groups(person)}
    listed = []
    for officer, work in offices.now.groups(person):
        was = None if before is None else before.get(work.key, Workload())
        more = {name: "" if was is None else _more(getattr(work, name) - getattr(was, name)) for name in COMPARED}
        if person.district is not None:
            work = replace(work, unassigned=0)  # the line of unassigned cases says so by its name
        name, link = _named(officer, work, person, offices)
        listed.append(
            GroupLine(
                name=name, link=link, words=_in_words(work, more, person.lang),
                open=work.open, past_legal=work.past_legal, legal_soon=work.legal_soon, late=work.late,
                due_soon=work.due_soon,
                unassigned=work.unassigned, past_more=more["past_legal"], late_more=more["late"],
            )
        )  # fmt: skip
    return listed


def _in_words(work: Workload, more: Mapping[str, str], lang: str) -> str:
    worded = (
        t(f"messages.{word}", lang, count=work.counts[name]) + (f" ({more[name]})" if more.get(name) else "")
        for name, word in WORDED.items()
        if work.counts[name] or more.get(name)
    )
    return ", ".join(worded)


def _more(difference: int) -> str:
    """A difference with its sign: "+2", "−1", "" for none."""
    return f"+{difference}" if difference > 0 else f"−{-difference}" if difference else ""


def _named(officer: int | None, work: Workload, person: Person, offices: Offices) -> tuple[str, str]:
    """(name, link to the list of its cases) of a group."""
    if person.district is None:
        code = work.key or ""
        return offices.names.get(code, code), f"/work?scope=office&district={code}"
    known = offices.people.by_id.get(officer or 0)
    if known is None:
        return t("messages.no_officer", person.lang), "/work?scope=office"
    return known.name, f"/work?scope=office&officer={known.login}"


def _obstacles(person: Person, offices: Offices, listed: Sequence[ObstacleCount]) -> list[ObstacleLine]:
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
    delays = _counted({"count_past": item.past_legal, "count_late": item.late}, lang)
    oldest = t("messages.oldest", lang, on=date_vi(item.since))
    return ", ".join(part for part in (cases, delays, oldest) if part) + "."

"""The home page of a person: what waits for them, what the law demands this week, whom they wait for, the plan.

A case officer's page is made of the officer's own cases, in the order of risk; of every other role's, of the cases on
which an act, a legal limit or a date falls to that role alone. Each case is on the page once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, func, select

from casework.ledger import load_cases
from casework.lists.worklist import Filter, worklist
from casework.obstacles.waiting import last_tries
from correspondence.incoming.awaited_answers import awaited
from correspondence.letter_queue import ListedLetter, letters_elsewhere, waiting_lines
from correspondence.signing import signing_body
from letters.catalogue import letter_types
from letters.issuing_bodies import NOBODY, bodies
from models.tables import facts
from oversight.lights import due_by_law
from oversight.thresholds import press_on, upcoming_until
from procedures.state_machine.next_act import states_of_role
from rulebook.versions import Versions
from templates.words import catalogue, t
from web.cases.case_rows import ShownCase, decorate
from web.cases.home_tasks import Task, tasks
from web.labels import letter_name, roles_in_words
from web.request_context import Visit

OFFICER = "case_officer"
READ = 60  # cases of the list by risk that are read; the list has all
MOST_READ = 300  # of every role but the case officer, to find up to READ whose next act is theirs
SHOWN = 20  # lines of each section but the first
LETTERS = 5  # of each status, of those who carry no cases
PRESSING = ("manager", "clerk")  # roles that press others for their whole office


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case or letter that waits for another: whom, for what, since when, and the day to press them.

    `act`, `form`: what the reader records once it has come, and where; empty where that is another's to do.
    """

    ref: str
    unit_name: str
    whom: str
    what: str
    link: str
    since: date
    press_on: date
    press_now: bool
    act: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Cases by what they are on the page for; `rest`: of a case officer, those in no section. `total`: of the list.

    `law_more`, `plan_more`: cases of these sections beyond those shown. `unread`: cases that were not looked into.
    """

    mine: Sequence[ShownCase]
    law: Sequence[ShownCase]
    plan: Sequence[ShownCase]
    rest: Sequence[ShownCase] = ()
    total: int = 0
    law_more: int = 0
    plan_more: int = 0
    unread: int = 0

    @property
    def rows(self) -> list[ShownCase]:
        """Every case that has been read, in the order of the page."""
        return [*self.mine, *self.law, *self.plan, *self.rest]


@dataclass(frozen=True, slots=True)
class Home:
    """The sections of the page. `law_above`, `plan_above`: cases of these two kinds that the first section shows.

    `letters`: the first that wait for those whose work letters are; an officer's are behind their cases.
    """

    tasks: Sequence[Task]
    letters: Sequence[ListedLetter]
    cases: Sorted
    law_above: int
    plan_above: int
    others: Sequence[Waiting]
    others_total: int

    @property
    def rows(self) -> list[ShownCase]:
        """The cases in the order in which the page shows them."""
        return [*self.cases.mine, *self.cases.law, *self.cases.plan]

    @property
    def press_now(self) -> int:
        return sum(item.press_now for item in self.others)


def home_of(connection: Connection, here: Visit, wanted: Filter) -> Home:
    """The home page of today. `wanted`: the open cases that the person may list, as the page of lists has them."""
    own, until = here.person.role == OFFICER, upcoming_until(here.today)
    cases = (_of_officer if own else _of_role)(connection, here, wanted, until)
    waiting = sorted(_others(connection, here, cases.rows), key=lambda item: (item.press_on, item.ref))
    return Home(
        tasks(connection, here), [] if own else waiting_lines(connection, here.person, here.today, LETTERS),
        cases, sum(due_by_law(row, until) for row in cases.mine),
        sum(row.light == "late" for row in cases.mine), waiting[:SHOWN], len(waiting),
    )  # fmt: skip


def _of_officer(connection: Connection, here: Visit, wanted: Filter, until: date) -> Sorted:
    """The officer's own cases; one that something outside holds up does not wait for the officer."""
    found = worklist(connection, wanted, here.today, limit=READ)
    mine: list[ShownCase] = []
    law: list[ShownCase] = []
    plan: list[ShownCase] = []
    rest: list[ShownCase] = []
    for row in decorate(connection, found.rows, here):
        if row.next and row.next.reason is None and not row.in_the_way:
            mine.append(row)
        elif due_by_law(row, until):
            law.append(row)
        else:
            (plan if row.light == "late" else rest).append(row)
    return Sorted(mine, law, plan, rest, total=found.total, unread=found.total - len(found.rows))


def _of_role(connection: Connection, here: Visit, wanted: Filter, until: date) -> Sorted:
    """Cases on which the next act, a legal limit of the week, or a date that has passed falls to the role alone."""
    role, versions = here.person.role, Versions(connection)
    mine: list[ShownCase] = []
    unread = 0
    for scope, level in _scopes(here, wanted):
        found = (states_of_role(procedure, role, level, but="case_officer") for procedure in versions.adopted)
        states = {state for states in found for state in states}
        if states:
            theirs, left = _falling_to(connection, here, replace(scope, states=tuple(sorted(states))))
            mine, unread = mine + theirs, unread + left
    own = next(scope for scope, level in _scopes(here, wanted) if level == "same")
    law, law_more = _listed(connection, here, replace(own, legal_of=(role, until)), READ, by_law=True)
    law = _but(law, mine)
    mine, law = [*filter(_is_ready, law), *mine], [row for row in law if not _is_ready(row)]
    law, law_more = law[:SHOWN], law_more + len(law[SHOWN:])
    plan, plan_more = _listed(connection, here, replace(own, light="late", who=role), SHOWN)
    plan = _but(plan, [*mine, *law])
    return Sorted(mine, law, plan, total=len(mine), law_more=law_more, plan_more=plan_more, unread=unread)


def _falling_to(connection: Connection, here: Visit, wanted: Filter) -> tuple[list[ShownCase], int]:
    """Cases whose next act falls to the role alone, and how many of the list were not looked into."""
    found = worklist(connection, wanted, here.today, limit=MOST_READ)
    mine: list[ShownCase] = []
    looked = 0
    while looked < len(found.rows) and len(mine) < READ:
        part = found.rows[looked : looked + READ]
        mine += filter(_falls_to, decorate(connection, part, here))
        looked += len(part)
    return mine, found.total - looked


def _listed(
    connection: Connection, here: Visit, wanted: Filter, limit: int, *, by_law: bool = False
) -> tuple[list[ShownCase], int]:
    """The first cases of a list, and how many more it has."""
    found = worklist(connection, wanted, here.today, limit=limit)
    return decorate(connection, found.rows, here, by_law=by_law), found.total - len(found.rows)


def _but(rows: Sequence[ShownCase], seen: Sequence[ShownCase]) -> list[ShownCase]:
    known = {row.id for row in seen}
    return [row for row in rows if row.id not in known]


def _scopes(here: Visit, wanted: Filter) -> Iterator[tuple[Filter, str]]:
    """The cases that the person's office carries, and for the city those of the districts that come up to it."""
    if here.person.district is not None:
        yield replace(wanted, level="district"), "same"
        return
    yield replace(wanted, level="city"), "same"
    yield replace(wanted, level="district"), "above"


def _is_ready(row: ShownCase) -> bool:
    return row.next is not None and row.next.reason is None


def _falls_to(row: ShownCase) -> bool:
    return row.next is not None and row.next.reason is None and OFFICER not in row.next.by


def _others(connection: Connection, here: Visit, rows: Sequence[ShownCase]) -> Iterator[Waiting]:
    """Whom the person waits for: who can lift an obstacle, who signs or numbers, who has to answer, who acts next."""
    role = here.person.role
    if role != OFFICER and role not in PRESSING:
        return
    named: set[str] = set()
    for item in (
        *_obstacles(connection, here, rows),
        *_overlays(connection, here, rows),
        *_letters(connection, here),
        *_answers(connection, here, rows),
    ):
        named.add(item.ref)
        if role == OFFICER or item.press_now:  # a whole office's, once the day to press has come
            yield item
    if role == OFFICER:
        yield from _acts(connection, here, [row for row in rows if row.ref not in named])


def _waiting(
    here: Visit, ref: str, unit: str, whom: str, what: str, since: date, **named: str | date | None
) -> Waiting:
    """`named`: the link where it is not the case's, and the day that was named to the other (`named_on`)."""
    on = named.get("named_on")
    press = press_on(since, on if isinstance(on, date) else None)
    link = str(named.get("link") or f"/cases/{ref}")
    return Waiting(ref, unit, whom, what, link, since, press, press <= here.today)


def _obstacles(connection: Connection, here: Visit, rows: Sequence[ShownCase]) -> Iterator[Waiting]:
    """Obstacles; who was asked already is pressed again on the day that was set, or as long after as the first time."""
    tried = last_tries(connection, [row.id for row in rows if row.in_the_way])
    for row in rows:
        for item in row.in_the_way:
            last = tried.get((row.id, item.code))
            again = (last.next_on or press_on(last.on)) if last else None
            yield _waiting(here, row.ref, row.unit_name, item.by, item.label, item.since, named_on=again)


def _overlays(connection: Connection, here: Visit, rows: Sequence[ShownCase]) -> Iterator[Waiting]:
    """Cases whose next act a suspension, a court or a stay holds up."""
    versions = Versions(connection)
    held = {row.id: codes for row in rows if not row.in_the_way and (codes := _holding(versions, row))}
    loaded = load_cases(connection, list(held)) if held else {}
    for row in rows:
        for code in held.get(row.id, ()):
            label = versions.label("overlays", code, here.lang, row.procedure)
            since = loaded[row.id].state.overlays.get(code)
            if since is not None:
                yield _waiting(here, row.ref, row.unit_name, _whom(code, label, here.lang), label, since)


def _holding(versions: Versions, row: ShownCase) -> list[str]:
    """The overlays that block the next act of a case; every one where no act comes next."""
    parts = [(code, versions.part("overlays", code, row.procedure)) for code in row.overlays]
    return [code for code, part in parts if part and (row.next is None or row.next.verb in part.blocks)]


def _whom(overlay: str, label: str, lang: str) -> str:
    """Whose word a case waits for under an overlay; what lies over it where that is not known."""
    key = f"home.overlay_{overlay}"
    return t(key, lang) if key in catalogue() else label


def _letters(connection: Connection, here: Visit) -> Iterator[Waiting]:
    """Letters with the signatory or the clerk."""
    for item in letters_elsewhere(connection, here.person, here.today, READ):
        name = letter_name(item["template"], here.lang)
        to_do = t(f"home.letter_{item['status']}", here.lang, letter=name)
        yield _waiting(
            here, item["ref"], item["unit_name"], _hand(here, item), to_do, item["since_on"],
            link=f"/letters/{item['id']}",
        )  # fmt: skip


def _hand(here: Visit, item: ListedLetter) -> str:
    """Whose hand a letter waits for."""
    if item["status"] == "approved":
        return t("pages.role_clerk", here.lang)
    kind = letter_types().get(item["template"])
    signs = (
        bodies()[signing_body(kind, "city" if here.person.district is None else "district")].signs if kind else NOBODY
    )
    return t("home.signatory", here.lang) if signs == NOBODY else t(f"pages.role_{signs}", here.lang)


def _answers(connection: Connection, here: Visit, rows: Sequence[ShownCase]) -> Iterator[Waiting]:
    """Letters that require an answer and have none; of a case officer, those of the own cases, of the city its own."""
    own = [row.id for row in rows] if here.person.role == OFFICER else None
    level, versions = "" if here.person.district else "city", Versions(connection)
    for item in awaited(connection, here.person, here.today, READ, level=level, cases=own):
        what = t("home.answer", here.lang, letter=letter_name(item["template"], here.lang))
        waiting = _waiting(
            here, item["ref"], item["unit_name"], "; ".join(item["addressees"]), what, item["issued_on"],
            named_on=item["due_on"], link=f"/letters/{item['id']}",
        )  # fmt: skip
        verb = versions.part("verbs", item["verb"], item["procedure"])
        if verb is not None and here.person.role in verb.by:
            form = f"/cases/{item['ref']}/acts/{item['verb']}"
            waiting = replace(waiting, act=verb.label[here.lang], form=form)
        yield waiting


def _acts(connection: Connection, here: Visit, rows: Sequence[ShownCase]) -> Iterator[Waiting]:
    """Cases whose next act belongs to another role, since the last thing that happened in them."""
    turns = [row for row in rows if row.next and row.next.reason and row.next.reason.code == "wrong_role"]
    latest = select(facts.c.case_id, func.max(facts.c.occurred_on)).where(
        facts.c.case_id.in_([row.id for row in turns])
    )
    since = dict(connection.execute(latest.group_by(facts.c.case_id)).tuples().all()) if turns else {}
    for row in turns:
        assert row.next is not None
        whom = roles_in_words(row.next.by, here.lang)
        yield _waiting(here, row.ref, row.unit_name, whom, row.next.label[here.lang], since[row.id])

"""One letter to the body that lifts obstacles of many cases: drafted from the desk of obstacles, its list changed.

It belongs to no step of a procedure: it is filled in, signed, numbered and served like any letter about many cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, func, select, update

from casework.ledger import LoadedCase, case_row, load_cases
from casework.obstacles.waiting import WaitingObstacle, body_of, obstacles_of_cases
from casework.office.data_rights import clean_line
from casework.office.people import Actor, require_visible
from correspondence.composing import Composer
from correspondence.draft_rows import gaps, with_blanks
from correspondence.drafts import one_letter, require_drafter, require_status
from correspondence.joint.listed_obstacles import AGENCY, REPLY_BY, listed_in
from correspondence.joint.shares import tie_shares, untie
from correspondence.letter_data import LetterData
from correspondence.letter_rights import ALIVE, statuses_of
from correspondence.obstacle_acts import Chosen, chosen_of
from correspondence.reply_days import proposed_days
from letters.catalogue import letter_type
from letters.letter_names import addressee_of_obstacle
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.letter_links import OBSTACLE_LETTER
from models.tables import letter_obstacles, letter_rows, officers
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.former_names import all_names
from procedures.state_machine.field_values import parse_day
from rulebook.office_calendar import office_of
from rulebook.versions import Versions
from templates.words import both

MOST_LISTED = 300  # lines of one annex
MOST_OFFERED = 12  # bodies whose names are offered
CONTACT = "contact"
_O, _L = letter_obstacles.c, letter_rows.c


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom, until when an answer is asked for, and what is asked of some obstacles in place of their names.

    As it was typed; without a day, the letter asks for it before it is submitted.
    """

    agency: str
    reply_by: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)  # by the mark of the obstacle


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form of a new letter begins with: names of bodies, and a day to answer by."""

    agencies: tuple[str, ...]
    reply_by: date | None


def draft_on_obstacles(
    connection: Connection, marks: Sequence[str], said: Addressed, *, by: Actor, clock: Clock
) -> int:
    """Draft one letter on the obstacles named as REF:KIND; returns its id.

    Raises NotFound, WrongInput for what was typed, Refused: one was lifted, is on the list of another letter that is
    not signed yet, or they wait for different bodies or belong to different offices.
    """
    require_drafter(by)
    chosen = chosen_of(marks, MOST_LISTED)
    extra = _checked(said, clock.today()) | {CONTACT: _contact(connection, by)}
    asked = _asked(said.asked, {item.mark for item in chosen})
    rows = _standing(connection, chosen, by)
    _require_one_body(connection, rows)
    _require_unlisted(connection, rows)
    loaded = load_cases(connection, sorted({row.case_id for row in rows}), lock=True)
    _require_one_office(list(loaded.values()))
    first = min(loaded)
    letter_id = _insert(connection, first, extra, by, clock)
    tie_shares(connection, letter_id, [(case_id, None) for case_id in loaded])
    lines = [
        {"letter_id": letter_id, "case_id": row.case_id, "code": row.code, "since_on": row.since,
         "asked": asked.get(row.mark, "")}
        for row in rows
    ]  # fmt: skip
    connection.execute(letter_obstacles.insert(), lines)
    _note_gaps(connection, letter_id, loaded[first], extra, clock.today())
    return letter_id


def change_list(
    connection: Connection, letter_id: int, keep: Sequence[str], asked: Mapping[str, str], *, by: Actor, clock: Clock
) -> int:
    """Keep these obstacles on the list of a draft and drop the others; returns how many are left.

    `asked`: what is asked of those in place of their names. Raises NotFound, Refused, WrongInput.
    """
    require_drafter(by)
    row = letter_on_obstacles(connection, letter_id, by, lock=True)
    require_status(row, statuses_of("fill"))
    listed = {item.mark: item for item in listed_in(connection, letter_id)}
    kept = {item.mark for item in chosen_of(keep, MOST_LISTED)}
    if strange := kept - listed.keys():
        raise WrongInput("chosen", "obstacle_not_listed", mark=min(strange)[:60])
    texts = _asked(asked, kept)
    for mark, item in listed.items():
        own = (_O.letter_id == letter_id, _O.case_id == item.case_id, _O.code == item.code)
        if mark not in kept:
            connection.execute(letter_obstacles.delete().where(*own))
        elif mark in texts:
            connection.execute(update(letter_obstacles).where(*own).values(asked=texts[mark]))
    left = {listed[mark].case_id for mark in kept}
    for case_id in {item.case_id for item in listed.values()} - left:
        untie(connection, letter_id, case_id)
    row = one_letter(connection, letter_id)
    loaded = load_cases(connection, [row["case_id"]])[row["case_id"]]
    _note_gaps(connection, letter_id, loaded, row["data"]["extra"], clock.today())
    return len(kept)


def letter_on_obstacles(connection: Connection, letter_id: int, person: Actor, *, lock: bool = False) -> LetterOfCase:
    """The row of a letter on obstacles. Raises NotFound, also for any other letter."""
    row = one_letter(connection, letter_id, person, lock=lock)
    if row["template"] != OBSTACLE_LETTER:
        raise NotFound("no_such_letter", letter=letter_id)
    return row


def offer_for(connection: Connection, rows: Sequence[WaitingObstacle], today: date) -> Offer:
    """Whom a letter on these obstacles may go to, and the day to answer by of the letter of their kind."""
    data, kind = LetterData(connection), letter_type(OBSTACLE_LETTER)
    firsts: dict[tuple[str, str, str, str], WaitingObstacle] = {}
    for row in rows:
        firsts.setdefault((row.code, row.district, row.level, row.commune), row)
    loaded = load_cases(connection, sorted({row.case_id for row in firsts.values()}))
    names: dict[str, None] = {}
    for row in firsts.values():
        case = data.of(loaded[row.case_id], None, {}, kind, on=today)
        names |= dict.fromkeys(addressee_of_obstacle(row.code, kind, case))
    return Offer(tuple(names)[:MOST_OFFERED], _reply_day(connection, rows[0], loaded, today) if rows else None)


def _reply_day(
    connection: Connection, row: WaitingObstacle, loaded: Mapping[int, LoadedCase], today: date
) -> date | None:
    """The day that the letter of the obstacle's kind would propose; None where it has none."""
    case = loaded[row.case_id]
    own = case.procedure.obstacles.get(row.code)
    if own is None or not own.letter:
        return None
    found = proposed_days(connection, case.procedure, letter_type(own.letter), office_of(case.row), today)
    return date.fromisoformat(found[REPLY_BY]) if REPLY_BY in found else None


def unsigned_lists(connection: Connection, rows: Sequence[WaitingObstacle]) -> dict[str, int]:
    """The letters that are not signed yet and list these obstacles, by the marks of those."""
    marks = {(row.case_id, row.code): row.mark for row in rows}
    found = (
        select(_O.case_id, _O.code, _L.id)
        .join(letter_rows, _L.id == _O.letter_id)
        .where(_O.case_id.in_({case for case, _ in marks}), _L.status.in_(ALIVE))
        .order_by(_L.id)
    )
    listed = connection.execute(found).tuples()
    return {marks[case, code]: letter for case, code, letter in listed if (case, code) in marks}


def _checked(said: Addressed, today: date) -> dict[str, str]:
    errors, values = InputErrors(), dict[str, str]()
    with errors:
        values[AGENCY] = clean_line(AGENCY, said.agency, both("obstacles.to"))
    with errors:
        if said.reply_by.strip():
            day = parse_day(REPLY_BY, said.reply_by)
            if day <= today:
                raise WrongInput(REPLY_BY, "obstacle_letter_reply_past", today=today)
            values[REPLY_BY] = day.isoformat()
    errors.raise_if_any()
    return values


def _asked(typed: Mapping[str, str], marks: set[str]) -> dict[str, str]:
    """What is asked in own words, one line each. Raises WrongInput with every wrong line."""
    errors, found = InputErrors(), dict[str, str]()
    for mark, text in typed.items():
        if mark in marks:
            with errors:
                found[mark] = clean_line(f"asked.{mark}", text, both("obstacles.asked"), required=False)
    errors.raise_if_any()
    return found


def _standing(connection: Connection, chosen: Sequence[Chosen], by: Actor) -> list[WaitingObstacle]:
    """The chosen obstacles as they are now. Raises NotFound: a case out of sight; Refused: one that was lifted."""
    for ref in {item.ref for item in chosen}:
        require_visible(by, case_row(connection, ref)["district_code"], ref)
    wanted = {item.mark for item in chosen}
    rows = obstacles_of_cases(connection, by, [item.ref for item in chosen])
    found = [row for row in rows if row.mark in wanted]
    missing = wanted - {row.mark for row in found}
    if missing:
        raise Refused("obstacle_not_there", ref=min(missing).rpartition(":")[0])
    return found


def _require_one_body(connection: Connection, rows: Sequence[WaitingObstacle]) -> None:
    versions = Versions(connection)
    bodies = {body_of(versions, row.code): row for row in rows}
    if len(bodies) > 1:
        kinds = [versions.part("obstacles", row.code, row.procedure) for row in bodies.values()]
        names = {lang: "; ".join(kind.lifted_by[lang] for kind in kinds if kind) for lang in ("vi", "en")}
        raise Refused("obstacle_letter_bodies", names=names)


def _require_unlisted(connection: Connection, rows: Sequence[WaitingObstacle]) -> None:
    for mark, letter in unsigned_lists(connection, rows).items():
        raise Refused("obstacle_listed_already", ref=mark.rpartition(":")[0], letter=letter)


def _require_one_office(cases: Sequence[LoadedCase]) -> None:
    if len({office_of(case.row) for case in cases}) > 1:
        raise Refused("obstacle_letter_offices")


def _contact(connection: Connection, by: Actor) -> str:
    title = connection.scalar(select(officers.c.title).where(officers.c.id == by.id)) or ""
    return f"{title} {by.name}".strip()


def _insert(connection: Connection, case_id: int, extra: Mapping[str, str], by: Actor, clock: Clock) -> int:
    own = (_L.case_id == case_id, _L.template.in_(all_names((), "letters", [OBSTACLE_LETTER])))
    count = connection.scalar(select(func.count()).where(*own)) or 0
    values = {
        "key": f"obstacles:{case_id}:{count}", "case_id": case_id, "fact_seq": None, "template": OBSTACLE_LETTER,
        "status": "draft", "issuer": "", "drafted_for_on": clock.today(), "drafted_at": clock.now(),
        "drafted_by": by.login, "data": {"extra": dict(extra)}, "missing": [], "unverified": [],
    }  # fmt: skip
    return int(connection.execute(letter_rows.insert().values(with_blanks(values)).returning(_L.id)).scalar_one())


def _note_gaps(
    connection: Connection, letter_id: int, loaded: LoadedCase, extra: Mapping[str, str], today: date
) -> None:
    letter = Composer(connection, today).on_obstacles(loaded, letter_type(OBSTACLE_LETTER), extra, letter_id)
    connection.execute(update(letter_rows).where(_L.id == letter_id).values(gaps(letter)))

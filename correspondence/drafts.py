"""Letters from draft to approval: drafted by the flows or by hand, alive until approved, frozen from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.ledger import LoadedCase, load_case
from casework.office.people import Actor, may_see
from correspondence.composing import Composer
from correspondence.draft_rows import gaps, with_blanks
from correspondence.joint.joint_drafts import draft_of_joint_act, drop_shares
from correspondence.joint.listed_obstacles import require_standing
from correspondence.joint.shares import kind_of, shares_of
from correspondence.letter_rights import ALIVE, DRAFTERS, ISSUERS, SIGNED, is_writer, statuses_of
from correspondence.prepared_acts import require_free, require_no_act
from correspondence.reply_days import proposed_days
from correspondence.signing import require_ours, signer_for
from correspondence.signing_news import notify_of_recall, notify_signers, notify_writer
from letters.blanks import NONE, none_fields, of_batch, unit_fields, where
from letters.catalogue import FieldKind, LetterType, letter_type
from letters.frozen import content_hash, freeze, thaw
from letters.marks import MARKS
from letters.tree import Letter, Missing
from letters.typed_text import check_values, shown, unprintable_in
from models.database import is_sqlite
from models.errors import NotFound, Refused, WrongInput
from models.letter_links import of_case, tie
from models.tables import case_rows, council_cases, letter_rows
from models.typed_rows import first_row
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.facts import CLOCK, Need
from procedures.state_machine.field_values import clean_text, parse_fields
from rulebook.office_calendar import office_of
from templates.words import LANGUAGES, both

WITH_CASE = (
    letter_rows,
    case_rows.c.ref,
    case_rows.c.unit_name,
    case_rows.c.level,
    case_rows.c.officer_id,
    case_rows.c.procedure,
    select(council_cases.c.council_id)
    .where(council_cases.c.case_id == case_rows.c.id, council_cases.c.left_on.is_(None))
    .correlate(case_rows)
    .scalar_subquery()
    .label("council_id"),
)


@dataclass(frozen=True, slots=True)
class LiveLetter:
    """A row of the table with its letter."""

    row: LetterOfCase
    kind: LetterType
    letter: Letter


def draft_required(
    connection: Connection, case_id: int, template: str, fact_seq: int, *, now: datetime, today: date
) -> int:
    """Draft the letter that a fact requires, once. Returns its id; of an act that one paper made for many cases, that
    of the letter for all of them."""
    joint = draft_of_joint_act(connection, case_id, template, fact_seq, now=now, today=today, by=CLOCK)
    if joint is not None:
        return joint
    ref = connection.execute(select(case_rows.c.ref).where(case_rows.c.id == case_id)).scalar_one()
    key = f"{case_id}:{fact_seq}:{template}"
    return _draft(connection, load_case(connection, ref), template, fact_seq, key=key, by=CLOCK, now=now, today=today)


def draft_by_hand(connection: Connection, ref: str, template: str, person: Actor, *, now: datetime, today: date) -> int:
    """Draft a letter on request. Raises NotFound, Refused."""
    require_drafter(person)
    kind, loaded = letter_type(template), load_case(connection, ref)
    if kind.lists_cases:
        raise Refused("letter_of_batch" if kind.is_joint else "letter_of_obstacles", title=dict(kind.title))
    if not may_see(person, loaded.row["district_code"]):
        raise NotFound("no_such_case", ref=ref)
    if loaded.row["level"] not in kind.levels:
        raise Refused("letter_not_of_level", title=kind.title["vi"])
    require_no_act(loaded, kind.name)
    made = select(letter_rows.c.id).where(of_case(loaded.row["id"]))
    key = f"{loaded.row['id']}:hand:{kind.name}:{len(connection.execute(made).all())}"
    return _draft(connection, loaded, template, None, key=key, by=person.login, now=now, today=today)


def _draft(
    connection: Connection,
    loaded: LoadedCase,
    template: str,
    fact_seq: int | None,
    *,
    key: str,
    by: str,
    now: datetime,
    today: date,
) -> int:
    kind = letter_type(template)
    extra = dict(proposed_days(connection, loaded.procedure, kind, office_of(loaded.row), today))
    letter = Composer(connection, today).letter(loaded, kind, fact_seq, extra)
    values = {
        "key": key, "case_id": loaded.row["id"], "fact_seq": fact_seq, "template": template, "status": "draft",
        "issuer": "", "drafted_for_on": today, "drafted_at": now, "drafted_by": by, "data": {"extra": extra},
        **gaps(letter),
    }  # fmt: skip
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(letter_rows).values(with_blanks(values))
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    letter_id = int(connection.execute(select(letter_rows.c.id).where(letter_rows.c.key == key)).scalar_one())
    tie(connection, [(letter_id, loaded.row["id"])])
    return letter_id


def one_letter(
    connection: Connection, letter_id: int, person: Actor | None = None, *, lock: bool = False
) -> LetterOfCase:
    """A letter's row with the case it belongs to; `lock` holds it until the transaction ends.

    Raises NotFound, also when the person may not see that case.
    """
    joined = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
    found = select(*WITH_CASE).select_from(joined).where(letter_rows.c.id == letter_id)
    if lock and not is_sqlite(connection):
        found = found.with_for_update(of=letter_rows)
    row = first_row(LetterOfCase, connection.execute(found))
    if row is None or (person is not None and not may_see(person, row["district_code"])):
        raise NotFound("no_such_letter", letter=letter_id)
    return row


def live(connection: Connection, row: LetterOfCase, today: date) -> LiveLetter:
    """The letter as it reads now: by today's facts while it is a draft, as approved afterwards."""
    kind = kind_of(row)
    if "frozen" in row["data"]:
        return LiveLetter(row, kind, frozen_letter(row))
    return LiveLetter(row, kind, Composer(connection, today).of_row(row, load_case(connection, row["ref"])))


def frozen_letter(row: LetterOfCase) -> Letter:
    """A letter as it was signed, dated when it has been issued."""
    letter = thaw(row["data"]["frozen"])
    return letter if row["issued_on"] is None else replace(letter, on=row["issued_on"])


def needs_of(kind: LetterType) -> list[Need]:
    """The fields that a person may fill in for a letter, the unit's values among them; each with "there is none".

    The list of a batch's cases is no field: it is typed on the page of the batch.
    """
    own = {name: field for name, field in kind.fields.items() if not of_batch(field)}
    return _with_none(kind, {**own, **unit_fields(kind)})


def common_needs_of(kind: LetterType) -> list[Need]:
    """The fields that may be filled in for many letters at once: none of a unit's own values."""
    return _with_none(kind, kind.fields)


def _with_none(kind: LetterType, fields: Mapping[str, FieldKind]) -> list[Need]:
    none, listed = none_fields(kind), dict[str, FieldKind]()
    for name, field in fields.items():
        listed[name] = field
        listed |= {key: item for key, item in none.items() if key == f"{NONE}{name}"}
    return [_need(name, field) for name, field in {**listed, **none}.items()]


def _need(name: str, field: FieldKind) -> Need:
    columns = tuple(
        Need(name=key, type="text", required=False, label=dict(label)) for key, label in field.columns.items()
    )
    kind = "integer" if field.type == "number" else field.type
    return Need(name=name, type=kind, required=False, label=dict(field.label), future=True, columns=columns)


def fill(connection: Connection, letter_id: int, person: Actor, data: Mapping[str, Any], *, today: date) -> LiveLetter:
    """Write what was typed into a draft's fields. Raises NotFound, Refused, WrongInput."""
    require_drafter(person)
    row = one_letter(connection, letter_id, person, lock=True)
    require_status(row, statuses_of("fill"))
    typed = typed_fields(needs_of(kind_of(row)), data, today)
    marks = {MARKS: row["data"]["extra"][MARKS]} if MARKS in row["data"]["extra"] else {}
    changed: LetterOfCase = {**row, "data": {"extra": typed | marks}}
    found = live(connection, changed, today)
    note(connection, letter_id, data=changed["data"], **gaps(found.letter))
    return found


def typed_fields(needs: Sequence[Need], data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What was typed into the fields of a letter, checked. Raises WrongInput."""
    typed = parse_fields(needs, data, today)
    check_values(typed)
    return typed


def submit(connection: Connection, letter_id: int, person: Actor, *, now: datetime, today: date) -> LiveLetter:
    """Hand a draft in for signature. Refused while a field is missing."""
    row = one_letter(connection, letter_id, person, lock=True)
    found = to_submit(connection, row, person, today)
    handed_in = {"status": "submitted", "submitted_by": person.login, "submitted_at": now, "remarks": ""}
    note(connection, letter_id, **handed_in, **gaps(found.letter))
    notify_signers(connection, row, found.kind, person, now, today)
    return found


def to_submit(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> LiveLetter:
    """The letter as `submit` would hand it in. Raises Refused as `submit` does; nothing is changed."""
    require_drafter(person)
    require_status(row, statuses_of("submit"))
    require_ours(connection, kind_of(row), row)
    require_act_of(connection, row)
    require_standing(connection, row)
    found = live(connection, row, today)
    require_whole(found.letter)
    return found


def approve(connection: Connection, letter_id: int, person: Actor, *, now: datetime, today: date) -> LiveLetter:
    """Sign a submitted letter: from here on its text is frozen. Raises NotFound, Refused."""
    row = one_letter(connection, letter_id, person, lock=True)
    found = to_sign(connection, row, person, today)
    note(connection, letter_id, **approval(row, found.kind, found.letter, person, now))
    return LiveLetter(one_letter(connection, letter_id), found.kind, found.letter)


def to_sign(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> LiveLetter:
    """The letter as the person would sign it. Raises Refused as `approve` does; nothing is changed."""
    require_status(row, statuses_of("approve"))
    kind = kind_of(row)
    signer = signer_for(connection, person, kind, row, today)
    require_two_people(kind, row, person)
    require_standing(connection, row)
    letter = Composer(connection, today).of_row(row, load_case(connection, row["ref"]), signer)
    require_whole(letter)
    return LiveLetter(row, kind, letter)


def approval(row: LetterOfCase, kind: LetterType, letter: Letter, person: Actor, now: datetime) -> dict[str, Any]:
    """What signing writes into a letter's row: the text, frozen. Raises Refused while a field is missing."""
    require_whole(letter)
    frozen = freeze(letter)
    return {
        "status": "approved", "approved_by": person.login, "approved_at": now, "content_hash": content_hash(frozen),
        "template_hash": kind.text_hash, "symbol": letter.symbol, "data": row["data"] | {"frozen": frozen},
        **gaps(letter),
    }  # fmt: skip


def send_back(
    connection: Connection, letter_id: int, person: Actor, remarks: str, *, now: datetime, today: date
) -> None:
    """Return a letter with remarks: a submitted one by its signer, a signed one by who would number it.

    A signed one reads by the facts again, and is signed anew. Raises NotFound, Refused, WrongInput.
    """
    row = one_letter(connection, letter_id, person, lock=True)
    require_status(row, statuses_of("return"))
    if row["status"] == "submitted":
        signer_for(connection, person, kind_of(row), row, today)
    elif person.role not in ISSUERS:
        raise Refused("issuing_not_yours")
    text = clean_text("remarks", remarks)
    if not text:
        raise WrongInput("remarks", "missing_field", label={"vi": "Ý kiến", "en": "Remarks"})
    note(connection, letter_id, **unsigned(row), status="returned", remarks=text)
    notify_writer(connection, row, person, now)


def recall(connection: Connection, letter_id: int, person: Actor, reason: str, *, now: datetime, today: date) -> None:
    """Take a submitted letter back to a draft while nobody has signed it: by who submitted or drafted it.

    Those who may sign it get a notice with the reason. Raises NotFound, Refused, WrongInput.
    """
    row = one_letter(connection, letter_id, person, lock=True)
    if row["status"] in SIGNED:
        raise Refused("letter_signed_already", letter=letter_id, status=both(f"letters.status_{row['status']}"))
    require_status(row, statuses_of("recall"))
    if not is_writer(person, row):
        raise Refused("recalling_not_yours")
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    note(connection, letter_id, status="draft", submitted_by=None, submitted_at=None, remarks=text)
    notify_of_recall(connection, row, kind_of(row), person, now, today)


def unsigned(row: LetterOfCase) -> dict[str, Any]:
    """The columns of a signed letter that has no number, as they were before it was signed."""
    data = {name: value for name, value in row["data"].items() if name != "frozen"}
    blank = dict.fromkeys(("issuer", "symbol", "content_hash", "template_hash"), "")
    return {"data": data, "approved_by": None, "approved_at": None, **blank}


def discard(connection: Connection, letter_id: int, person: Actor, reason: str) -> None:
    """Put away a letter that has no number yet. Raises NotFound, Refused (also: an act waits for it), WrongInput."""
    require_drafter(person)
    row = one_letter(connection, letter_id, person, lock=True)
    require_status(row, statuses_of("discard"))
    for share in shares_of(connection, row):
        require_free(load_case(connection, share["ref"]), share)
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    note(connection, letter_id, status="cancelled", remarks=text)


def cancel_drafts_of(connection: Connection, case_id: int, seq: int, *, now: datetime) -> int:
    """Discard the drafts that followed from an annulled fact; returns how many. A joint one loses this case alone."""
    columns = letter_rows.c
    drafts = update(letter_rows).where(
        columns.case_id == case_id, columns.fact_seq == seq, columns.joint_id.is_(None),
        columns.status.in_((*ALIVE, "entered", "approved")),
    )  # fmt: skip
    cancelled = connection.execute(drafts.values(status="cancelled", remarks="annulled")).rowcount
    return cancelled + drop_shares(connection, case_id, seq)


def require_act_of(connection: Connection, row: LetterOfCase) -> None:
    """Raises Refused for a letter drafted by hand that is the paper of an act which has not been done."""
    for share in shares_of(connection, row):
        if share["fact_seq"] is None:
            require_no_act(load_case(connection, share["ref"]), letter_type(row["template"]).name)


def require_drafter(person: Actor) -> None:
    """Raises Refused."""
    if person.role not in DRAFTERS:
        raise Refused("drafting_not_yours")


def require_whole(letter: Letter) -> None:
    """Raises Refused while a field of the letter is missing, or it holds a character that cannot be printed."""
    if letter.missing:
        lacking = {lang: "; ".join(_lacking(item, lang) for item in letter.missing) for lang in LANGUAGES}
        raise Refused("letter_incomplete", fields=lacking)
    character = unprintable_in(letter)
    if character:
        raise Refused("letter_unprintable", character=shown(character), summary=letter.summary)


def _lacking(item: Missing, lang: str) -> str:
    return f"{item.label[lang]} ({where(item.name)[lang]})"


def require_two_people(kind: LetterType, row: LetterOfCase, person: Actor) -> None:
    """Raises Refused when the person who submitted a letter would sign it too."""
    if kind.four_eyes and row["submitted_by"] == person.login:
        raise Refused("letter_four_eyes")


def require_status(row: LetterOfCase, allowed: tuple[str, ...]) -> None:
    """Raises Refused unless the letter is in one of the statuses."""
    if row["status"] in allowed:
        return
    if row["status"] == "draft" and row["remarks"]:
        raise Refused("letter_recalled", letter=row["id"], reason=row["remarks"])
    raise Refused("letter_not_in_status", letter=row["id"], status=both(f"letters.status_{row['status']}"))


def note(connection: Connection, letter_id: int, **values: object) -> None:
    """Write columns of a letter's row."""
    connection.execute(update(letter_rows).where(letter_rows.c.id == letter_id).values(**values))

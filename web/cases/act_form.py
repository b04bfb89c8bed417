"""The form of an act: what it asks first, what it folds away, what was typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi.responses import Response
from sqlalchemy import Connection

from casework.case_view import choice_of, document_of, fact_label, load_seen, officer_names
from casework.councils.bodies import council_of_case
from casework.day_ranges import lawful_ranges
from casework.dossier.documents import documents_of, fresh_documents
from casework.following_act import following
from casework.ledger import LoadedCase
from casework.lists.earlier_texts import earlier_texts
from casework.lists.persons_met import persons_met
from casework.lists.same_act_elsewhere import others_for
from correspondence.joint.batch_acts import council_table
from models.database import reading
from models.errors import Conflict, Refused, WrongInput
from models.settings import settings
from procedures.councils import council_rules
from procedures.day_vocabulary import OWN, REASON
from procedures.facts import Choice, Need
from procedures.schema import Procedure
from procedures.state_machine.own_day import own_day_of, proposes_today
from rulebook.office_calendar import calendars_of, office_of
from rulebook.versions import Versions
from templates.words import t
from web.cases.history import fields_of
from web.forms import Field, first_asked, form_fields, typed_as
from web.rendering import error_text, page, sentences
from web.request_context import Typed, Visit
from web.unfinished import MOST_FILES

STATUS: Mapping[type[Exception], int] = {WrongInput: 422, Refused: 403, Conflict: 409}
ActError = WrongInput | Conflict | Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks. `day`: the field that says the day of the act too; empty: the form asks for it apart."""

    first: Sequence[Field]
    folded: Sequence[Field]
    day: str

    @property
    def focus(self) -> str:
        """The first field that nothing is typed or proposed in; where all are filled in, the first."""
        empty = (item.name for item in self.first if not item.typed)
        return next(empty, self.first[0].name if self.first else "")


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps to fill in a field, by its name: the lawful range of a day, texts of earlier acts, who was met."""

    ranges: Mapping[str, str]
    earlier: Mapping[str, tuple[str, ...]]
    met: Mapping[str, str]


def act_form(
    here: Visit,
    ref: str,
    verb: str,
    sent: Typed | None = None,
    error: ActError | None = None,
    loaded: LoadedCase | None = None,
    fill: bool = False,
) -> Response:
    """The form, empty or with what was typed and what is wrong with it. `fill`: with the council that serves the case.

    `loaded` is the case of the act that failed; it is loaded again only if the act had already moved its state.
    """
    with reading(here.bind) as connection:
        if loaded is None or loaded.state.seq != loaded.row["seq"]:
            loaded = load_seen(connection, ref, here.person)
        row = loaded.row
        document = document_of(connection, loaded, today=here.today, lang=here.lang)
        choice = choice_of(loaded, verb, here.person)
        then = following(loaded, verb, here.person, here.today)
        others = others_for(connection, row, verb, here.person) if choice.allowed else []
        procedure = Versions(connection).of(row["procedure"])
        changes = changes_of(procedure, error, here.lang)
        names = officer_names(connection, [change["by"] for change in changes])
        council = council_of_case(connection, row["id"]) if council_rules().table_of(verb) else None
        table, open_seats = _of_council(connection, row["id"], verb, here.today) if fill and council else ({}, None)
        error = error or open_seats
        papers = _papers(connection, here, row["id"])
        hints = _hints(connection, here, loaded, choice, shown := then or choice)
    status, error = _answer(choice, error)
    wrong = _wrong(error, shown, here.lang)
    asked = _asked(here, procedure, shown, sent, wrong, hints, table)
    return page(
        here, "cases/act.html", status=status, row=row, case=document, choice=choice, names=names, changes=changes,
        then=then, asked=asked, wrong=wrong, evidence_needed=shown.evidence == "required",
        on_range=hints.ranges.get(OWN, ""), message=error_text(error, here.lang) if error and not wrong else "",
        verb=procedure.verbs[verb], others=len(others), council=council, filled=bool(table),
        largest=settings().max_upload_mb, most_files=MOST_FILES, **papers,
        **_typed_beside(sent, here.today, papers["fresh"] if shown.evidence == "required" else [], asked),
    )  # fmt: skip


def _papers(connection: Connection, here: Visit, case_id: int) -> dict[str, Any]:
    """The documents of the case, and those that this person put there today."""
    fresh = fresh_documents(connection, case_id, here.person.login, here.today)
    return {"documents": documents_of(connection, case_id, struck=False), "fresh": fresh}


def _typed_beside(sent: Typed | None, today: date, ticked: Sequence[str], asked: Asked) -> dict[str, Any]:
    """What is typed beside the fields of the act itself; today and `ticked` are proposed where nothing was sent."""
    if sent is None:
        return {"on": "" if asked.day else _today(today), "reason": "", "more": False, "ticked": ticked}
    reason, more = sent.text(f"f.{REASON}"), bool(sent.text("more"))
    return {"on": sent.text("on"), "reason": reason, "more": more, "ticked": sent.texts("document")}


def _answer(choice: Choice, error: ActError | None) -> tuple[int, ActError | None]:
    """The status of the page and what it says: an act that may not be made is refused before it is typed."""
    if error is not None:
        return STATUS[type(error)], error
    return (200, None) if choice.allowed else (403, choice.reason)  # type: ignore[return-value]


def _of_council(
    connection: Connection, case_id: int, verb: str, today: date
) -> tuple[Mapping[str, Any], ActError | None]:
    """The members as the table of an act; nothing, with the reason, while a seat is open."""
    try:
        return {council_rules().table_of(verb): council_table(connection, case_id, today)}, None
    except Refused as open_seats:
        return {}, open_seats


def _asked(
    here: Visit, procedure: Procedure, choice: Choice, sent: Typed | None, wrong: Mapping[str, str],
    hints: Hints, filled: Mapping[str, Any],
) -> Asked:  # fmt: skip
    verb, needs = procedure.verbs[choice.verb], choice.needs
    day = own_day_of(verb, needs)
    known: dict[str, Any] = {need.name: need.proposed for need in needs if need.proposed} | dict(filled)
    if day and proposes_today(choice.verb, verb, day):
        known = {day: here.today, **hints.met, **known}
    fields = _hinted(form_fields(needs, sent or _proposed(needs, known), here.lang), hints, here.lang)
    first, folded = first_asked(fields, wrong, already=0 if day else 1)
    return Asked(sorted(first, key=lambda item: item.name != day), folded, day)


def _proposed(needs: Sequence[Need], known: Mapping[str, Any]) -> Typed | None:
    """The form with what is proposed, to be confirmed or changed; nothing where nothing is."""
    return typed_as(needs, known) if known else None


def _today(today: date) -> str:
    return today.strftime("%d/%m/%Y")


def _wrong(error: Exception | None, choice: Choice, lang: str) -> dict[str, str]:
    """What is wrong by field; lacking evidence belongs to its field too."""
    if isinstance(error, WrongInput):
        named = {"on": t("pages.happened_on", lang), "evidence": t("pages.evidence", lang)}
        named[REASON] = t("days.reason_label", lang)
        return sentences(error, lang, choice.needs, named)
    if isinstance(error, Refused) and error.code == "evidence_required":
        return {"evidence": error_text(error, lang)}
    return {}


def _hints(connection: Connection, here: Visit, loaded: LoadedCase, choice: Choice, shown: Choice) -> Hints:
    """What helps with the act, and with the fields of the one that is `shown` for it."""
    office = calendars_of(connection, office_of(loaded.row))
    long = [need.name for need in shown.needs if need.type == "longtext"] if choice.allowed else []
    return Hints(
        lawful_ranges(loaded, choice.verb, here.today, office, here.lang),
        earlier_texts(connection, shown.verb, long, here.person),
        persons_met(connection, loaded, shown.verb, shown.needs),
    )


def _hinted(fields: Sequence[Field], hints: Hints, lang: str) -> list[Field]:
    """The fields with the lawful range of each day in its hint, and the texts that were typed there before."""
    said = dict.fromkeys(hints.met, t("pages.met_hint", lang))
    return [
        replace(
            item, hint=" ".join(filter(None, (item.hint, hints.ranges.get(item.name), said.get(item.name)))),
            earlier=_offered(hints, item.name),
        )
        for item in fields
    ]  # fmt: skip


def _offered(hints: Hints, name: str) -> tuple[str, ...]:
    """Earlier texts of a field, after what is proposed in it: so one leads back to the other."""
    earlier = hints.earlier.get(name, ())
    return tuple(dict.fromkeys((hints.met[name], *earlier))) if earlier and name in hints.met else earlier


def changes_of(procedure: Procedure, error: Exception | None, lang: str) -> list[dict[str, Any]]:
    """What happened since the person looked, in words."""
    if not isinstance(error, Conflict):
        return []
    listed: Any = error.params.get("changes", ())
    return [
        {
            "seq": fact.seq, "label": fact_label(procedure, fact.kind, lang), "by": fact.by,
            "occurred_on": fact.occurred_on, "recorded_at": fact.recorded_at,
            "fields": fields_of(procedure, fact.kind, fact.data, lang),
        }
        for fact in listed
    ]  # fmt: skip

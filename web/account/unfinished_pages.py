"""Forms that were not finished: the list of one's own, one with all that was typed, its files, and discarding it."""

import re
from collections.abc import Iterable, Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import unfinished_forms
from casework.office.unfinished_forms import Unfinished
from correspondence.drafts import needs_of
from letters.catalogue import letter_types
from models.clock import SystemClock
from models.database import reading
from models.errors import NotFound
from procedures.day_vocabulary import OWN, REASON
from procedures.schema import Verb
from rulebook.versions import Versions
from templates.words import catalogue, pick, t
from web.account.sign_in import safe_target
from web.cases.case_pages import attachment
from web.cases.reassignment_pages import OF_CASE
from web.rendering import page
from web.request_context import Here, Sent, Visit

router = APIRouter()
_ACT = re.compile(r"/cases/(?P<ref>[^/]+)/acts/(?P<verb>[a-z_]+)$")
SHOWN = 3  # fields of each form in the list
FIELD = "f."  # before the names of the fields of acts and letters


@router.get("/unfinished")
def unfinished_list(here: Here) -> Response:
    forms = unfinished_forms.listed(here.person.id, SystemClock().now())
    rows = [(form, *_in_words(here, form)) for form in forms]
    return page(here, "account/unfinished.html", rows=rows, shown=SHOWN)


@router.get("/unfinished/{token}")
def unfinished_one(here: Here, token: str) -> Response:
    """All that was typed, to read, to open in its form again, or to send as it is. Raises NotFound."""
    form = _mine(here, token)
    title, typed = _in_words(here, form)
    return page(here, "account/unfinished_one.html", form=form, title=title, typed=typed)


@router.get("/unfinished/{token}/files/{number:int}")
def unfinished_file(here: Here, token: str, number: int) -> Response:
    form = _mine(here, token)
    if number >= len(form.files):
        raise NotFound("kept_file_gone")
    data = unfinished_forms.content_of(here.person.id, form, form.files[number].sha)
    if data is None:
        raise NotFound("kept_file_gone")
    return attachment(data, form.files[number].name, "application/octet-stream")


@router.post("/unfinished/{token}/discard")
def unfinished_discard(here: Here, sent: Sent, token: str) -> Response:
    unfinished_forms.discard(here.person.id, token)
    return RedirectResponse(safe_target(sent.text("back") or "/unfinished"), 303)


def _mine(here: Visit, token: str) -> Unfinished:
    """Raises NotFound: none of this person's."""
    form = unfinished_forms.one(here.person.id, token, SystemClock().now())
    if form is None:
        raise NotFound("no_unfinished_form")
    return form


def _in_words(here: Visit, form: Unfinished) -> tuple[str, list[tuple[str, str]]]:
    """(the act and its case, or empty; what a person typed with what each field is called, without hidden fields)."""
    with reading(here.bind) as connection:
        procedure = Versions(connection).in_force
    found = _ACT.match(form.action)
    verb = procedure.verbs.get(found["verb"]) if found else None
    title = f"{found['ref']}: {verb.label[here.lang]}" if found and verb else ""
    labels = _labels_of_letters(here.lang) | _labels_of_acts(procedure.verbs.values(), here.lang)
    if form.action.startswith("/take-over/"):
        labels |= {name: item.label[here.lang] for name, item in procedure.verbs.items()}
    labels |= _labels_of_acts([verb] if verb else [], here.lang)  # a name may be called otherwise in another act
    named = [(label_of(name, labels, here.lang), value) for name, value in form.fields if value.strip()]
    return title, [(label, value) for label, value in named if label]


def label_of(name: str, labels: Mapping[str, str], lang: str) -> str:
    """What a field of a form is called; empty for what is not typed."""
    if name.startswith(FIELD):
        field, _, cell = name.removeprefix(FIELD).partition(".")
        row, _, column = cell.partition(".")
        label = labels.get(field, field)
        if row.isdecimal():
            return f"{label}, {int(row) + 1}: {labels.get(f'{field}.{column}', column)}"
        return f"{label} ({cell})" if cell else label  # of one case in a grid: receipt.VBO-2016-0001
    column, _, place = name.partition(".")  # a cell of a grid: signer.12; of one case: address.VBO-2016-0001
    key = "unfinished.field_" + ("to" if name.startswith(OF_CASE) else column)
    label = t(key, lang) if key in catalogue() else ""
    return f"{label} ({place})" if label and place and not place.isdecimal() else label


def _labels_of_letters(lang: str) -> dict[str, str]:
    """Names of the fields of every letter; of tables also `field.column`."""
    found = dict[str, str]()
    for need in (need for kind in letter_types().values() for need in needs_of(kind)):
        found[need.name] = pick(need.label, lang)
        found |= {f"{need.name}.{column.name}": pick(column.label, lang) for column in need.columns}
    return found


def _labels_of_acts(verbs: Iterable[Verb], lang: str) -> dict[str, str]:
    found = {OWN: t("pages.happened_on", lang), REASON: t("days.reason_label", lang)}
    for name, field in (item for verb in verbs for item in verb.needs.items()):
        found[name] = field.label[lang]
        found |= {f"{name}.{key}": column.label[lang] for key, column in field.columns.items()}
    return found

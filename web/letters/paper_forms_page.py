"""What may be written for a case: letters of ours to draft, and forms for others to take along."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from casework.case_view import find
from correspondence.paper_forms import form_of, offered
from letters.catalogue import LetterType
from letters.output.docx import docx
from letters.output.pdf import pdf
from models.database import reading
from models.errors import CoopcaseError, NotFound
from models.folding import fold
from web.cases.case_pages import attachment
from web.letters.letter_pages import DOCX, PDF
from web.rendering import act_links, error_text, page
from web.request_context import Here, Visit

router = APIRouter()


@router.get("/cases/{ref}/letters/new")
def letter_new(here: Here, ref: str, q: str = "") -> Response:
    return letter_new_page(here, ref, q.strip()[:80])


def letter_new_page(here: Visit, ref: str, sought: str = "", error: CoopcaseError | None = None) -> Response:
    """What may be drafted for a case, those of its step first; with an error, why the last request was refused."""
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        found = offered(connection, ref, here.person)
    return page(
        here, "letters/letter_new.html", status=200 if error is None else 403, row=row, sought=sought,
        fitting=_matching(found.fitting, sought), kinds=_matching(found.kinds, sought, but=found.fitting),
        forms=_matching(found.forms, sought), acts=found.acts, links=act_links(error),
        message="" if error is None else error_text(error, here.lang),
    )  # fmt: skip


def _matching(kinds: Sequence[LetterType], sought: str, but: Sequence[LetterType] = ()) -> list[LetterType]:
    """The kinds whose words have all the words sought, in any order and without accents."""
    words = fold(sought).split()
    said = {kind.name: fold(" ".join((*kind.title.values(), *kind.gist.values(), kind.document))) for kind in kinds}
    return [kind for kind in kinds if kind not in but and all(word in said[kind.name] for word in words)]


@router.get("/cases/{ref}/forms/{template}.{ending}")
def paper_form(here: Here, ref: str, template: str, ending: str) -> Response:
    """A form as a file, with what the case knows filled in."""
    if ending not in ("pdf", "docx"):
        raise NotFound("no_such_page")
    with reading(here.bind) as connection:
        letter = form_of(connection, ref, template, here.person, here.today)
    data = pdf(letter) if ending == "pdf" else docx(letter)
    return attachment(data, f"{ref} {template}.{ending}", PDF if ending == "pdf" else DOCX)

"""The guide, in the reader's language, with the terms of the procedure that is in force."""

from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from models.database import reading
from procedures.named_terms import NamedTerms, terms_of
from rulebook.versions import in_force
from web.rendering import page
from web.request_context import Here

router = APIRouter()
NOT_KNOWN = "…"


@router.get("/help")
def help_page(here: Here) -> Response:
    """The guide as HTML."""
    with reading(here.bind) as connection:
        terms = terms_of(in_force(connection))
    return page(here, "account/help.html", guide=_html(guide(here.lang, terms)))


def guide(lang: str, terms: NamedTerms) -> str:
    """The guide as Markdown; a term that the procedure lacks (an office may drop a deadline) is three dots."""
    text = files("templates").joinpath("guide", f"{lang}.md").read_text(encoding="utf-8")
    return terms.filled(text, lang, unknown=NOT_KNOWN)


@lru_cache(maxsize=16)
def _html(text: str) -> Markup:
    """Raw HTML in the guide is shown, not run."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S704

"""The guide, in the reader's language, with the terms and the acts of the procedure that is in force."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from models.database import reading
from procedures.named_terms import NamedTerms, terms_of
from procedures.schema import Procedure
from rulebook.versions import in_force
from templates.situations import Situation, situations
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


@router.get("/help/situations")
def situations_page(here: Here) -> Response:
    """What to do when a case leaves its usual course, with the acts and who may do them."""
    with reading(here.bind) as connection:
        procedure = in_force(connection)
    return page(here, "account/situations.html", groups=list(_groups(procedure, here.lang)))


def guide(lang: str, terms: NamedTerms) -> str:
    """The guide as Markdown; a term that the procedure lacks (an office may drop a deadline) is three dots."""
    text = files("templates").joinpath("guide", f"{lang}.md").read_text(encoding="utf-8")
    return terms.filled(text, lang, unknown=NOT_KNOWN)


def _groups(procedure: Procedure, lang: str) -> Iterator[dict[str, Any]]:
    terms = terms_of(procedure)
    for group in situations():
        rows = [_row(procedure, terms, item, lang) for item in group.situations if _applies(procedure, item)]
        if rows:
            yield {"heading": group.label[lang], "rows": rows}


def _applies(procedure: Procedure, item: Situation) -> bool:
    """Whether the procedure in force has these acts; an office may still use an earlier version."""
    return all(act in procedure.verbs for act in item.acts)


def _row(procedure: Procedure, terms: NamedTerms, item: Situation, lang: str) -> dict[str, Any]:
    verbs = [procedure.verbs[act] for act in item.acts]
    said = [(verb.label[lang], ", ".join(procedure.roles[role][lang] for role in verb.by)) for verb in verbs]
    texts = {name: terms.filled(getattr(item, name)[lang], lang, unknown=NOT_KNOWN) for name in ("when", "way")}
    return {"key": item.key, "acts": said, **texts}


@lru_cache(maxsize=16)
def _html(text: str) -> Markup:
    """Raw HTML in the guide is shown, not run."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S704

"""The guide, in the reader's language."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from web.rendering import page
from web.request_context import Here

router = APIRouter()


@router.get("/help")
def help_page(here: Here) -> Response:
    return page(here, "account/help.html", guide=_guide(here.lang))


@cache
def _guide(lang: str) -> Markup:
    """The guide as HTML; it is our own text, and raw HTML in it is shown, not run."""
    text = files("templates").joinpath("guide", f"{lang}.md").read_text(encoding="utf-8")
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S704

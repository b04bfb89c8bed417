"""The guide, in the reader's language, with the terms and the acts of the procedure that is in force."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from sqlalchemy import Connection, select

from casework.office.people import may_see
from casework.unit_rows import district_names
from models.database import reading
from models.office_kind import SAMPLE
from models.sample_cases import sample_cases
from models.tables import case_rows
from procedures.named_terms import NamedTerms, terms_of
from procedures.schema import Procedure
from rulebook.versions import in_force
from templates.situations import Situation, situations
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
NOT_KNOWN = "…"
MARKDOWN = MarkdownIt("commonmark", {"html": False})
HEADING = 3  # tokens: it begins, its text, it ends
OWN_CHAPTER = {"case_officer": 1, "manager": 2, "leader": 2, "clerk": 3, "legal": 4, "commune": 5, "admin": 6}


@router.get("/help")
def help_page(here: Here) -> Response:
    """The guide as HTML."""
    with reading(here.bind) as connection:
        terms = terms_of(in_force(connection))
    shown = _shown_guide(guide(here.lang, terms))
    return page(here, "account/help.html", guide=shown, own_chapter=OWN_CHAPTER[here.person.role])


@router.get("/help/situations")
def situations_page(here: Here) -> Response:
    """What to do when a case leaves its usual course, with the acts and who may do them."""
    with reading(here.bind) as connection:
        procedure, shown = in_force(connection), _shown(connection, here) if here.kind == SAMPLE else {}
    return page(here, "account/situations.html", groups=list(_groups(procedure, here.lang, shown)))


def guide(lang: str, terms: NamedTerms) -> str:
    """The guide as Markdown; a term that the procedure lacks (an office may drop a deadline) is three dots."""
    text = files("templates").joinpath("guide", f"{lang}.md").read_text(encoding="utf-8")
    return terms.filled(text, lang, unknown=NOT_KNOWN)


def _shown(connection: Connection, here: Visit) -> dict[str, list[dict[str, Any]]]:
    """The cases of the sample office by the situation that they show, each with whether this person may see it."""
    listed, names = sample_cases(connection), district_names(connection)
    refs = {ref for found in listed.values() for ref in found}
    columns = case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code
    found = {row.ref: row for row in connection.execute(select(*columns).where(case_rows.c.ref.in_(refs)))}
    return {
        key: [
            {"ref": ref, "unit": found[ref].unit_name, "office": names[found[ref].district_code],
             "seen": may_see(here.person, found[ref].district_code)}
            for ref in cases if ref in found
        ]
        for key, cases in listed.items()
    }  # fmt: skip


def _groups(
    procedure: Procedure, lang: str, shown: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    terms = terms_of(procedure)
    for group in situations():
        rows = [
            {**_row(procedure, terms, item, lang), "cases": shown.get(item.key, ())}
            for item in group.situations
            if _applies(procedure, item)
        ]
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


class Section(NamedTuple):
    """A part of a chapter: its heading, and what is below it as HTML."""

    heading: str
    html: Markup


class Chapter(NamedTuple):
    """A chapter of the guide: its address inside the page, its heading, what comes first below it, its sections."""

    anchor: str
    heading: str
    opening: Markup
    sections: tuple[Section, ...]


class ShownGuide(NamedTuple):
    """The guide as HTML: what comes before the first chapter, and the chapters."""

    opening: Markup
    chapters: tuple[Chapter, ...]


@lru_cache(maxsize=16)
def _shown_guide(text: str) -> ShownGuide:
    """Raw HTML in the guide is shown, not run."""
    opening, parts = _split(MARKDOWN.parse(text), "h2")
    chapters = []
    for number, (heading, below) in enumerate(parts, 1):
        first, sections = _split(below, "h3")
        shown = tuple(Section(name, _html(tokens)) for name, tokens in sections)
        chapters.append(Chapter(f"chapter-{number}", heading, _html(first), shown))
    return ShownGuide(_html(opening), tuple(chapters))


def _split(tokens: Sequence[Token], tag: str) -> tuple[Sequence[Token], list[tuple[str, Sequence[Token]]]]:
    """What comes before the first heading of a rank, and each heading with what is below it."""
    starts = [at for at, token in enumerate(tokens) if (token.type, token.tag) == ("heading_open", tag)]
    ends = [*starts, len(tokens)][1:]
    parts = [(tokens[at + 1].content, tokens[at + HEADING : end]) for at, end in zip(starts, ends, strict=True)]
    return tokens[: starts[0] if starts else len(tokens)], parts


def _html(tokens: Sequence[Token]) -> Markup:
    return Markup(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))  # noqa: S704

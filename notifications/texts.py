"""Messages as text: `templates/messages/<name>/subject.txt|body.txt|body.html`, in the person's language."""

from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from models.settings import settings
from templates.formats import date_vi
from templates.words import pick, t

LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str
    html: str


@cache
def environment() -> Environment:
    """The templates of messages; only the HTML ones are escaped."""
    made = Environment(
        loader=PackageLoader("templates", "messages"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    made.trim_blocks = made.lstrip_blocks = True
    made.filters["day"] = date_vi
    return made


def render(name: str, lang: str, **content: Any) -> Text:
    """A message; its subject is one line whatever was put into it."""
    shared = {"t": _words(lang), "pick": partial(pick, lang=lang), "lang": lang, "site": settings().site()}
    subject, body, html = (
        environment().get_template(f"{name}/{part}").render(**shared, **content)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Text(one_line(subject), body.strip() + "\n", html.strip() + "\n")


def one_line(text: str) -> str:
    """Without line breaks and other controls, and short enough for a subject."""
    joined = " ".join("".join(" " if not char.isprintable() else char for char in text).split())
    return joined if len(joined) <= LONGEST_SUBJECT else joined[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _words(lang: str) -> Any:
    def words(key: str, **params: object) -> str:
        return t(key, lang, **params)

    return words


def days_text(day: date, ends_on: date, working_days: int, lang: str) -> str:
    """In 5 working days, today, or 3 days past."""
    if ends_on < day:
        return t("messages.days_past", lang, count=(day - ends_on).days)
    return t("messages.today", lang) if ends_on == day else t("messages.days_left", lang, count=working_days)

"""Messages as text: `templates/messages/<name>/subject.txt|body.txt|body.html`, in the person's language.

The HTML is bare, its links without our address: the inbox shows it as it is, `mail_form` dresses it for a mail program.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from models.settings import settings
from oversight.lights import light_of_deadline
from templates.formats import date_vi
from templates.short_names import short_name
from templates.words import catalogue, t

LONGEST_SUBJECT = 70  # what mail programs show of it


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
    made.filters |= {"day": date_vi, "short": short_name, "capital": lambda text: text[:1].upper() + text[1:]}
    return made


def render(name: str, lang: str, **content: Any) -> Text:
    """A message; its subject is one line whatever was put into it."""
    parts = ("subject.txt", "body.txt", "body.html")
    subject, body, html = (page(f"{name}/{part}", lang, **content) for part in parts)
    return Text(one_line(subject), body.strip() + "\n", html.strip() + "\n")


def page(template: str, lang: str, **content: Any) -> str:
    """One template in a language; `site` is where links of plain text lead."""
    shared = {"t": partial(t, lang=lang), "lang": lang, "site": settings().site()}
    return environment().get_template(template).render(**shared, **content)


def one_line(text: str) -> str:
    """Without line breaks and other controls, and short enough for a subject."""
    joined = " ".join("".join(" " if not char.isprintable() else char for char in text).split())
    if len(joined) <= LONGEST_SUBJECT:
        return joined
    whole_words = joined[:LONGEST_SUBJECT].rpartition(" ")[0] or joined[: LONGEST_SUBJECT - 1]
    return whole_words.rstrip(" ,:") + "…"


def days_text(day: date, ends_on: date, kind: str, working_days: int, lang: str) -> str:
    """In 5 working days, today, or calendar days past: overdue is a legal limit, a date of the plan is behind."""
    if light := light_of_deadline(kind, ends_on, day):
        return t(f"messages.days_{light}", lang, count=(day - ends_on).days)
    return t("messages.today", lang) if ends_on == day else t("messages.days_left", lang, count=working_days)


def failure_text(note: str, lang: str) -> str:
    """The note of a message in words; the reason that a person typed is not changed."""
    key = f"messages.failed_{note}"
    return t(key, lang) if key in catalogue() else note

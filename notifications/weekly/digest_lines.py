"""The lines of a digest in words: the item, and the next step."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypedDict

from letters.catalogue import letter_types
from notifications.next_steps import next_step
from notifications.weekly.digest_content import Line, Section
from oversight.lights import light_of_deadline
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.short_names import short_name
from templates.words import catalogue, pick, t

LIST = "/work?scope=mine"
QUOTED = 200  # characters of a note or an instruction
MORE: Mapping[str, str] = {
    "past": f"{LIST}&light=past_legal", "late": f"{LIST}&light=late", "due": f"{LIST}&coming=true",
    "letters": "/letters", "held": "/inbox", "instructed": "/instructions", "unanswered": "/instructions",
}  # the page of the rest of a long section  # fmt: skip


class LineWords(TypedDict):
    """A line as the templates read it; `to_do` and `instead_of` may be ""."""

    ref: str
    unit: str
    what: str
    to_do: str
    link: str
    instead_of: str
    past: bool
    fresh: bool


class SectionWords(TypedDict):
    """A section as the templates read it: `count` items, of which `more` are not listed but found at `more_at`."""

    key: str
    count: int
    more: int
    more_at: str
    lines: list[LineWords]


def section_in_words(versions: Versions, name: str, section: Section, day: date, lang: str) -> SectionWords:
    """A section of a digest that is written on `day`; `name` is one of SECTIONS."""
    return {
        "key": name, "count": section.count, "more": section.count - len(section.lines),
        "more_at": MORE.get(name, LIST),
        "lines": [_in_words(versions, name, line, day, lang) for line in section.lines],
    }  # fmt: skip


def lifter(versions: Versions, obstacle: str, lang: str, pin: str = "") -> str:
    """The body that can lift an obstacle, or "" where no version names one."""
    known = versions.part("obstacles", obstacle, pin)
    return str(known.lifted_by[lang]) if known else ""


def _in_words(versions: Versions, section: str, line: Line, day: date, lang: str) -> LineWords:
    what, to_do = _WORDS[section](versions, line, day, lang)
    return {
        "ref": line.ref, "unit": line.unit, "what": what, "to_do": to_do, "link": line.link,
        "instead_of": line.instead_of, "past": section == "past", "fresh": line.fresh,
    }  # fmt: skip


def _dated(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    what = f"{_deadline(versions, line, day, lang)} ({t(f'messages.kind_{line.kind}', lang)})"
    return what, next_step(versions, line.state, line.procedure, lang, line.code)


def _deadline(versions: Versions, line: Line, day: date, lang: str) -> str:
    known = versions.part("deadlines", line.code, line.procedure)
    light = light_of_deadline(known.kind if known else line.kind, line.on, day) if line.on else None
    count = abs((day - line.on).days) if line.on else 0
    word = f"days_{light}" if light else "in_days" if count else "today"
    left = t(f"messages.{word}", lang, count=count)
    return f"{versions.label('deadlines', line.code, lang, line.procedure)}: {date_vi(line.on)}, {left}"


def _unserved(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    name = versions.label("deadlines", line.code, lang, line.procedure)
    letters = ", ".join(_title(letter, lang) for letter in line.kind.split(","))
    what = t("messages.unserved", lang, deadline=name, letters=letters, on=date_vi(line.on))
    return what, t("messages.prove_service", lang)


def _blocked(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    name = versions.label("obstacles", line.code, lang, line.procedure)
    by = lifter(versions, line.code, lang, line.procedure)
    since = t("messages.since", lang, on=date_vi(line.on), count=(day - line.on).days if line.on else 0)
    return f"{name}, {since}", t("messages.press", lang, who=by) if by else _now(versions, line, lang)


def _letter(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    name = _title(line.code, lang)
    return t("messages.letter", lang, name=name, on=date_vi(line.on)), t(f"messages.to_do_{line.kind}", lang)


def _title(letter: str, lang: str) -> str:
    kind = letter_types().get(letter)
    return pick(kind.title, lang) if kind else letter.replace("_", " ")


def _held(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    if line.kind == "ladder":
        return _deadline(versions, line, day, lang), next_step(versions, line.state, line.procedure, lang, line.code)
    news = line.code.partition(f": {short_name(line.unit)}")[0]  # its subject without the unit, which the line names
    return f"{date_vi(line.on)}: {news}", _now(versions, line, lang)


def _changed(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    verb, key = versions.part("verbs", line.code, line.procedure), f"messages.fact_{line.code}"
    what = verb.done[lang] if verb else t(key, lang) if key in catalogue() else line.code
    return f"{date_vi(line.on)}: {what}", _now(versions, line, lang)


def _instructed(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    due = date_vi(line.on)
    return t("messages.instruction_of", lang, text=_quoted(line), due=due), t(
        "messages.to_do_instruction", lang, due=due
    )


def _unanswered(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    what = t("messages.instruction_of", lang, text=_quoted(line), due=date_vi(line.on))
    return what, t("messages.to_do_unanswered", lang)


def _note(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    return f"{date_vi(line.on)}: {_quoted(line)}", t("messages.to_do_note", lang)


def _quoted(line: Line) -> str:
    """The beginning of what was written, in one line."""
    said = " ".join(line.code.split())
    return said if len(said) <= QUOTED else said[: QUOTED - 1].rstrip() + "…"


def _now(versions: Versions, line: Line, lang: str) -> str:
    return next_step(versions, line.state, line.procedure, lang)


_WORDS: Mapping[str, Callable[[Versions, Line, date, str], tuple[str, str]]] = {
    "past": _dated, "due": _dated, "late": _dated, "unserved": _unserved, "waiting": _blocked, "letters": _letter,
    "held": _held, "changed": _changed, "instructed": _instructed, "unanswered": _unanswered, "notes": _note,
}  # fmt: skip

"""What a version of the procedure does to the open cases, in sentences for officers."""

from dataclasses import dataclass
from datetime import date

from procedures.definition.difference import Difference
from procedures.legal_time.terms import Term
from rule_changes.version_impact import Change, MovedDate, Step
from rule_changes.version_plan import Stuck
from templates.formats import date_vi
from templates.words import catalogue, pick, t


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about a change; `grave`: legal limits or dates that become overdue."""

    text: str
    grave: bool = False


def in_words(change: Change, lang: str) -> list[Said]:
    """The change in counts: cases, steps, states, dates, announcements, people."""
    if not change.cases and not change.stuck:
        return [Said(t("procedure.change_none", lang))]
    said = [t("procedure.change_cases", lang, count=len(change.cases), pin=change.pin)] if change.cases else []
    if change.stuck:
        said.append(t("procedure.change_stuck", lang, count=len(change.stuck)))
    said += [step_in_words(step, "lost", lang) for step in change.lost]
    said += [step_in_words(step, "gained", lang) for step in change.gained]
    said += [
        t("procedure.change_restated", lang, count=len(item.refs), before=item.before, after=item.after)
        for item in change.restated
    ]
    said += [t("procedure.change_role_gone", lang, count=item.people, role=item.label) for item in change.roles]
    if change.cases and not change.lost and not change.moved:
        said.append(t("procedure.change_same", lang))
    return [*(Said(text) for text in said), *_dates(change, lang)]


def _dates(change: Change, lang: str) -> list[Said]:
    counts = {
        "moved": len(change.moved),
        "legal": len(change.legal),
        "late": len(change.late),
        "told": sum(item.notified > 0 for item in change.moved),
        "written": len({item.ref for item in change.moved if item.written}),
    }
    return [
        Said(t(f"procedure.change_{name}", lang, count=count), name in ("legal", "late"))
        for name, count in counts.items()
        if count
    ]


def step_in_words(step: Step, way: str, lang: str) -> str:
    """A step that cases, or one role, lose or gain; `way` is `lost` or `gained`."""
    code = f"procedure.change_{way}_role" if step.role else f"procedure.change_{way}"
    return t(code, lang, count=len(step.refs), verb=step.label, role=step.role_label)


def dates_in_words(item: MovedDate, lang: str) -> tuple[str, str]:
    """Before and after, each with its kind where the kind changes."""
    return _date(item.before, item.was, item, lang), _date(item.after, item.becomes, item, lang)


def _date(day: date | None, kind: str, item: MovedDate, lang: str) -> str:
    if not kind:
        return t("procedure.no_date", lang)
    said = date_vi(day) if day else t("procedure.still", lang)
    return said if item.was == item.becomes else f"{said} ({t(f'procedure.kind_{kind}', lang)})"


def news_in_words(item: MovedDate, lang: str) -> list[str]:
    """What makes the move matter: it becomes late, people were notified, a letter was sent out."""
    said = [t("procedure.moved_late", lang)] if item.late else []
    said += [t("procedure.moved_told", lang, count=item.notified)] if item.notified else []
    return said + ([t("procedure.moved_written", lang)] if item.written else [])


def stuck_in_words(item: Stuck, lang: str) -> str:
    """Why a case keeps its version."""
    return t(f"procedure.stuck_{item.code}", lang, what=pick(item.what, lang))


def difference_in_words(item: Difference, lang: str) -> tuple[str, str, str, str]:
    """The part and key, before, after, as words; a part added or removed says so in place of its key."""
    part = t(f"procedure.part_{item.section}", lang)
    if not item.key:
        what = t("procedure.came" if item.after else "procedure.went", lang)
        return part, what, pick(item.before, lang), pick(item.after, lang)
    before, after = (_value(item.key, pick(side, lang), lang) for side in (item.before, item.after))
    return part, key_in_words(item.key, lang), before, after


def _value(key: str, text: str, lang: str) -> str:
    """Terms and kinds in words; other values as they are in the file."""
    if not text:
        return t("procedure.no_date", lang)
    if key in ("term", "cap"):
        term = Term.parse(text)
        return f"{term.amount} {t(f'pages.unit_{term.unit}', lang)}"
    return t(f"procedure.kind_{text}", lang) if key == "kind" else text


def key_in_words(key: str, lang: str) -> str:
    """A key of the procedure file in words; the key itself where the catalogue has none."""
    name, _, field = key.partition(".")
    words = t(f"procedure.key_{name}", lang) if f"procedure.key_{name}" in catalogue() else name
    return f"{words} {field}".strip()

"""Output of the deadlines that a change of the rules moves or would move."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from cli.output import lang, lines, show_json
from rule_changes.moved_deadlines import Moved, digest_of
from templates.formats import date_vi
from templates.words import t

_SHOWN = ("ref", "unit", "key", "kind", "before", "after", "becomes_late", "announced", "written")

_MARKS = ("becomes_late", "announced", "written")


def moves_document(moved: Sequence[Moved]) -> dict[str, Any]:
    """The counts, the digest of this preview, and each move, as JSON."""
    return _counts(moved) | {"moved": [{name: getattr(item, name) for name in _SHOWN} for item in moved]}


def show_moves(moved: Sequence[Moved], json: bool, key: str) -> None:
    """Print one line per deadline, and the words `key` with the counts."""
    if json:
        show_json(moves_document(moved))
        return
    lines([(item.ref, item.key, _day(item.before), "→", _day(item.after), _marks(item)) for item in moved])
    sys.stdout.write(t(key, lang(), **_counts(moved)) + "\n")


def _marks(item: Moved) -> str:
    return "; ".join(t(f"clocks.{name}", lang()) for name in _MARKS if getattr(item, name))


def _day(day: date | None) -> str:
    return date_vi(day) or t("pages.stands_still", lang())


def _counts(moved: Sequence[Moved]) -> dict[str, Any]:
    return {
        "count": len(moved),
        "late": sum(item.becomes_late for item in moved),
        "announced": sum(item.announced for item in moved),
        "written": sum(item.written for item in moved),
        "digest": digest_of(moved),
    }

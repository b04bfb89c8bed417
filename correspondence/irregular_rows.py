"""The irregularities of a case as rows of a letter: each unlawful day, who confirmed it, and how it was settled."""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.ledger import LoadedCase
from procedures.facts import FactView, Irregularity
from procedures.schema import Procedure
from procedures.state_machine.day_rules import words_of
from procedures.state_machine.irregularities import read
from templates.formats import date_vi
from templates.words import t


def irregular_rows(loaded: LoadedCase, names: Mapping[str, str]) -> list[dict[str, str]]:
    """One row for each unlawful day, in the order recorded; none for a case whose days are lawful.

    `names`: of people, by their sign-in names.
    """
    by_seq = {fact.seq: fact for fact in loaded.facts}
    return [
        row for item in loaded.state.irregularities.values() for row in _rows(loaded.procedure, item, by_seq, names)
    ]


def _rows(
    procedure: Procedure, item: Irregularity, by_seq: Mapping[int, FactView], names: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    for act, one in zip(item.acts, item.items, strict=True):
        verb = procedure.verbs.get(act.kind)
        yield {
            "act": verb.label.vi if verb else act.kind,
            "day": date_vi(read(one).day),
            "rule": _rule(procedure, act.kind, one),
            "confirmed": _confirmed(by_seq.get(item.seen_by or 0), names),
            "settled": _settled(item, by_seq.get(item.settled_by or 0)),
        }


def _rule(procedure: Procedure, verb: str, item: Mapping[str, Any]) -> str:
    broken = read(item)
    params = words_of(procedure, verb, broken)
    return t(f"days.letter_{broken.bound.kind}", "vi", field=params["label"], **params)


def _confirmed(fact: FactView | None, names: Mapping[str, str]) -> str:
    """Who confirmed it or recorded its acceptance, and when."""
    if fact is None:
        return t("days.letter_unconfirmed", "vi")
    return t("days.letter_by", "vi", name=names.get(fact.by, fact.by), day=date_vi(fact.occurred_on))


def _settled(item: Irregularity, fact: FactView | None) -> str:
    if fact is None:
        return t("days.letter_unsettled", "vi")
    if item.status == "accepted":
        said = {name: str(fact.data[name]) for name in ("body", "symbol")}
        return t("days.letter_accepted", "vi", day=date_vi(fact.occurred_on), **said)
    return t("days.letter_cured", "vi", day=date_vi(fact.occurred_on))

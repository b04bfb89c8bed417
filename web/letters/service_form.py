"""The forms of service: one small form for each way, with its own fields only; the likeliest one is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from correspondence.service.service_rules import UNDER_WAY, longest_run, under_way, valid_attempts
from models.typed_rows.letter_shapes import LetterOfCase, ServiceRow
from templates.formats import date_vi
from web.request_context import Typed

DAYS = ("on", "to_on")


@dataclass(frozen=True, slots=True)
class Way:
    """One form: `key` is way:result, `fields` what it asks, `proof` whether it cannot do without."""

    key: str
    fields: tuple[str, ...]
    proof: bool = True


WAYS = (
    Way("hand:served", ("on", "receiver")),
    Way("post:sent", ("on", "tracking"), proof=False),
    Way("post:served", ("on", "tracking", "receiver")),
    Way("hand:returned", ("on", "reason")),
    Way("post:returned", ("on", "tracking", "reason")),
    Way("posting:posted", ("on", "to_on", "place"), proof=False),
    Way("posting:published", ("on", "to_on", "place", "witness")),
    Way("newspaper:published", ("newspaper", "issue", "on")),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A way as a form ready to be drawn: the values of its fields, whether it is open."""

    way: Way
    values: Mapping[str, str]
    open: bool
    first: bool


def panels(
    letter: LetterOfCase, printed: bool, tried: Sequence[ServiceRow], sent: Typed | None, today: date
) -> list[Panel]:
    """Every way, the likely ones first; with `sent`, what was typed is shown in the form it was typed into.

    `printed`: the letter is published by a newspaper alone.
    """
    likely = _likely(letter, printed, tried)
    typed = sent.text("way") if sent else ""
    ordered = sorted(WAYS, key=lambda way: (way.key not in likely, WAYS.index(way)))
    opened = typed or (likely[0] if likely else "")
    return [
        Panel(way, _typed(way, sent) if sent and way.key == typed else _known(way, tried, today), way.key == opened,
              way.key in likely)
        for way in ordered
    ]  # fmt: skip


def _likely(letter: LetterOfCase, printed: bool, tried: Sequence[ServiceRow]) -> tuple[str, ...]:
    """What is to be recorded next: what came of an attempt under way, the next issue, or how it was handed over."""
    begun = under_way(tried)
    if begun is not None:
        return ("posting:published",) if begun["way"] == "posting" else ("post:served", "post:returned")
    if printed and letter["status"] in ("served", "issued") and valid_attempts(tried):
        return ("newspaper:published",)
    if letter["status"] == "undelivered":
        return ("hand:served", "post:sent", "posting:posted")
    return ("hand:served", "post:sent") if letter["status"] == "issued" else ()


def _typed(way: Way, sent: Typed) -> dict[str, str]:
    return {name: sent.text(name) for name in way.fields}


def _known(way: Way, tried: Sequence[ServiceRow], today: date) -> dict[str, str]:
    """What the attempts so far say already."""
    blank = dict.fromkeys(way.fields, "") | {"on": date_vi(today)}
    kind = way.key.split(":")[0]
    begun = under_way(tried)
    if begun is not None and begun["way"] == kind and begun["result"] in UNDER_WAY:
        known = {name: str(value) for name, value in begun["details"].items() if name in blank}
        days = {"on": date_vi(begun["on"]), "to_on": date_vi(begun["to_on"])} if kind == "posting" else {}
        return blank | known | days
    run = longest_run(tried)
    if kind == "newspaper" and run:
        last = run[-1]["details"]
        return blank | {"newspaper": str(last["newspaper"]), "issue": str(int(last["issue"]) + 1)}
    return blank

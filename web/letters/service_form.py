"""The forms of service: one small form for each way, with its own fields only; the likeliest one is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from correspondence.service.service_rules import longest_run, under_way, valid_attempts
from models.typed_rows.letter_shapes import LetterOfCase, ServiceRow
from procedures.paper_steps import Papers
from procedures.service_ways import ServiceWay, WayResult
from templates.formats import date_vi
from web.request_context import Typed


@dataclass(frozen=True, slots=True)
class Panel:
    """A form ready to be drawn: `key` is way:result. `first`: it is offered at once, not among the other ways."""

    key: str
    way: ServiceWay
    result: WayResult
    values: Mapping[str, str]
    open: bool
    first: bool

    @property
    def focus(self) -> str:
        """The first field that nothing is known for; empty where there is none."""
        return next((name for name in self.result.asks if not self.values[name]), "")


def panels(
    letter: LetterOfCase, papers: Papers, tried: Sequence[ServiceRow], sent: Typed | None, today: date
) -> list[Panel]:
    """Every way, the likely ones first; with `sent`, what was typed is shown in the form it was typed into."""
    likely = _likely(letter, papers, tried)
    typed = sent.text("way") if sent else ""
    known = {
        f"{name}:{ended}": (name, way, result)
        for name, way in papers.all_ways().items()
        for ended, result in way.results.items()
    }
    opened = typed or (likely[0] if likely else "")
    return [
        Panel(
            key, way, result,
            _typed(result, sent) if sent and key == typed else _known(name, way, result, papers, tried, today),
            key == opened, key in likely,
        )
        for key, (name, way, result) in sorted(known.items(), key=lambda item: item[0] not in likely)
    ]  # fmt: skip


def service_line(papers: Papers, item: ServiceRow, lang: str) -> str:
    """The way of an attempt and what came of it, in words."""
    way, result = papers.way(item["way"]), papers.result(item["way"], item["result"])
    return f"{way.label[lang] if way else item['way']}: {result.label[lang] if result else item['result']}"


def _likely(letter: LetterOfCase, papers: Papers, tried: Sequence[ServiceRow]) -> list[str]:
    """What is to be recorded next: what came of an attempt under way, the next issue, or how it was handed over."""
    ways, begun = papers.all_ways(), under_way(tried, papers)
    if begun is not None:
        results = ways[begun["way"]].results if begun["way"] in ways else {}
        return [f"{begun['way']}:{name}" for name, result in results.items() if not result.under_way]
    if letter["template"] in papers.printed and letter["status"] in ("served", "issued") and valid_attempts(tried):
        return [f"{name}:{ended}" for name, way in ways.items() if way.issues for ended in way.results]
    return [
        f"{name}:{ended}"
        for name, way in ways.items()
        for ended, result in way.results.items()
        if letter["status"] in result.offered
    ]


def _typed(result: WayResult, sent: Typed) -> dict[str, str]:
    return {name: sent.text(name) for name in result.asks}


def _known(
    name: str, way: ServiceWay, result: WayResult, papers: Papers, tried: Sequence[ServiceRow], today: date
) -> dict[str, str]:
    """What the attempts so far say already."""
    blank = dict.fromkeys(result.asks, "") | {"on": date_vi(today)}
    begun = under_way(tried, papers)
    if begun is not None and begun["way"] == name:
        known = {detail: str(value) for detail, value in begun["details"].items() if detail in blank}
        days = {"on": date_vi(begun["on"]), "to_on": date_vi(begun["to_on"])} if way.span else {}
        return blank | known | days
    run = longest_run(tried, papers)
    if way.issues and run:
        last = run[-1]["details"]
        number = str(int(last[way.issues.number]) + 1)
        return blank | {way.issues.newspaper: str(last[way.issues.newspaper]), way.issues.number: number}
    return blank

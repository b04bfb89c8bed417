"""The cases at risk of missing a fixed date, each with the last day of its next act, from the command line."""

from typing import Annotated, Any

import typer

from casework.lists.at_risk import RiskCase, RiskList, risk_lists
from casework.lists.risk_words import RiskWords, miss_in_words
from cli.output import clock, lang, lines, show_json
from models.database import engine, reading
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("at-risk")(at_risk_command)


def at_risk_command(
    district: Annotated[str, typer.Option(help="Code of a district; all unless given.")] = "",
    milestone: Annotated[str, typer.Option(help="Key of one fixed date (conversion_done); all unless given.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Cases of each date, most at risk first.")] = 20,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The cases most likely to miss a fixed date, and the last day on which each act still makes it by law."""
    today, spoken = clock().today(), lang()
    with reading(engine()) as connection:
        found = risk_lists(connection, today, district=district or None, milestone=milestone or None)
        words = RiskWords(Versions(connection), spoken)
        if json:
            listed = [_document(item, words, limit) for item in found]
            show_json({"today": today, "district": district or None, "dates": listed})
            return
        for item in found:
            label = item.milestone.label[spoken]
            lines([(t("risk.heading", spoken, label=label, day=date_vi(item.milestone.on)),)])
            lines([(t("risk.summary", spoken, count=item.milestone.waiting, past=item.past(today)),)])
            lines([_line(case, words, spoken) for case in item.cases[:limit]])


def _line(case: RiskCase, words: RiskWords, spoken: str) -> tuple[str, ...]:
    last = t("risk.no_way", spoken)
    if case.way:
        last = f"{date_vi(case.way.on)} {words.act(case.way.next.verb, case.procedure)}"
    return case.ref, case.unit_name, last, miss_in_words(case.chance, spoken), "; ".join(words.awaits(case))


def _document(item: RiskList, words: RiskWords, limit: int) -> dict[str, Any]:
    return {
        "key": item.milestone.key, "on": item.milestone.on, "waiting": item.milestone.waiting, "read": item.read,
        "last_days": [
            {"verb": one.act.verb, "on": one.act.on, "roles": one.roles, "cases": one.cases, "next": one.next}
            for one in item.last_days
        ],
        "cases": [_case(item, case, words) for case in item.cases[:limit]],
    }  # fmt: skip


def _case(item: RiskList, case: RiskCase, words: RiskWords) -> dict[str, Any]:
    way = case.way
    return {
        "ref": case.ref, "unit": case.unit_name, "district": case.district, "state": case.state,
        "chance": None if case.chance is None else round(case.chance, 3),
        "verb": way.next.verb if way else None, "last_day": way.on if way else None,
        "acts": [{"verb": act.verb, "on": act.on, "because": act.because.code} for act in way.acts] if way else [],
        "counted": [{"text": line.text, "article": line.article} for line in words.lines(item.milestone, case)],
        "awaits": words.awaits(case),
    }  # fmt: skip

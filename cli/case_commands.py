"""Commands for cases; they call the same functions as the pages."""

import sys
from typing import Annotated, Any

import typer

from casework import acts
from casework.case_documents import CaseDocument
from casework.case_view import case_document, now_and_ahead
from cli.output import clock, day, lang, lines, show_json
from correspondence.effective_papers import withdraw
from models.database import engine, reading
from procedures.facts import Choice, Need
from templates.formats import date_vi
from templates.words import pick, say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("case")(case_command)
    app.command("choices")(choices_command)
    app.command("lacks")(lacks_command)
    app.command("annul")(annul_command)
    app.command("withdraw")(withdraw_command)
    app.command("reassign")(reassign_command)


def case_command(ref: str, as_of: str = "", known_on: str = "", json: Json = False) -> None:
    """Show one case, now or as it was or was known on a day."""
    today = clock().today()
    with reading(engine()) as connection:
        content = case_document(
            connection, ref, today=today, lang=lang(), as_of=day("--as-of", as_of), known_on=day("--known-on", known_on)
        )
    if json:
        show_json(content)
        return
    _show_case(content)


def _show_case(content: CaseDocument) -> None:
    light = t(f"casework.light_{content['light']}", lang())
    lines([(content["ref"], str(content["unit"].get("name", "")), content["state_label"], light)])
    sys.stdout.write(content["now"] + "\n")
    lines([(item["key"], date_vi(item["ends_on"]), item["status"], item["label"]) for item in content["deadlines"]])
    lines([(t("casework.holds_closing", lang()), hold["text"]) for hold in content["closing"]])
    lines(
        [
            (
                str(item["seq"]),
                date_vi(item["occurred_on"]),
                item["by"],
                ("× " if item["annulled"] else "") + item["label"],
            )
            for item in content["facts"]
        ]
    )


def choices_command(ref: str, by: By, json: Json = False) -> None:
    """Show what this person may do now, and why not the rest."""
    with reading(engine()) as connection:
        found = now_and_ahead(connection, ref, by)
    if json:
        show_json([_choice(choice) for choice in found.choices])
        return
    here = [choice for choice in found.choices if choice.here]
    lines([_choice_row(choice) for choice in here if choice.verb not in found.apart])
    apart = [_choice_row(choice) for choice in here if choice.verb in found.apart]
    if apart:
        sys.stdout.write(t("pages.rare_acts", lang(), count=len(apart)) + "\n")
        lines(apart)


def _choice_row(choice: Choice) -> tuple[str, str, str, str]:
    reason = "" if choice.reason is None else say(choice.reason, lang())
    return choice.verb, "✓" if choice.allowed else "–", pick(choice.label, lang()), reason


def lacks_command(ref: str, by: By, json: Json = False) -> None:
    """Show what is still missing before the case can go on."""
    with reading(engine()) as connection:
        found = now_and_ahead(connection, ref, by)
    moves, labels = found.moves, {choice.verb: pick(choice.label, lang()) for choice in found.choices}
    if json:
        show_json(
            [
                {"verb": move.verb, "label": labels[move.verb],
                 "lacks": [{"verb": lack.verb, "instead": list(lack.instead), "reason": say(lack.reason, lang())}
                           for lack in move.lacks]}
                for move in moves
            ]
        )  # fmt: skip
        return
    for move in moves:
        sys.stdout.write(f"{labels[move.verb]} ({move.verb})\n")
        asked = [(" / ".join(filter(None, (lack.verb, *lack.instead))), lack.reason) for lack in move.lacks]
        lines([("  ☐", verbs, say(reason, lang())) for verbs, reason in asked])


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "verb": choice.verb,
        "label": pick(choice.label, lang()),
        "allowed": choice.allowed,
        "reason": say(choice.reason, lang()) if choice.reason else None,
        "here": choice.here,
        "rare": choice.rare,
        "evidence": choice.evidence,
        "paper": list(choice.paper),
        "prepared": choice.prepared,
        "needs": [_need(need) for need in choice.needs],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "name": need.name,
        "type": need.type,
        "required": need.required,
        "required_if": dict(need.required_if),
        "label": pick(need.label, lang()),
        "hint": pick(need.hint, lang()) if need.hint else None,
        "options": {code: pick(label, lang()) for code, label in need.options.items()},
        "columns": [_need(column) for column in need.columns],
        "proposed": need.proposed,
    }


def annul_command(ref: str, fact: int, by: By, reason: Annotated[str, typer.Option()], json: Json = False) -> None:
    """Annul a fact, with the reason."""
    done = acts.annul(engine(), ref, fact, by=by, reason=reason, clock=clock())
    if json:
        show_json(done)
        return
    sys.stdout.write(t("cli.annulled", lang(), ref=ref, seq=fact, state=done.state) + "\n")


def withdraw_command(ref: str, verb: str, by: By, reason: Annotated[str, typer.Option()], json: Json = False) -> None:
    """Take back a prepared act before its paper is issued; its draft is discarded."""
    done = withdraw(engine(), ref, verb, reason, by=by, clock=clock())
    if json:
        show_json(done)
        return
    sys.stdout.write(t("cli.act_withdrawn", lang(), ref=ref, seq=done.seq) + "\n")


def reassign_command(
    ref: str, to: str, by: By, reason: Annotated[str, typer.Option()] = "", json: Json = False
) -> None:
    """Give a case to another officer of the same office."""
    done = acts.reassign(engine(), ref, to, by=by, reason=reason, clock=clock())
    if json:
        show_json(done)
        return
    sys.stdout.write(t("cli.reassigned", lang(), ref=ref, to=to) + "\n")

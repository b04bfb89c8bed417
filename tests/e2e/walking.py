"""A program that drives cases with the command line alone, as a script of an office would."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli.app import app
from correspondence.signing import signing_body
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from models.database import engine, writing
from models.office_clock import set_demo_day
from samples.paperwork import typed_for
from samples.path_step import Step
from tests.command_line import CliRunner
from tests.web.web_office import login_of

START = date(2016, 3, 14)  # the cases of the small office are open since the 1st


def coopcase(*arguments: str) -> Any:
    """Run a command and read the one document it prints; an error of ours is raised."""
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


@dataclass
class Walker:
    """One case, and the day it has come to."""

    ref: str
    proof: Path
    today: date = START

    def take(self, step: Step) -> dict[str, Any]:
        """One act by the person who does it, on its day; only what `choices` offers is sent."""
        self.today += timedelta(days=step.after)
        with writing(engine()) as connection:
            set_demo_day(connection, self.today)
        by = login_of(step.role)
        offered = {choice["verb"]: choice for choice in coopcase("choices", self.ref, "--by", by)}
        choice = offered[step.verb]
        assert choice["allowed"], (step.verb, choice["reason"])
        fields = step.fields(self.today)
        assert set(fields) <= {need["name"] for need in choice["needs"]}
        command = ["act", self.ref, step.verb, "--by", by]
        for name, value in fields.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            command += ["--set", f"{name}={text}"]
        if step.proof:
            command += ["--evidence", str(self.proof)]
        done: dict[str, Any] = coopcase(*command)
        if done["letter"] is not None:
            assert choice["paper"], "choices say that it takes effect by a paper"
            self._issue(done["letter"])
        return done

    def _issue(self, number: int) -> None:
        """The paper of an act from draft to issued: the draft is there at once."""
        letter = next(item for item in coopcase("letters", self.ref)["letters"] if item["id"] == number)
        kind = letter_type(letter["template"])
        typed = dict(typed_for(kind, letter["missing"], self.today))
        fields = [f"{name}={json.dumps(value) if isinstance(value, list) else value}" for name, value in typed.items()]
        steps: list[tuple[str, str, list[str]]] = [("fill", "case_officer", fields)] if fields else []
        signer = bodies()[signing_body(kind, "district")].signs
        steps += [("submit", "case_officer", []), ("approve", signer, []), ("issue", "clerk", [])]
        for action, role, said in steps:
            sets = [part for field in said for part in ("--set", field)]
            coopcase("letter-act", str(number), action, "--by", login_of(role), *sets)

    def take_anyway(self, step: Step) -> None:
        """An act that is not offered."""
        coopcase("act", self.ref, step.verb, "--by", login_of(step.role))

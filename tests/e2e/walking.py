"""A program that drives cases with the command line alone, as a script of an office would."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.app import app
from models.database import engine, writing
from models.office_clock import set_demo_day
from samples.path_step import Step
from tests.web.web_office import login_of

START = date(2015, 3, 2)


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
        """One act by whoever does it, on its day; only what `choices` offers is sent."""
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
        return done

    def take_anyway(self, step: Step) -> None:
        """An act that is not offered."""
        coopcase("act", self.ref, step.verb, "--by", login_of(step.role))

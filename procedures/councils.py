"""Seats of a dissolution council and steps of a batch: data beside the procedure, held against its text."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from models.yaml_text import read_yaml
from procedures.definition.loader import load
from procedures.law.rules import rules
from procedures.schema import Procedure


class Seat(BaseModel):
    """A seat of a council; `article`: key of the rule that gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    article: str
    label: dict[str, str]
    from_: dict[str, str] = Field(alias="from")
    several: bool = False
    never_vacant: bool = False
    if_member: bool = False

    @property
    def confidence(self) -> str:
        """Whether the article was seen in a source: verified or recalled."""
        return rules()[self.article][-1].confidence

    @property
    def required(self) -> bool:
        """Whether an empty seat needs a reason."""
        return not self.if_member


class CouncilRules(BaseModel):
    """The seats of a council, and the tables of acts that name its members."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    article: str
    tables: tuple[str, ...]
    seats: dict[str, Seat]

    def table_of(self, verb: str) -> str:
        """The field of an act that names the council; empty for any other act."""
        return next((field for name, _, field in (item.partition(".") for item in self.tables) if name == verb), "")


class BatchRules(BaseModel):
    """How cases are gathered: where they join, and the acts and letters that are made once for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    joins: tuple[str, ...]
    submission: str
    decision: str
    letters: tuple[str, ...]


@cache
def council_rules() -> CouncilRules:
    """The rules of a compulsory council. Raises ValueError where they contradict the procedure."""
    return CouncilRules(**_content()["compulsory"])


@cache
def batch_rules() -> BatchRules:
    """The rules of a batch. Raises ValueError where they contradict the procedure."""
    return BatchRules(**_content()["batch"])


@cache
def _content() -> Mapping[str, dict[str, object]]:
    found: Mapping[str, dict[str, object]] = read_yaml(
        files("procedures").joinpath("councils.yaml").read_text(encoding="utf-8")
    )
    wrong = list(problems(CouncilRules(**found["compulsory"]), BatchRules(**found["batch"]), load()))  # type: ignore[arg-type]
    if wrong:
        raise ValueError("councils.yaml: " + "; ".join(wrong))
    return found


def problems(council: CouncilRules, batch: BatchRules, procedure: Procedure) -> Iterator[str]:
    """What of the rules names nothing of the procedure or of the law, one sentence each."""
    articles = [council.article, *(seat.article for seat in council.seats.values())]
    yield from (f"there is no rule {key}" for key in dict.fromkeys(articles) if key not in rules())
    for table in council.tables:
        verb, _, field = table.partition(".")
        need = procedure.verbs[verb].needs.get(field) if verb in procedure.verbs else None
        column = need.columns.get("seat") if need is not None else None
        if column is None:
            yield f"no act has a table {table} with seats"
        elif set(column.options) != set(council.seats):
            yield f"the seats of {table} are others: {', '.join(sorted(set(column.options) ^ set(council.seats)))}"
    yield from (f"there is no step {state}" for state in batch.joins if state not in procedure.states)
    for verb in (batch.submission, batch.decision):
        if verb not in procedure.verbs:
            yield f"there is no act {verb}"

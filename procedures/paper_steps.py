"""What papers that go out and come in are in the case, as data: procedures/papers.yaml."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from procedures.schema import Labelled, Part

DOCUMENT_FIELDS = frozenset({"received_on", "dated_on", "symbol", "summary", "from_body"})


class ServiceStep(Part):
    """A way of service that is a verb of the procedure for some letters; `takes` names its fields by the verb's."""

    letters: tuple[str, ...]
    verb: str
    takes: dict[str, str]


class IncomingKind(Labelled):
    """A kind of document that comes in, and the verb that it is."""

    verb: str
    answers: dict[str, dict[str, Any]] = {}
    each: dict[str, dict[str, tuple[str, ...]]] = {}
    fixed: dict[str, Any] = {}
    takes: dict[str, str] = {}

    def settled(self, template: str) -> Mapping[str, Any]:
        """The verb's fields that need not be asked when it answers that letter."""
        return {**self.fixed, **self.answers.get(template, {})}

    def parts(self, template: str) -> tuple[str, tuple[str, ...]]:
        """The field and its values by which several answer one letter; nothing when one answer is enough."""
        field, values = next(iter(self.each.get(template, {}).items()), ("", ()))
        return field, values


class Papers(Part):
    printed: frozenset[str]
    serving: dict[str, ServiceStep]
    incoming: dict[str, IncomingKind]
    due: tuple[str, ...]
    stuck: dict[str, int]

    def step_of(self, way: str, template: str) -> ServiceStep | None:
        """The verb that an attempt of service is, if it is one."""
        found = self.serving.get(way)
        return found if found is not None and template in found.letters else None

    def answer_to(self, template: str) -> str:
        """The kind of document that answers a letter; nothing when none is awaited."""
        return next((code for code, kind in self.incoming.items() if template in kind.answers), "")

    def awaited(self) -> list[str]:
        """The letters that ask for an answer."""
        return [template for kind in self.incoming.values() for template in kind.answers]

    def of_several(self) -> list[str]:
        """Those of them that several answer."""
        return [template for kind in self.incoming.values() for template in kind.each]


@cache
def papers() -> Papers:
    return Papers.model_validate(yaml.safe_load(files("procedures").joinpath("papers.yaml").read_text("utf-8")))

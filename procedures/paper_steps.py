"""Steps of the procedure recorded through letters sent and documents received: the section `papers` of its file."""

from collections.abc import Mapping
from typing import Any

from procedures.parts import Labelled, Part
from procedures.service_ways import ServiceWay, WayResult, ways_before_version_6

DOCUMENT_FIELDS = frozenset({"received_on", "dated_on", "symbol", "summary", "from_body"})


class ServiceStep(Part):
    """A way of service that records a verb for some letters; `takes` maps the verb's fields to those of the service."""

    letters: tuple[str, ...]
    verb: str
    takes: dict[str, str]


class IncomingKind(Labelled):
    """A kind of incoming document and the verb that it records."""

    verb: str
    answers: dict[str, dict[str, Any]] = {}
    each: dict[str, dict[str, tuple[str, ...]]] = {}
    fixed: dict[str, Any] = {}
    takes: dict[str, str] = {}

    def settled(self, template: str) -> Mapping[str, Any]:
        """Return the verb's fields with fixed values when the document answers that letter."""
        return {**self.fixed, **self.answers.get(template, {})}

    def parts(self, template: str) -> tuple[str, tuple[str, ...]]:
        """Return the field and its values that tell several answers to one letter apart; empty when one is enough."""
        field, values = next(iter(self.each.get(template, {}).items()), ("", ()))
        return field, values


class Papers(Part):
    """What papers that go out and come in are in a case.

    printed: letters that are published by a newspaper alone. issues: consecutive issues that publish a letter.
    ways: of service; without them those of versions 1 to 5. serving: by way of service, the step that it is.
    incoming: kinds of documents. due: fields of a letter that say by when an answer is asked for. stuck: days after
    which a letter counts as stuck, by place.
    """

    printed: frozenset[str] = frozenset()
    issues: int = 1
    ways: dict[str, ServiceWay] = {}
    serving: dict[str, ServiceStep] = {}
    incoming: dict[str, IncomingKind] = {}
    due: tuple[str, ...] = ()
    stuck: dict[str, int] = {}

    def all_ways(self) -> Mapping[str, ServiceWay]:
        return self.ways or ways_before_version_6()

    def way(self, name: str) -> ServiceWay | None:
        """Return a way of service, also one that the version does not offer and an earlier one had."""
        return self.ways.get(name) or ways_before_version_6().get(name)

    def result(self, way: str, result: str) -> WayResult | None:
        found = self.way(way)
        return found.results.get(result) if found else None

    def step_of(self, way: str, template: str) -> ServiceStep | None:
        """Return the verb that an attempt of service records; None if none."""
        found = self.serving.get(way)
        return found if found is not None and template in found.letters else None

    def answer_to(self, template: str) -> str:
        """Return the kind of document that answers a letter; empty when no answer is expected."""
        return next((code for code, kind in self.incoming.items() if template in kind.answers), "")

    def awaited(self) -> list[str]:
        """Return the letters that expect an answer."""
        return [template for kind in self.incoming.values() for template in kind.answers]

    def of_several(self) -> list[str]:
        """Return the letters that expect several answers."""
        return [template for kind in self.incoming.values() for template in kind.each]

"""Former names (`formerly`) of deadlines, terms, steps, states, fields and letters, resolved in both directions.

A case keeps facts and rows under the names that its version had when they were written. `names_of(procedure)` turns any
other name of a thing into the one that this version has: a former name that the version itself lists, and a name that
the text of this release lists as a former one. So facts of an older version fold under a newer one, facts of a newer
one under an older, and a letter or an unclear point of the law may name a deadline as this release does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from models.yaml_text import read_yaml
from procedures.facts import FactView
from procedures.schema import ByIdentity, FromField, Procedure

SHIPPED = "htx-hai-phong.yaml"
SECTIONS = ("deadlines", "terms", "states", "verbs", "letters")
OF_DEADLINES = ("deadlines", "extendable", "stoppable", "stopped", "waiting")  # options of a field that are deadlines
LETTER_FACTS = ("letter_issued", "letter_served", "letter_returned", "service_begun")
ACT_PREPARED = "act_prepared"
Family = frozenset[str]  # all names of one thing


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names of one version: by section, other name → the version's own.

    `terms` has those of deadlines too, since texts name both alike. `fields` and `coded` are by step: the fields that
    others call otherwise, and the fields whose values are names of a section.
    """

    deadlines: Mapping[str, str]
    terms: Mapping[str, str]
    states: Mapping[str, str]
    verbs: Mapping[str, str]
    letters: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]
    coded: Mapping[str, Mapping[str, Mapping[str, str]]]

    def fact(self, fact: FactView) -> FactView:
        """The fact by the names of this version; the same object where none differs."""
        kind = self.verbs.get(fact.kind, fact.kind)
        if kind in LETTER_FACTS:
            other = self.letters.get(str(fact.data.get("template")))
            return fact if other is None else replace(fact, data={**fact.data, "template": other})
        if kind == ACT_PREPARED:
            return self._prepared(fact)
        fields, coded = self.fields.get(kind), self.coded.get(kind)
        if kind == fact.kind and not fields and not coded:
            return fact
        data = {(fields or {}).get(name, name): value for name, value in fact.data.items()}
        for name, known in (coded or {}).items():
            if isinstance(value := data.get(name), str):
                data[name] = known.get(value, value)
        return replace(fact, kind=kind, data=data)

    def _prepared(self, fact: FactView) -> FactView:
        """A preparation names the act, its letter and the act's data."""
        act = self.fact(replace(fact, kind=str(fact.data["verb"]), data=fact.data["data"]))
        letter = str(fact.data["letter"])
        named = {"verb": act.kind, "letter": self.letters.get(letter, letter), "data": act.data}
        return fact if named == fact.data else replace(fact, data=named)

    def facts(self, listed: Iterable[FactView]) -> list[FactView]:
        return [self.fact(fact) for fact in listed]


def names_of(procedure: Procedure) -> OwnNames:
    """Return the names of a version."""
    return _names(ByIdentity(procedure))


def own_name(procedure: Procedure, section: str, name: str) -> str:
    """Return what the version calls a part of a section; the name itself where it knows no other."""
    return name if name in getattr(procedure, section) else getattr(names_of(procedure), section).get(name, name)


def all_names(procedures: Iterable[Procedure], section: str, names: Iterable[str]) -> frozenset[str]:
    """Return every name, current or former, that these versions and this release have for parts of a section.

    What a query of facts, letters or deadlines has to ask for: a row keeps the name that it was written under.
    """
    families = {*_shipped_families(section), *(own for item in procedures for own in _families(item, section))}
    found = frozenset(names)
    while more := frozenset(name for family in families if family & found for name in family - found):
        found |= more
    return found


def letter_name(name: str) -> str:
    """Return what this release calls a letter."""
    return next((current for current, names in _shipped()["letters"].items() if name in names), name)


@lru_cache(maxsize=64)
def _names(key: ByIdentity) -> OwnNames:
    procedure = key.procedure
    found = {section: _own(procedure, section) for section in SECTIONS}
    fields = {verb: renamed for verb in procedure.verbs if (renamed := _fields(procedure, verb))}
    coded = {verb: named for verb in procedure.verbs if (named := _coded(procedure, verb, found))}
    return OwnNames(**found, fields=fields, coded=coded)


def _own(procedure: Procedure, section: str) -> Mapping[str, str]:
    return _in_own_words(_defined(procedure, section), [*_families(procedure, section), *_shipped_families(section)])


def _in_own_words(known: Collection[str], families: Iterable[Family]) -> dict[str, str]:
    """Other name → own name, for the families of which the version knows one name."""
    found: dict[str, str] = {}
    for family in families:
        own = sorted(family & set(known))
        for other in family.difference(known) if len(own) == 1 else ():
            found.setdefault(other, own[0])
    return found


def _defined(procedure: Procedure, section: str) -> frozenset[str]:
    if section == "terms":
        return frozenset({*procedure.terms, *procedure.deadlines})
    if section == "letters":
        drafted = (name for verb in procedure.verbs.values() for name in verb.letters)
        papers = (paper.letter for verb in procedure.verbs.values() for paper in verb.takes_effect_by)
        awaited = (name for verb in procedure.verbs.values() for start in verb.starts for name in start.served)
        return frozenset({*drafted, *papers, *awaited})
    return frozenset(getattr(procedure, section))


def _families(procedure: Procedure, section: str) -> Iterator[Family]:
    parts = {**procedure.terms, **procedure.deadlines} if section == "terms" else getattr(procedure, section)
    yield from (frozenset({name, *part.formerly}) for name, part in parts.items() if part.formerly)


def _shipped_families(section: str) -> Iterator[Family]:
    sections = ("terms", "deadlines") if section == "terms" else (section,)
    yield from (names for part in sections for names in _shipped()[part].values())


def _fields(procedure: Procedure, verb: str) -> Mapping[str, str]:
    needs = procedure.verbs[verb].needs
    own = [frozenset({name, *need.formerly}) for name, need in needs.items() if need.formerly]
    family = next((names for names in _shipped()["verbs"].values() if verb in names), {verb})
    shipped = [names for name in sorted(family) for names in _shipped_fields().get(name, ())]
    return _in_own_words(needs, [*own, *shipped])


def _coded(procedure: Procedure, verb: str, found: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The fields whose value is the name of a deadline, or of the state that the step leads to."""
    item = procedure.verbs[verb]
    deadlines = [name for name, need in item.needs.items() if need.options_from in OF_DEADLINES]
    states = [name for name, need in item.needs.items() if need.options_from == "states"]
    if isinstance(item.to, FromField) and not item.to.map:
        states.append(item.to.field)
    named = ((deadlines, "deadlines"), (states, "states"))
    return {name: found[section] for fields, section in named if found[section] for name in fields}


@cache
def _shipped() -> Mapping[str, Mapping[str, Family]]:
    """By section, the parts of this release that had another name: all their names."""
    content = _shipped_text()
    return {
        section: {name: names for name, part in (content.get(section) or {}).items() if (names := _named(name, part))}
        for section in SECTIONS
    }


@cache
def _shipped_fields() -> Mapping[str, Sequence[Family]]:
    """By step of this release: its fields that had another name."""
    steps = _shipped_text()["verbs"].items()
    needs = {verb: [_named(name, need) for name, need in (part.get("needs") or {}).items()] for verb, part in steps}
    return {verb: known for verb, listed in needs.items() if (known := [names for names in listed if names])}


@cache
def _shipped_text() -> Mapping[str, Any]:
    """The text of this release as it is written: the loader, which needs these names, has not read it yet."""
    content: Mapping[str, Any] = read_yaml(files("procedures").joinpath(SHIPPED).read_text(encoding="utf-8"))
    return content


def _named(name: str, part: Mapping[str, Any]) -> Family:
    former = part.get("formerly") or ()
    return frozenset({name, *([former] if isinstance(former, str) else former)}) if former else frozenset()

"""What a letter's template may say of a case: the unit, the office, and the facts not annulled."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from casework.as_of import NOW
from casework.ledger import LoadedCase, load_cases
from casework.office.agencies import AgencyBook
from casework.office.communes import CommuneBook
from casework.office.plans import PlanBook
from casework.office.unit_communes import commune_of_case
from casework.sums.deadline_sums import explain_case
from correspondence.closing_rows import dossier_rows, not_handed_in
from correspondence.irregular_rows import irregular_rows
from correspondence.joint.annex_rows import (
    annex_row,
    batch_name,
    council_input,
    in_order,
    shared_cases,
    typed_values,
)
from correspondence.joint.listed_obstacles import listed_in, obstacle_row
from correspondence.prepared_acts import as_done
from correspondence.programme_figures import programme_figures
from letters.addresses import full_address
from letters.catalogue import LetterType
from letters.field_sources import CASE, COUNCIL, DEADLINE, EACH, FIGURES, LETTER, TERM
from letters.letter_input import DistrictInput, LetterInput, OfficerInput, SumInput
from letters.numbering import long_date, number_text
from models.letter_links import follows_in_case, of_case
from models.places import CommuneName, district_full_name
from models.tables import districts, letter_rows, officers
from procedures.facts import ClockState, FactView
from procedures.former_names import all_names, letter_name, own_name
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import derive
from procedures.named_terms import terms_of
from procedures.state_machine.fold import valid_facts
from rulebook.office_calendar import calendars_of, office_of
from rulebook.shipped import by_names_of_release, ways_of_dissolution
from templates.short_names import full_name

_CITY = "thành phố Hải Phòng"
_KINDS = {
    "htx": "Hợp tác xã",
    "lien_hiep": "Liên hiệp hợp tác xã",
    "to_hop_tac": "Tổ hợp tác",
    "quy_tin_dung": "Quỹ tín dụng nhân dân",
}
_STATUTORY = ("legal", "period")
_TITLES = ("ông", "bà")
PAPER = "paper"  # in the data of an act that took effect by a paper: its symbol and day
_UNIT_DATES = ("certificate_on", "founded_on", "last_meeting_on", "stopped_on")


class LetterData:
    """The data of letters about cases; the names of places and people are read once for all of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._calendars: dict[str | None, Calendars] = {}
        self._communes: dict[str, CommuneBook] = {}

    def of(
        self,
        loaded: LoadedCase,
        fact_seq: int | None,
        extra: Mapping[str, Any],
        kind: LetterType | None = None,
        *,
        on: date | None = None,
    ) -> LetterInput:
        """For the fact that the letter follows from; `extra` is what was typed.

        `kind`: what its fields are taken from besides the acts is read too. `on`: the day of the letter, from which a
        clock is counted that its own act will start.
        """
        row = loaded.row
        commune = commune_of_case(self._connection, self._communes_of(row["district_code"]), loaded)
        office = row["district_code"] if row["level"] == "district" else None
        return {
            "unit": self._unit(loaded, commune),
            "commune": commune,
            "agencies": self._agencies.names(office),
            "plans": self._plans.cited_by(office),
            "case": {"ref": row["ref"], "opened_on": row["opened_on"], "level": row["level"], "state": row["state"]},
            "district": self._districts[row["district_code"]],
            "city": "Hải Phòng",
            "officer": self._officers.get(row["officer_id"], {"name": "", "title": ""}),
            "way": way_of(loaded.facts, fact_seq),
            "facts": facts_by_verb(loaded, fact_seq)
            | {
                EACH: every_fact(loaded, fact_seq),
                CASE: case_words(loaded) | self._irregular(loaded) | self._closing(loaded, kind),
                **(self._asked_for(loaded, fact_seq, kind, on) if kind else self._council(row["id"], on)),
            },
            "sums": self._sums(loaded) if kind and kind.sums else (),
            "terms": terms_of(loaded.procedure),
            "extra": dict(extra),
        }

    def _asked_for(
        self, loaded: LoadedCase, fact_seq: int | None, kind: LetterType, on: date | None
    ) -> dict[str, dict[str, Any]]:
        """The sources that only some letters have, read for those alone."""
        found: dict[str, dict[str, Any]] = {LETTER: dict(self._numbers(loaded, fact_seq, kind.quoted))}
        if kind.names_council:
            found |= self._council(loaded.row["id"], on)
        if kind.deadlines:
            found[DEADLINE] = self._ends(loaded, kind.deadlines)
        if kind.own_terms and on:
            found[TERM] = self._ends(loaded, kind.own_terms, on)
        if kind.has_figures and on:
            found[FIGURES] = programme_figures(self._connection, office_of(loaded.row), on)
        return found

    def of_batch(self, letter_id: int, batch_id: int) -> dict[str, Any]:
        """The cases of a joint letter as its annex lists them."""
        rows = self.annex(list(shared_cases(self._connection, letter_id)), batch_id)
        return {"cases": rows, "name": batch_name(self._connection, batch_id)}

    def of_obstacles(self, letter_id: int) -> dict[str, Any]:
        """The obstacles that a letter to the body which lifts them lists, as its annex has them."""
        listed = listed_in(self._connection, letter_id)
        loaded = load_cases(self._connection, list(dict.fromkeys(item.case_id for item in listed)))
        units = {case_id: self.printed_unit(case) for case_id, case in loaded.items()}
        return {"cases": [obstacle_row(item, units[item.case_id]) for item in listed]}

    def printed_unit(self, loaded: LoadedCase) -> dict[str, Any]:
        """The unit of a case by the names used in templates."""
        communes = self._communes_of(loaded.row["district_code"])
        return self._unit(loaded, commune_of_case(self._connection, communes, loaded))

    def annex(self, case_ids: Sequence[int], batch_id: int) -> list[dict[str, Any]]:
        """Cases of a batch as an annex lists them."""
        typed = typed_values(self._connection, batch_id)
        rows = []
        for loaded in in_order(self._connection, case_ids):
            communes = self._communes_of(loaded.row["district_code"])
            commune = commune_of_case(self._connection, communes, loaded)
            unit = self._unit(loaded, commune)
            rows.append(annex_row(loaded, unit, str(commune or ""), typed.get(loaded.row["id"], {})))
        return rows

    def _council(self, case_id: int, on: date | None) -> dict[str, dict[str, Any]]:
        found = council_input(self._connection, case_id, on) if on is not None else {}
        return {COUNCIL: found} if found else {}

    def _irregular(self, loaded: LoadedCase) -> dict[str, Any]:
        found = irregular_rows(loaded, self._names) if loaded.state.irregularities else []
        return {"irregularities": found} if found else {}

    def _closing(self, loaded: LoadedCase, kind: LetterType | None) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        if kind is not None and "papers" in kind.of_case:
            asked["papers"] = dossier_rows(self._connection, loaded)
        if kind is not None and "not_handed_in" in kind.of_case:
            asked["not_handed_in"] = not_handed_in(self._connection, loaded.row["ref"])
        return {name: rows for name, rows in asked.items() if rows}

    def _sums(self, loaded: LoadedCase) -> tuple[SumInput, ...]:
        explained = explain_case(self._connection, loaded, lang="vi", at=NOW)
        return tuple(
            {
                "key": item.key, "label": item.label, "starts_on": item.starts_on, "ends_on": item.ends_on,
                "statutory": item.kind in _STATUTORY, "stands": item.status in ("open", "waiting"),
                "edition": item.edition,
                "lines": tuple(
                    {"text": line.text, "article": line.key, "on": line.from_on} for line in item.sentences
                ),
            }
            for item in explained
        )  # fmt: skip

    def _unit(self, loaded: LoadedCase, commune: CommuneName | None) -> dict[str, Any]:
        """The unit as it was when the case was opened."""
        known = loaded.state.unit
        unit = {name: value for name, value in known.items() if value not in ("", None) and name != "commune"}
        unit |= {name: date.fromisoformat(known[name]) for name in _UNIT_DATES if known.get(name)}
        empty = dict.fromkeys(
            (
                "address", "certificate_number", "certificate_on", "certificate_issuer", "tax_code",
                "representative", "phone", "members", "charter_capital", "tax_debt", "last_meeting_on", "stopped_on",
            )
        )  # fmt: skip
        district = self._districts[loaded.row["district_code"]]
        within = (str(commune or ""), district["full_name"], _CITY)
        address = str(known.get("address") or "").strip()
        return empty | unit | {
            "name": full_name(loaded.row["unit_name"]),
            "kind_label": _KINDS.get(str(known.get("kind")), "Hợp tác xã"),
            "address": full_address(address, within) if address else None,
            "district": district["name"],
            **_representative(str(known.get("representative") or "")),
        }  # fmt: skip

    def _numbers(self, loaded: LoadedCase, fact_seq: int | None, quoted: Collection[str]) -> dict[str, str]:
        """`05/QĐ-UBND ngày 08 tháng 3 năm 2016` of the case's own letters, as far as their facts are those shown."""
        if not quoted:
            return {}
        found = dict(papers_of_acts(loaded, fact_seq))
        columns = letter_rows.c
        asked = {name: letter for letter in quoted for name in all_names((loaded.procedure,), "letters", [letter])}
        own = of_case(loaded.row["id"]), columns.template.in_(asked), columns.number.is_not(None)
        follows = follows_in_case(loaded.row["id"]).label("follows")
        listed = select(letter_rows, follows).where(*own, columns.status != "cancelled")
        listed = listed.order_by(columns.issued_on, columns.id)
        shown = {fact.seq for fact in _shown(loaded, fact_seq).values()}
        return found | {
            asked[row["template"]]: f"{number_text(row['number'])}/{row['symbol']} {long_date(row['issued_on'])}"
            for row in self._connection.execute(listed).mappings()
            if row["follows"] is None or row["follows"] in shown
        }

    def _ends(self, loaded: LoadedCase, keys: Collection[str], on: date | None = None) -> dict[str, date]:
        """The last days of clocks of the case; with `on` as if they started on that day."""
        office = office_of(loaded.row)
        if office not in self._calendars:
            self._calendars[office] = calendars_of(self._connection, office)
        found = {}
        own = {key: own_name(loaded.procedure, "deadlines", key) for key in keys}
        for key, name in own.items():
            if name not in loaded.procedure.deadlines:
                continue
            clock = ClockState(name, on, loaded.state.seq, on) if on else loaded.state.clocks.get(name)
            if clock is None or clock.status == "dropped":
                continue
            ends_on = derive(loaded.procedure, loaded.state, clock, self._calendars[office]).ends_on
            if ends_on is not None:
                found[key] = ends_on
        return found

    def _communes_of(self, district: str) -> CommuneBook:
        if district not in self._communes:
            self._communes[district] = CommuneBook(self._connection, district)
        return self._communes[district]

    @cached_property
    def _agencies(self) -> AgencyBook:
        return AgencyBook(self._connection)

    @cached_property
    def _plans(self) -> PlanBook:
        return PlanBook(self._connection)

    @cached_property
    def _districts(self) -> dict[str, DistrictInput]:
        found = self._connection.execute(select(districts.c.code, districts.c.kind, districts.c.name)).tuples()
        return {code: {"name": name, "full_name": district_full_name(kind, name)} for code, kind, name in found}

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(self._connection.execute(select(officers.c.login, officers.c.name)).tuples().all())

    @cached_property
    def _officers(self) -> dict[int | None, OfficerInput]:
        found = self._connection.execute(select(officers.c.id, officers.c.name, officers.c.title)).tuples()
        return {number: {"name": name, "title": title} for number, name, title in found}


def _representative(name: str) -> dict[str, Any]:
    """Name and title apart: registers write `Ông Nguyễn Văn A`; where they do not, letters say `ông (bà)`."""
    title, _, rest = name.strip().partition(" ")
    known = title.lower().rstrip(":.")
    if known in _TITLES and rest.strip():
        return {"representative": rest.strip(), "representative_title": known}
    return {"representative": name.strip() or None, "representative_title": "ông (bà)"}


def way_of(listed: Sequence[FactView], fact_seq: int | None = None) -> str:
    """How the unit is dissolved as of a fact: `voluntary`, `compulsory`, or not at all."""
    facts = by_names_of_release(listed)
    shown = (as_done(fact) if fact.seq == fact_seq else fact for fact in valid_facts(facts))
    known = [fact.kind for fact in shown if fact_seq is None or fact.seq <= fact_seq]
    ways = ways_of_dissolution()
    return next((ways[kind] for kind in reversed(known) if kind in ways), "")


def facts_by_verb(loaded: LoadedCase, fact_seq: int | None) -> dict[str, dict[str, Any]]:
    """What was recorded, the latest of each verb; for the verb the letter follows from, that very fact.

    A resolution or a decision that the other way of dissolving has overtaken is left out.
    """
    return {kind: _fact(fact) for kind, fact in _shown(loaded, fact_seq).items()}


def every_fact(loaded: LoadedCase, fact_seq: int | None) -> dict[str, list[dict[str, Any]]]:
    """All valid facts of each verb since the unit was last resolved or decided to be dissolved, else of the case."""
    facts = valid_facts(by_names_of_release(loaded.facts))
    valid = [fact for fact in facts if fact_seq is None or fact.seq <= fact_seq]
    begun = max((fact.seq for fact in valid if fact.kind in ways_of_dissolution()), default=0)
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in (fact for fact in valid if fact.seq > begun):
        found.setdefault(fact.kind, []).append(_fact(fact))
    return found


def papers_of_acts(loaded: LoadedCase, fact_seq: int | None) -> Iterator[tuple[str, str]]:
    """Yield the letter by which an act took effect with the number and day that the act records of it."""
    for fact in _shown(loaded, fact_seq).values():
        paper = fact.data.get(PAPER)
        if isinstance(paper, Mapping):
            yield (
                letter_name(str(paper["letter"])),
                f"{paper['symbol']} {long_date(date.fromisoformat(str(paper['on'])))}",
            )


def case_words(loaded: LoadedCase) -> dict[str, str]:
    """What the fold of the case says, in the words of its version."""
    outcome = loaded.procedure.outcomes.get(loaded.state.outcome or "")
    code = loaded.state.outcome or ""
    return {"outcome": _lowered(outcome.label["vi"]), "outcome_code": code} if outcome else {}


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _shown(loaded: LoadedCase, fact_seq: int | None) -> dict[str, FactView]:
    facts = by_names_of_release(loaded.facts)
    found = {fact.kind: fact for fact in valid_facts(facts)}
    followed = (as_done(fact) for fact in facts if fact.seq == fact_seq)
    found |= {fact.kind: fact for fact in followed}
    way, ways = way_of(loaded.facts, fact_seq), ways_of_dissolution()
    return {kind: fact for kind, fact in found.items() if not way or ways.get(kind, way) == way}


def _fact(fact: FactView) -> dict[str, Any]:
    return {"on": fact.occurred_on, "by": fact.by, **fact.data}

"""What a letter's template may say of a case: the unit, the office, and the facts not annulled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from casework.as_of import NOW
from casework.ledger import LoadedCase
from casework.office.agencies import AgencyBook
from casework.office.communes import CommuneBook
from casework.office.plans import PlanBook
from casework.office.unit_communes import commune_of_case
from casework.sums.deadline_sums import explain_case
from correspondence.prepared_acts import as_done
from letters.addresses import full_address
from letters.letter_input import DistrictInput, LetterInput, OfficerInput, SumInput
from letters.numbering import long_date, number_text
from models.letter_links import of_case
from models.places import CommuneName, district_full_name
from models.tables import districts, letter_rows, officers
from procedures.facts import FactView
from procedures.named_terms import terms_of
from procedures.state_machine.fold import valid_facts
from rulebook.shipped import by_names_of_release

_CITY = "thành phố Hải Phòng"
_KINDS = {
    "htx": "Hợp tác xã",
    "lien_hiep": "Liên hiệp hợp tác xã",
    "to_hop_tac": "Tổ hợp tác",
    "quy_tin_dung": "Quỹ tín dụng nhân dân",
}
_STATUTORY = ("legal", "period")
_TITLES = ("ông", "bà")
_DISSOLVING = {"resolve_dissolution": "voluntary", "decide_dissolution": "compulsory"}
_UNIT_DATES = ("certificate_on", "founded_on", "last_meeting_on", "stopped_on")


class LetterData:
    """The data of letters about cases; the names of places and people are read once for all of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(
        self,
        loaded: LoadedCase,
        fact_seq: int | None,
        extra: Mapping[str, Any],
        quoted: Collection[str] = (),
        *,
        sums: bool = False,
    ) -> LetterInput:
        """For the fact that the letter follows from; `extra` is what was typed, `quoted` the letters it cites.

        `sums`: with how the dates of the case were reached.
        """
        row, commune = loaded.row, commune_of_case(self._connection, self._communes, loaded)
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
            "facts": facts_by_verb(loaded, fact_seq) | {"letter": self._numbers(loaded, fact_seq, quoted)},
            "sums": self._sums(loaded) if sums else (),
            "terms": terms_of(loaded.procedure),
            "extra": dict(extra),
        }

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
            "name": loaded.row["unit_name"],
            "kind_label": _KINDS.get(str(known.get("kind")), "Hợp tác xã"),
            "address": full_address(address, within) if address else None,
            "district": district["name"],
            **_representative(str(known.get("representative") or "")),
        }  # fmt: skip

    def _numbers(self, loaded: LoadedCase, fact_seq: int | None, quoted: Collection[str]) -> dict[str, str]:
        """`05/QĐ-UBND ngày 08 tháng 3 năm 2016` of the case's own letters, as far as their facts are those shown."""
        if not quoted:
            return {}
        columns = letter_rows.c
        own = of_case(loaded.row["id"]), columns.template.in_(quoted), columns.number.is_not(None)
        listed = select(letter_rows).where(*own, columns.status != "cancelled").order_by(columns.issued_on, columns.id)
        shown = {fact.seq for fact in _shown(loaded, fact_seq).values()}
        return {
            row["template"]: f"{number_text(row['number'])}/{row['symbol']} {long_date(row['issued_on'])}"
            for row in self._connection.execute(listed).mappings()
            if row["fact_seq"] is None or row["fact_seq"] in shown
        }

    @cached_property
    def _communes(self) -> CommuneBook:
        return CommuneBook(self._connection)

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
    return next((_DISSOLVING[kind] for kind in reversed(known) if kind in _DISSOLVING), "")


def facts_by_verb(loaded: LoadedCase, fact_seq: int | None) -> dict[str, dict[str, Any]]:
    """What was recorded, the latest of each verb; for the verb the letter follows from, that very fact.

    A resolution or a decision that the other way of dissolving has overtaken is left out.
    """
    return {kind: _fact(fact) for kind, fact in _shown(loaded, fact_seq).items()}


def _shown(loaded: LoadedCase, fact_seq: int | None) -> dict[str, FactView]:
    facts = by_names_of_release(loaded.facts)
    found = {fact.kind: fact for fact in valid_facts(facts)}
    followed = (as_done(fact) for fact in facts if fact.seq == fact_seq)
    found |= {fact.kind: fact for fact in followed}
    way = way_of(loaded.facts, fact_seq)
    return {kind: fact for kind, fact in found.items() if not way or _DISSOLVING.get(kind, way) == way}


def _fact(fact: FactView) -> dict[str, Any]:
    return {"on": fact.occurred_on, "by": fact.by, **fact.data}

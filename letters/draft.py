"""Drafts a letter from its template and input: legal bases as of its day, blanks for missing values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from jinja2.exceptions import TemplateError as JinjaError

from letters.bases import joined_citations
from letters.blanks import UNIT, Blanks, lacks, missing_of, unexplained, with_typed_unit
from letters.catalogue import LetterType, TemplateError, chosen_by, letter_type
from letters.field_sources import counts_its_day, value_of
from letters.filling import compiled
from letters.issuing_bodies import Body
from letters.letter_input import LetterInput
from letters.letter_names import addressees_of, level_of, names_of, own_body, place_of, sits_in_commune
from letters.marks import MARKS, stamped
from letters.markup import MarkupError, literal, plain_text, read_body, runs
from letters.numbering import BLANK, FORM_BLANK, NUMBERED_TYPES, series_of
from letters.office_data import COMMUNE, PLAN, MissingData, Names
from letters.output.layouts import standard_on
from letters.programme_plan import PLANS, Plan
from letters.remedy_names import settlers_of
from letters.tree import Appendix, Block, Letter, Missing, Table, Unverified
from models.errors import NotFound, Refused
from procedures.law.remedies import remedy_sentences
from procedures.law.rules import Citation, cite, law_of, version_of
from procedures.named_terms import NamedTerms

AUTHORITIES = ("", "KT", "TL", "TUQ", "Q")
NO_POSTS = ("phó phụ trách", "phó thường trực")  # not allowed in signatures (Circular 01/2011 art. 12)
DECIDES = {"NQ": "QUYẾT NGHỊ:"}
FOR_REPORT, COMMITTEE = " (để b/c)", "Ủy ban nhân dân"


@dataclass(frozen=True, slots=True)
class Signer:
    """The signer. `authority`: empty for the head, KT a deputy, TL by order, TUQ by delegation, Q an acting head."""

    name: str = ""
    authority: str = ""
    post: str = ""  # the signer's post, required with TL and TUQ


def draft(
    name: str,
    data: LetterInput,
    on: date,
    *,
    signer: Signer | None = None,
    cleared: frozenset[str] = frozenset(),
) -> Letter:
    """Draft the letter of type `name` as of the day `on`.

    Args:
        name: name of the template, e.g. `receipt_note`.
        data: the data of the case.
        on: date of the letter, which decides layout and versions of cited law.
        signer: None shows the head's post without a name.
        cleared: keys of recalled citations that a person has checked; other recalled ones are omitted.

    Raises:
        NotFound: an unknown template.
        TemplateError: the template cannot be filled.
        Refused: the signature has no lawful form, or a cited law is not in force on that day.
    """
    kind = letter_type(name)
    return draft_of(kind, data, on, signer=signer, cleared=cleared)


def draft_of(
    kind: LetterType,
    data: LetterInput,
    on: date,
    *,
    signer: Signer | None = None,
    cleared: frozenset[str] = frozenset(),
) -> Letter:
    """Like `draft`, for a LetterType that need not be in the catalogue."""
    data = with_typed_unit(kind, data)
    missing_data = MissingData()
    names = Names(names_of(kind, data), data, missing_data)
    own, by = own_body(kind, data), signer or Signer()
    filling = _Filling(kind, data, on, cleared, names, missing_data, form=kind.incoming or not own.is_ours)
    if data["commune"] is None and (sits_in_commune(kind, data) or "unit.address" in kind.body):
        missing_data(COMMUNE)
    bases = filling.bases()
    text, appendices = filling.body()
    body = (*bases, *text)
    names["last_article"] = str(sum(isinstance(block, Block) and block.kind == "article" for block in body) or 1)
    names["f"] = filling.typed()
    letter = Letter(
        template=kind.name,
        standard=standard_on(on),
        on=on,
        **_heading(kind, data, names, stamped(data["extra"].get(MARKS, {}))),
        summary=plain_text(filling.render(kind.summary)),
        **_sent_to(kind, data, names, filling.fields),
        body=body,
        appendices=appendices,
        **_signature(kind, data, by, filling),
        missing=filling.gaps(),
        unverified=tuple(Unverified(key, item.text_vi, item.source) for key, item in filling.unverified.items()),
        cited=dict(filling.printed),
        form=filling.form,
        counts_its_day=any(counts_its_day(data, name, field) for name, field in kind.fields.items()),
    )
    return letter if letter.form or letter.missing else replace(letter, missing=unexplained(letter))


def _sent_to(
    kind: LetterType, data: LetterInput, names: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Cells 9a and 9b."""
    received = (*kind.recipients, *chosen_by(kind.recipients_by, fields))
    receivers = tuple(text.removesuffix(FOR_REPORT) for text in _addressed(kind.addressees, names, data))
    filed = f"Lưu: {own_body(kind, data).files}"
    return {"addressees": receivers, "recipients": (*_received(received, receivers, names, data), filed)}


def _heading(
    kind: LetterType, data: LetterInput, names: Mapping[str, Any], stamps: Mapping[str, str]
) -> dict[str, Any]:
    """The cells above the text."""
    own = own_body(kind, data)
    return {
        "type_code": kind.abbreviation,
        "symbol": symbol_of(kind, own),
        "series": series_of(kind.abbreviation, stamps.get("secrecy", "")),
        "parent": own.parent.format_map(names),
        "issuer": own.issuer.format_map(names),
        "author": names["own"],
        "place": place_of(kind, data),
        "type_name": NUMBERED_TYPES[kind.type],
        **stamps,
    }


def _signature(kind: LetterType, data: LetterInput, by: Signer, filling: "_Filling") -> dict[str, Any]:
    """Who signs: of minutes those who attended, else the head of the body or whom the case names."""
    attended = filling.signers()
    if attended:
        *others, (capacity, name) = attended
        return {
            "authority": (capacity.upper(),), "signer": name, "second_signer": others[0] if others else None,
            "co_signers": tuple(others[1:]),
        }  # fmt: skip
    own = own_body(kind, data)
    named = "" if by.authority else own.named_signer(data["facts"])
    return {
        "authority": authority_lines(own, by, by_head=kind.by_head),
        "signer": named or by.name or _own_signer(kind, data),
        "second_signer": (plain_text(filling.render(kind.second_signer)), "") if kind.second_signer else None,
    }


def symbol_of(kind: LetterType, body: Body) -> str:
    """Return the symbol: `QĐ-UBND`; of a công văn `UBND-TCKH`, or the issuer alone when it is the drafting unit."""
    if kind.abbreviation:
        return f"{kind.abbreviation}-{body.code}"
    return body.code if body.unit == body.code else f"{body.code}-{body.unit}"


def authority_lines(body: Body, signer: Signer, *, by_head: bool = False) -> tuple[str, ...]:
    """Return cell 7a: the collective where there is one, then the form of authority, then the post.

    Raises Refused: an unknown form of authority, TL. or TUQ. without a post, or a post that is not allowed.
    """
    if signer.authority not in AUTHORITIES:
        raise Refused("no_such_authority", authority=signer.authority, known=", ".join(filter(None, AUTHORITIES)))
    collective = [body.collective] if body.collective and not by_head else []
    *before, head = body.heads
    lines = [*collective, *before]
    post = signer.post.upper()
    if signer.authority in ("TL", "TUQ") and (not post or any(words in post.lower() for words in NO_POSTS)):
        raise Refused("no_such_post", authority=f"{signer.authority}.", post=signer.post)
    return {
        "": (*lines, head),
        "Q": (*lines, f"Q. {head}"),
        "KT": (*lines, f"KT. {head}", body.deputy),
        "TL": (f"TL. {head}", post),
        "TUQ": (f"TUQ. {head}", post),
    }[signer.authority]


def _own_signer(kind: LetterType, data: LetterInput) -> str:
    """The representative of the cooperative, who signs its own documents; empty when unknown."""
    return str(data["unit"].get("representative") or "") if kind.issuer == "cooperative" else ""


def _addressed(keys: tuple[str, ...], names: Mapping[str, Any], data: LetterInput) -> tuple[str, ...]:
    """The addressees of a level, each once, without the issuer itself."""
    texts = (text for key in keys for text in addressees_of(key, names, data))
    return tuple(dict.fromkeys(text for text in texts if text != names["own"]))


def _received(
    keys: tuple[str, ...], addressees: tuple[str, ...], names: Mapping[str, Any], data: LetterInput
) -> tuple[str, ...]:
    """Cell 9b, the recipients, without the addressees where the template has "Như trên"."""
    above = addressees if "as_above" in keys else ()
    listed = ((text, text.removesuffix(FOR_REPORT)) for text in _addressed(keys, names, data))
    return tuple(_short(text) for text, whom in listed if whom not in above and whom != names["own"])


def _short(text: str) -> str:
    """The short name of a committee in lists of recipients."""
    return f"UBND{text.removeprefix(COMMITTEE)}" if text.startswith(COMMITTEE) else text


@dataclass
class _Filling:
    """Fills one template and collects missing fields and unverified citations.

    form: a form for another party, with longer blanks. printed: text of each citation in the letter, by key.
    """

    kind: LetterType
    data: LetterInput
    on: date
    cleared: frozenset[str]
    names: Mapping[str, Any]
    missing_data: MissingData
    form: bool = False
    blanks: Blanks = field(default_factory=Blanks)
    missing: list[Missing] = field(default_factory=list)
    unverified: dict[str, Citation] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    plans: set[str] = field(default_factory=set)

    @property
    def _terms(self) -> NamedTerms:
        return self.data["terms"]

    def bases(self) -> list[Block]:
        """The deciding body's competence, then the verified bases, one per line; recalled ones are omitted."""
        later = (key for key in self.kind.later_bases if self._in_force(key))
        cited = [
            (law_of(key), text)
            for key in (*self.kind.bases, *chosen_by(self.kind.bases_by, self.fields), *later)
            if (text := self.cited(key)) is not None
        ]
        lines = [f"Căn cứ {text}" for text in joined_citations(cited)]
        if self.kind.proposer:
            lines.append(plain_text(self.render(self.kind.proposer)))
        last = "." if standard_on(self.on).startswith("nd30") or not self.kind.decides else ","
        ended = [f"{line}{last if place == len(lines) - 1 else ';'}" for place, line in enumerate(lines)]
        found = [Block("basis", runs(literal(line))) for line in ended]
        if not self.kind.decides:
            return found
        decides = DECIDES.get(self.kind.type, "QUYẾT ĐỊNH:")
        return [Block("decider", runs(literal(self._decider()))), *found, Block("decides", runs(decides))]

    def _decider(self) -> str:
        body = own_body(self.kind, self.data)
        line = (self.kind.by_head and body.chair_decides_as) or body.decides_as
        if not line:
            raise TemplateError(f"{self.kind.name}: {body.key} takes no decisions (decides_as in bodies.yaml)")
        return line.format_map(self.names)

    def signers(self) -> list[tuple[str, str]]:
        """Those who attended and sign the minutes, with their capacity, in the order of the template."""
        lines = (line.strip() for line in self.render(self.kind.signers).splitlines())
        parts = (line.partition(" | ") for line in lines if line)
        return [(plain_text(capacity), plain_text(name)) for capacity, _, name in parts]

    def body(self) -> tuple[tuple[Block | Table, ...], tuple[Appendix, ...]]:
        try:
            return read_body(self.render(self.kind.body))
        except MarkupError as error:
            raise TemplateError(f"{self.kind.name}: {error}") from error

    def render(self, text: str) -> str:
        try:
            return compiled(text).render(self._context())
        except (JinjaError, TypeError, ValueError, LookupError) as error:
            raise TemplateError(f"{self.kind.name}: {error}") from error

    def cited(self, key: str, on: date | None = None) -> str | None:
        """The text of a citation, or None when it must not print (recorded). A law is cited in full once.

        The version is that of the letter's day, or of the day `on`. A plan is cited with the number that the office
        entered; a required one that is missing is recorded.
        """
        if key in PLANS:
            return self._plan(key)
        found = self._version(key, on or self.on)
        if not self._may_print(found):
            self.unverified[key] = found
            return None
        law = law_of(key)
        named = any(law_of(other) == law for other in self.printed)
        self.printed[key] = found.text_vi
        return self._again(found, law) if named else self._in_full(found, law)

    def _plan(self, key: str) -> str | None:
        plan: Plan | None = self.data["plans"].get(key)
        if plan is None or plan.signed_on > self.on:
            if PLANS[key]:
                self.missing_data(PLAN)
            return None
        again = key in self.plans
        self.plans.add(key)
        return plan.cited(again=again)

    def _again(self, found: Citation, law: str) -> str:
        return (found.short_vi or found.text_vi) if found.key == law else found.text_vi

    def _in_full(self, found: Citation, law: str) -> str:
        """`Điều 49 Luật Hợp tác xã năm 2012` with number and date of the law, where the law itself may print."""
        if found.key == law:
            return found.text_vi
        whole = version_of(law, self.on)
        if whole is None or not whole.short_vi or not self._may_print(whole):
            return found.text_vi
        return found.text_vi.replace(whole.short_vi, whole.text_vi, 1)

    def _version(self, key: str, on: date) -> Citation:
        try:
            return cite(key, on)
        except NotFound:
            raise TemplateError(f"{self.kind.name}: there is no rule {key}") from None

    def _in_force(self, key: str, on: date | None = None) -> bool:
        return version_of(key, on or self.on) is not None

    def _may_print(self, found: Citation) -> bool:
        return found.confidence == "verified" or found.key in self.cleared

    def _context(self) -> dict[str, Any]:
        return {
            **self.data,
            "htx": str(self.data["unit"].get("kind_label") or "hợp tác xã").lower(),
            "f": self.fields,
            "names": self.names,
            "settlers": settlers_of(self.kind, level_of(self.data), self.names, self.on),
            "law": lambda key: self.cited(key) or BLANK,
            "article": lambda key, on: (self._in_force(key, on) and self.cited(key, on)) or "",
            "in_force": self._in_force,
            "term": lambda key, form="": self._terms.words(key, "vi", form, official=True),
            "day": self._terms.day,
            "on": self.on,
            "has": self._has,
            "remedy": self._remedy,
            "blank": FORM_BLANK if self.form else BLANK,
            "blanks": self.blanks,
        }

    def _remedy(self, paper: str, who: str, which: str = "first") -> str:
        """What may be done against the letter: by whom, with whom and until when; see procedures/law/remedies.yaml."""
        text = compiled(remedy_sentences()[which]).render(self._context() | {"paper": paper, "who": who})
        return plain_text(text)

    def _has(self, name: str) -> bool:
        """Whether a sentence with this value prints: there is one, or nobody said yet that there is none."""
        unit = name.removeprefix(UNIT) if name.startswith(UNIT) else ""
        value = self.data["unit"].get(unit) if unit else self.fields[name]
        return value not in (None, "") or not lacks(self.kind, self.data["extra"], name)

    def gaps(self) -> tuple[Missing, ...]:
        """What the filled letter lacks; nothing of a form, which others fill in by hand."""
        found = list(self.missing) if self.form else self._missing()
        return (*found, *self.missing_data.missing)

    def _missing(self) -> tuple[Missing, ...]:
        return missing_of(self.kind, self.missing, self.blanks, self.unverified, self.fields)

    def typed(self) -> dict[str, str]:
        """The fields as text, for addressees given by a field: `{f[agency]}`."""
        texts = {name: plain_text(literal(value or BLANK)) for name, value in self.fields.items()}
        return {name: text[:1].upper() + text[1:] for name, text in texts.items()}

    @cached_property
    def fields(self) -> dict[str, Any]:
        found = {}
        for name, kind in self.kind.fields.items():
            value = value_of(self.data, name, kind)
            if value is None and kind.required and not lacks(self.kind, self.data["extra"], name):
                self.missing.append(Missing(name, kind.label))
            if kind.type == "table":
                value = [dict.fromkeys(kind.columns) | dict(row) for row in value or []]
            found[name] = self._day(value) if kind.type == "date" and isinstance(value, str) else value
        return found

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise TemplateError(f"{self.kind.name}: {error}") from error

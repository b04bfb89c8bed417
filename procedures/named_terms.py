"""The terms of one procedure version by key, and texts with placeholders for them: `{{ term('council_term') }}`.

Keys of `term`:
  KEY          a deadline that has a term, or an entry of `terms`
  KEY.longest  a deadline's term with its cap, where both have one unit (30 days and a cap of 15: 45 days)
  grounds.KEY  how long a ground of compulsory dissolution has to last
Keys of `day`: the fixed dates of `programme`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from models.errors import WrongInput
from procedures.former_names import names_of
from procedures.legal_time.term_words import in_words
from procedures.legal_time.terms import Term
from procedures.schema import Procedure

CONSECUTIVE = "consecutive"
FORMS = ("", CONSECUTIVE)
_PLACEHOLDER = re.compile(r"""\{\{\s*(term|day)\(\s*(['"])([\w.]+)\2\s*(?:,\s*(['"])(\w+)\4\s*)?\)\s*\}\}""")


class UnknownTerm(LookupError):
    """A text names a term, date or form that the procedure does not define."""

    def __init__(self, found: str, known: Mapping[str, object] | tuple[str, ...]) -> None:
        self.found, self.known = found, ", ".join(sorted(filter(None, known)))
        super().__init__(f"unknown term {found}; known: {self.known}")


@dataclass(frozen=True, slots=True)
class NamedTerms:
    """The terms and fixed dates of one procedure version."""

    spans: Mapping[str, Term]
    days: Mapping[str, date]

    def span(self, key: str) -> Term:
        """Return a term. Raises UnknownTerm."""
        if key not in self.spans:
            raise UnknownTerm(key, self.spans)
        return self.spans[key]

    def day(self, key: str) -> date:
        """Return a fixed date of the programme. Raises UnknownTerm."""
        if key not in self.days:
            raise UnknownTerm(key, self.days)
        return self.days[key]

    def require(self, kind: str, key: str) -> None:
        """Raises UnknownTerm when there is no such "term" or "day"."""
        (self.day if kind == "day" else self.span)(key)

    def words(self, key: str, lang: str, form: str = "", *, official: bool = False) -> str:
        """The term in words, see `in_words`; `form` is empty or "consecutive". Raises UnknownTerm."""
        if form not in FORMS:
            raise UnknownTerm(form, FORMS)
        return in_words(self.span(key), lang, official=official, consecutive=form == CONSECUTIVE)

    def filled(self, text: str, lang: str, *, official: bool = False, unknown: str | None = None) -> str:
        """Return a text with its placeholders replaced.

        A term that the procedure lacks becomes `unknown`; without that, and for `{{` that is no placeholder, raises
        UnknownTerm.

        Examples: `Trong {{ term('council_term') }}` becomes `Trong 60 ngày`.
        `{{ day('conversion_done') }}` becomes `01/07/2016`.
        """
        if "{{" not in text:
            return text
        found = _PLACEHOLDER.sub(lambda match: self._one(match, lang, official, unknown), text)
        if "{{" in found or "}}" in found:
            raise UnknownTerm(found[found.find("{{") :][:60], ("{{ term('KEY') }}", "{{ day('KEY') }}"))
        return found

    def _one(self, match: re.Match[str], lang: str, official: bool, unknown: str | None) -> str:
        kind, key, form = match[1], match[3], match[5] or ""
        if unknown is not None and key not in (self.days if kind == "day" else self.spans):
            return unknown
        if kind == "day":
            return self.day(key).strftime("%d/%m/%Y")
        return self.words(key, lang, form, official=official)


def keys_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and key of each placeholder: ("term", "council_term"), ("day", "conversion_done")."""
    yield from ((match[1], match[3]) for match in _PLACEHOLDER.finditer(text))


def terms_of(procedure: Procedure) -> NamedTerms:
    """Return the terms of a procedure, also by the names that other versions have for them.

    Texts that the loader refuses as a term are omitted.
    """
    spans = {key: span for key, text in _texts(procedure) if (span := _span(text)) is not None}
    spans |= {f"{key}.longest": span for key, span in _longest(procedure, spans)}
    others = names_of(procedure).terms.items()
    for ending in ("", ".longest"):
        spans |= {other + ending: spans[own + ending] for other, own in others if own + ending in spans}
    return NamedTerms(spans, {key: item.on for key, item in procedure.programme.items()})


def _texts(procedure: Procedure) -> Iterator[tuple[str, str]]:
    yield from ((key, item.term) for key, item in procedure.terms.items())
    yield from ((f"grounds.{key}", ground.term) for key, ground in procedure.grounds.items() if ground.term)
    yield from ((key, kind.term) for key, kind in procedure.deadlines.items() if kind.term)


def _longest(procedure: Procedure, spans: Mapping[str, Term]) -> Iterator[tuple[str, Term]]:
    for key, kind in procedure.deadlines.items():
        cap = _span(kind.cap) if kind.cap else None
        if cap is not None and key in spans and spans[key].unit == cap.unit:
            total = _span(f"{spans[key].amount + cap.amount} {str(cap).partition(' ')[2]}")
            if total is not None:
                yield key, total


@lru_cache(maxsize=1024)
def _span(text: str) -> Term | None:
    try:
        return Term.parse(text)
    except WrongInput:
        return None

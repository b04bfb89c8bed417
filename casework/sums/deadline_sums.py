"""The derivation of every deadline of a case, as sentences with articles, facts and letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from casework.as_of import AsOf
from casework.ledger import LoadedCase, load_case
from casework.sums.awaited_service import AwaitedProof, proofs_by_run
from casework.sums.deadline_runs import NumberedRun, every_run, run_label
from casework.sums.sum_sentences import Sentence, article_of, in_words, sum_in_words
from models.clock import HANOI
from models.errors import NotFound
from procedures.facts import ClockState
from procedures.former_names import own_name
from procedures.law.interpretations import Unclear, both_readings, points_of
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive, explain_sum
from rulebook.office_calendar import calendars_of, office_of
from rulebook.readings import Ruled, office_readings
from templates.formats import date_vi
from templates.words import pick, t

__all__ = ["Explained", "Sentence", "explain", "sum_in_words"]


@dataclass(frozen=True, slots=True)
class Explained:
    """One run of a deadline with its derivation in words. `edition`: the edition of the days off it was derived by."""

    key: str
    run: int  # 1 for the first
    runs: int  # how often the deadline has run
    label: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    status: str
    sentences: tuple[Sentence, ...]
    edition: int


def explain(
    connection: Connection,
    ref: str,
    key: str | None = None,
    *,
    lang: str = "vi",
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Explained]:
    """Every run of the deadlines of a case, or of one of them, each with its sum. Raises NotFound."""
    at = AsOf(as_of, known_on)
    return explain_case(connection, load_case(connection, ref, at=at), key, lang=lang, at=at)


def explain_case(
    connection: Connection, loaded: LoadedCase, key: str | None = None, *, lang: str, at: AsOf
) -> list[Explained]:
    """`explain` for a case that is loaded already."""
    key = key and own_name(loaded.procedure, "deadlines", key)
    if key is not None and key not in loaded.state.clocks:
        raise NotFound("no_such_deadline", ref=loaded.row["ref"], key=key, known=", ".join(loaded.state.clocks))
    telling = _Telling(
        loaded,
        calendars_of(connection, office_of(loaded.row), at.known_before),
        office_readings(connection, at.known_before).of(office_of(loaded.row)),
        proofs_by_run(connection, loaded, at, lang),
        lang,
    )
    return [telling.deadline(run) for run in every_run(loaded.procedure, loaded.state) if key in (None, run.clock.key)]


@dataclass(frozen=True, slots=True)
class _Telling:
    """The derivations of one case in one language."""

    loaded: LoadedCase
    calendars: Calendars
    ruled: Mapping[str, Ruled]
    awaited: Mapping[tuple[str, int], Sequence[AwaitedProof]]
    lang: str

    def deadline(self, run: NumberedRun) -> Explained:
        clock = run.clock
        item = derive(self.loaded.procedure, self.loaded.state, clock, self.calendars)
        first, *rest = self._sentences(item, run)
        first = self._citing(first, item.article, item.law_on)
        first = replace(first, facts=first.facts or (self._started_by(clock),))
        label = run_label(self.loaded.procedure, run, self.lang)
        return Explained(
            item.key, run.number, run.of, label, item.kind, item.starts_on, item.ends_on, item.status, (first, *rest),
            self.calendars.edition,
        )  # fmt: skip

    def _started_by(self, clock: ClockState) -> int:
        """The fact that starts the deadline: the act, or the last proof of service it waited for."""
        proofs = [proof for proof in clock.awaits.values() if proof and proof.on == clock.starts_on]
        return proofs[-1].seq if proofs else clock.seq

    def _sentences(self, item: Derived, run: NumberedRun) -> list[Sentence]:
        if "until" in item.sum:
            return [self._fixed(item)]
        computed = explain_sum(item.sum, self.calendars)
        if computed is None:
            return [*self._waiting(item), *self._letters(run)]
        lines = list(in_words(computed, self.lang, self._reasons()))
        return [
            lines[0],
            *self._letters(run),
            *lines[1:-1],
            *self._not_extended(item),
            *lines[-1:],
            *self._law(run),
        ]

    def _say(self, code: str, day: date, /, **params: object) -> Sentence:
        return Sentence(code, t(f"time.line_{code}", self.lang, **params), day, day)

    def _citing(self, sentence: Sentence, key: str, on: date) -> Sentence:
        article, confidence = article_of(key, on, self.lang)
        return replace(sentence, article=article, confidence=confidence, key=key)

    def _fixed(self, item: Derived) -> Sentence:
        on, procedure = date.fromisoformat(item.sum["until"]), self.loaded.procedure
        name = procedure.programme[procedure.deadlines[item.key].until].label[self.lang]
        if "fixed" in item.sum:
            fixed = date_vi(date.fromisoformat(item.sum["fixed"]))
            return self._say("fixed_before", on, on=date_vi(on), name=name, fixed=fixed)
        return self._say("fixed", on, on=date_vi(on), name=name)

    def _waiting(self, item: Derived) -> Iterator[Sentence]:
        said = item.status if item.status in ("waiting", "unknown") else "never_ran"
        yield self._say(said, item.triggered_on)
        if "not_before" in item.sum:
            on = date.fromisoformat(item.sum["not_before"])
            yield self._say("not_before", on, on=date_vi(on))

    def _letters(self, run: NumberedRun) -> Iterator[Sentence]:
        for item in self.awaited.get((run.clock.key, run.number), ()):
            on = item.on or run.clock.triggered_on
            facts = (item.seq,) if item.seq is not None else ()
            yield Sentence(f"letter_{item.stage}", item.text, on, on, facts=facts, letter=item.letter)

    def _reasons(self) -> dict[str, str]:
        return {code: overlay.label[self.lang] for code, overlay in self.loaded.procedure.overlays.items()}

    def _not_extended(self, item: Derived) -> Iterator[Sentence]:
        """Extensions that were recorded and do not count: the deadline has no cap, and no ruling lets them count."""
        if item.sum.get("cap"):
            return
        for days, decision, *seq in item.sum.get("extensions", ()):
            sentence = self._say("not_extended", item.law_on, days=days, decision=decision)
            yield replace(sentence, facts=tuple(seq))

    def _law(self, run: NumberedRun) -> Iterator[Sentence]:
        """How the unclear points that bear on the deadline are read, or what each reading makes of its latest run."""
        for point in points_of(self.loaded.procedure, run.clock.key):
            ruled = self.ruled.get(point.key)
            if ruled:
                yield self._ruled(point, ruled)
            elif run.number == run.of:
                yield from self._unclear(point)

    def _ruled(self, point: Unclear, ruled: Ruled) -> Sentence:
        on = ruled.at.astimezone(HANOI).date()
        sentence = self._say(
            "ruled", on, question=pick(point.question, self.lang), by=ruled.name, on=date_vi(on),
            reading=pick(point.readings[ruled.reading], self.lang),
        )  # fmt: skip
        return self._citing(sentence, point.article, on)

    def _unclear(self, point: Unclear) -> Iterator[Sentence]:
        ends = both_readings(point, self.loaded.procedure, self.loaded.state, self.calendars)
        if ends is None or len(set(ends.values())) == 1:
            return
        still = t("interpretations.still", self.lang)
        words = {key: pick(words, self.lang) for key, words in point.readings.items()}
        yield self._say(
            "unclear", ends[point.plain] or date.max, question=pick(point.question, self.lang),
            plain=words[point.plain], other=words[point.adding], other_on=date_vi(ends[point.adding]) or still,
        )  # fmt: skip

"""A case at risk in words: how its last day was counted back, line by line with articles, and what it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.lists.at_risk import RiskCase
from casework.sums.sum_sentences import article_of
from letters.catalogue import letter_types
from oversight.answering import answering
from oversight.milestones import Milestone
from procedures.legal_time.term_words import in_words
from procedures.state_machine.last_days import ActDay, Awaited, LastDays, Running
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import pick, t


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line counted back. `confidence`: of the article, verified or recalled; empty without one."""

    text: str
    article: str = ""
    confidence: str = ""


class RiskWords:
    """The words of one language for the ways of cases, each by its own version of the procedure."""

    def __init__(self, versions: Versions, lang: str) -> None:
        self.versions, self.lang = versions, lang

    def lines(self, item: Milestone, case: RiskCase) -> list[CountedLine]:
        """From the fixed date back to the next act; acts that only come before another are left out but for that."""
        way, pin = case.way, case.procedure
        if way is None:
            return [CountedLine(t("risk.no_way", self.lang))]
        fixed = self.versions.of(pin).programme[item.key]
        head = t("risk.line_milestone", self.lang, label=fixed.label[self.lang], on=date_vi(fixed.on))
        return [self._cited(head, fixed.article, fixed.on), *self._back(way, pin)]

    def awaits(self, case: RiskCase) -> list[str]:
        """Obstacles, what blocks the way, proofs of service, running terms, and whose act is next."""
        way = case.way
        if way is None:
            return []
        found = [self._awaited(one, case.procedure) for one in way.awaited]
        found += [self._runs(one, case.procedure) for one in way.running if one.ends_on]
        roles = answering(self.versions.of(case.procedure), way.next.verb)
        return [*found, t("risk.awaits_role", self.lang, who=self.roles(roles, case.procedure))]

    def act(self, verb: str, pin: str) -> str:
        return self.versions.label("verbs", verb, self.lang, pin)

    def roles(self, roles: tuple[str, ...], pin: str) -> str:
        known = self.versions.of(pin).roles
        return ", ".join(known[role][self.lang] for role in roles)

    def _back(self, way: LastDays, pin: str) -> Iterator[CountedLine]:
        for act in reversed(way.acts):
            if act.because.code != "order" or act is way.next or act.notices:
                yield self._day(act, pin)
            yield from self._notices(act, pin)
        if way.assumed:
            state = self.versions.label("states", way.assumed, self.lang, pin)
            yield CountedLine(t("risk.line_assumed", self.lang, state=state))
        yield from (self._running(one, way, pin) for one in way.running)

    def _day(self, act: ActDay, pin: str) -> CountedLine:
        why = act.because
        text = t(
            f"risk.line_{why.code}", self.lang, act=self.act(act.verb, pin), on=date_vi(act.on),
            to_on=date_vi(why.to_on), before=self.act(why.before, pin) if why.before else "",
            term=in_words(why.term, self.lang) if why.term else "",
        )  # fmt: skip
        return self._cited(text, why.article if why.code == "term" else "", act.on)

    def _notices(self, act: ActDay, pin: str) -> Iterator[CountedLine]:
        for one in act.notices:
            text = t(
                "risk.line_notice", self.lang, label=self.versions.of(pin).terms[one.key].label[self.lang],
                on=date_vi(one.on), term=in_words(one.term, self.lang), act=self.act(act.verb, pin),
            )  # fmt: skip
            yield self._cited(text, one.article, one.on)

    def _running(self, one: Running, way: LastDays, pin: str) -> CountedLine:
        kind = self.versions.of(pin).deadlines[one.key]
        if one.ends_on is None:
            return CountedLine(t("risk.line_still", self.lang, label=kind.label[self.lang]))
        on = next(act.on for act in way.acts if act.verb == one.verb)
        text = t(
            "risk.line_running", self.lang, label=kind.label[self.lang], ends_on=date_vi(one.ends_on),
            act=self.act(one.verb, pin), on=date_vi(on),
        )  # fmt: skip
        return self._cited(text, kind.article, on)

    def _cited(self, text: str, article: str, on: date) -> CountedLine:
        return CountedLine(text, *article_of(article, on, self.lang)) if article else CountedLine(text)

    def _awaited(self, one: Awaited, pin: str) -> str:
        if one.kind == "obstacle":
            kind = self.versions.of(pin).obstacles[one.key]
            return t("risk.awaits_obstacle", self.lang, label=kind.label[self.lang], who=kind.lifted_by[self.lang])
        if one.kind == "overlay":
            label = self.versions.label("overlays", one.key, self.lang, pin)
            return t("risk.awaits_overlay", self.lang, label=label, act=self.act(one.verb, pin))
        letter = letter_types().get(one.key)
        return t("risk.awaits_service", self.lang, label=pick(letter.title, self.lang) if letter else one.key)

    def _runs(self, one: Running, pin: str) -> str:
        label = self.versions.label("deadlines", one.key, self.lang, pin)
        return t("risk.awaits_running", self.lang, label=label, ends_on=date_vi(one.ends_on))


def miss_in_words(chance: float | None, lang: str) -> str:
    """The chance of missing the date, to five percent; "" where no forecast may be shown. `chance`: of making it."""
    if chance is None:
        return ""
    miss = 1 - chance
    if miss < 0.05 or miss > 0.95:
        return t("risk.chance_least" if miss < 0.05 else "risk.chance_most", lang)
    return t("risk.chance_about", lang, percent=round(miss * 20) * 5)

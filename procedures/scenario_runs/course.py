"""One case carried through steps in memory: acts, letters issued and served, days that come, annulments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from models.clock import HANOI
from models.errors import CoopcaseError, Refused
from procedures.day_vocabulary import REASON
from procedures.facts import CLOCK, Act, CaseState, Decision, Doer, FactView, Paper
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import derive_all
from procedures.scenario_runs.checked_days import CheckedDay, checked_days
from procedures.scenario_runs.days import resolve
from procedures.scenario_runs.file_schema import ActDefaults, EarlierAct, Step, TakeOver
from procedures.schema import ColumnNeed, FieldNeed, Procedure
from procedures.state_machine.acts_on_paper import days_by_paper
from procedures.state_machine.day_rules import DaysOfAct
from procedures.state_machine.engine import clock_verbs, decide, decide_by_paper, fold, why_not
from procedures.state_machine.fold import step as apply_fact
from procedures.state_machine.irregularities import OF, typed_again
from procedures.state_machine.replay import first_broken
from procedures.state_machine.resting import left_hanging

NOON = time(12)
FILE_HASH = "0" * 64  # of the evidence that an act is recorded with
PAPER_NUMBER, SIGNER = "01/VB", "Nguyễn Văn Hùng"  # of the papers that acts take effect by
UNIT: Mapping[str, Any] = {"district": "D1"}


class NotDrafted(CoopcaseError):
    """A letter is to be issued or served that no act has drafted."""

    def __init__(self, template: str) -> None:
        super().__init__("scenario_not_drafted", found=template)


@dataclass(slots=True)
class Course:
    """A case and the day on which it is; `drafted` has each letter with the seq of the act that drafted it."""

    procedure: Procedure
    calendars: Calendars
    acts: Mapping[str, ActDefaults]
    on: date
    facts: list[FactView] = field(default_factory=list)
    state: CaseState = field(default_factory=CaseState)
    drafted: list[tuple[str, int]] = field(default_factory=list)
    today: date = date.min
    days_checked: list[CheckedDay] = field(default_factory=list)  # of the last act that was tried
    moves: list[tuple[str, str, str]] = field(default_factory=list)  # the acts of the last step: verb, from, to

    @classmethod
    def opened(
        cls,
        procedure: Procedure,
        calendars: Calendars,
        acts: Mapping[str, ActDefaults],
        on: date,
        unit: Mapping[str, Any],
    ) -> "Course":
        """Return a case that is opened on a day."""
        course = cls(procedure, calendars, acts, on, today=on)
        course._record("opened", on, Doer(CLOCK, CLOCK), {**UNIT, **unit})
        return course

    def copy(self) -> "Course":
        """Return the same case for another continuation."""
        state = fold(self.procedure, self.facts)
        return Course(
            self.procedure, self.calendars, self.acts, self.on, [*self.facts], state, [*self.drafted], self.today
        )

    def take(self, step: Step) -> list[str]:
        """Carry out one step; returns the letters that it drafts.

        Raises Refused, WrongInput, NoSuchDay or NotDrafted; the case is then as before.
        """
        before = len(self.drafted)
        self.moves = []
        on = self.day_of(step)
        if step.do:
            self._do(step, on)
        elif step.clock is not None:
            self._pass_to(on)
        elif step.annul:
            self._annul(step, on)
        elif step.withdrawn:
            self._withdraw(step.withdrawn, on, self.doer(step.withdrawn, step))
        elif step.taken_over is not None:
            self._take_over(step.taken_over, on)
        elif step.gaps_confirmed:
            gaps = [gap for gap, status in self.state.gaps.items() if status == "open"]
            self._record("gaps_confirmed", on, Doer(step.by, step.by), {"gaps": gaps})
        elif step.confirm or step.accept:
            self._settle(step, on)
        else:
            self._correspond(step, on)
        self.on = on
        return [template for template, _ in self.drafted[before:]]

    def day_of(self, step: Step) -> date:
        """The day of a step: its own, or some days after the step before. Raises NoSuchDay."""
        said = step.clock if step.clock is not None else step.on
        if said is not None:
            return self.resolve(said) or self.on
        defaults = self.acts.get(step.do, _NONE)
        after = step.after if step.after is not None else defaults.after
        return self.on + timedelta(1 if after is None else after)

    def resolve(self, value: Any, on: date | None = None) -> date | None:
        """The day that a value of the file means, counted from `on` or the day of the last step."""
        return resolve(value, on or self.on, self.procedure, self.state, self.calendars)

    def doer(self, verb: str, step: ActDefaults | None = None) -> Doer:
        """The person who does an act: of the first role that may do it, unless the file says another one."""
        defaults = self.acts.get(verb, _NONE)
        role = (step.by if step else "") or defaults.by or self.procedure.verbs[verb].by[0]
        above = self.procedure.verbs[verb].level == "above"
        own = None if above else self.procedure.office_at(self.state.level, self.state.district)
        office, login = own, role
        if isinstance(step, Step):
            office = None if step.of == self.procedure.top_level else step.of or own
            login = step.as_ or role
        return Doer(login, role, office)

    def _do(self, step: Step, on: date) -> None:
        recorded = self.resolve(step.recorded, on) if step.recorded is not None else None
        doer = self.doer(step.do, step)
        before = len(self.facts), [*self.drafted], self.today
        letter = self._act(step.do, doer, on, recorded, self._data(step, on), self._evidence(step))
        try:
            if letter and not step.prepared:
                self._issue(letter, on, doer)
        except CoopcaseError:
            count, self.drafted, self.today = before
            del self.facts[count:]
            self.state = fold(self.procedure, self.facts)
            raise

    def _act(
        self, verb: str, doer: Doer, on: date, recorded: date | None, data: Mapping[str, Any], proof: tuple[str, ...]
    ) -> str:
        """Do an act; returns the letter that it waits for, where it takes effect by a paper."""
        today = recorded or max(on, self.today)
        given = DaysOfAct(self.procedure, self.state, today, on, None, self.calendars)
        self.days_checked = list(checked_days(verb, given, {**days_by_paper(self.procedure.verbs[verb], on), **data}))
        decision = decide(self.procedure, self.state, Act(verb, doer, on, today, data, proof), self.calendars)
        self.today = max(today, self.today)
        source = self.state.state
        seq = self._record(decision.kind, decision.occurred_on, doer, decision.data, proof)
        if not decision.letter:
            self.moves.append((verb, source, self.state.state))
        self.drafted += [(decision.letter, seq)] if decision.letter else []
        self._draft(decision, seq)
        return decision.letter

    def _issue(self, template: str, on: date, doer: Doer) -> None:
        """Issue the latest draft of a letter; an act that waits for it takes effect. Raises NotDrafted, Refused."""
        follows = self._followed(template)
        verb = next((name for name, fact in self.state.prepared.items() if fact.seq == follows), None)
        self.today = max(on, self.today)
        if verb is not None:
            paper = Paper(template, PAPER_NUMBER, on, SIGNER)
            given = DaysOfAct(self.procedure, self.state, self.today, on, None, self.calendars)
            filled = days_by_paper(self.procedure.verbs[verb], on)
            typed, _ = typed_again(self.state.prepared[verb].data["data"])
            self.days_checked = list(checked_days(verb, given, {**filled, **typed}))
            decision = decide_by_paper(self.procedure, self.state, verb, paper, self.today, self.calendars)
            source, proof = self.state.state, self.state.prepared[verb].evidence
            self.drafted.remove((template, follows))
            follows = self._record(decision.kind, on, doer, decision.data, proof)
            self.moves.append((verb, source, self.state.state))
            self.drafted.append((template, follows))
            self._draft(decision, follows)
        self._record("letter_issued", on, doer, {"template": template, "follows": follows})

    def _withdraw(self, verb: str, on: date, doer: Doer) -> None:
        """Take back an act that waits for its paper; the draft of the paper is gone."""
        prepared = self.state.prepared.get(verb)
        if prepared is None:
            raise Refused("act_not_prepared", verb=verb)
        self.today = max(on, self.today)
        self.drafted.remove((str(prepared.data["letter"]), prepared.seq))
        self._record("act_withdrawn", on, doer, {"verb": verb, "prepared": prepared.seq})

    def _draft(self, decision: Decision, seq: int) -> None:
        requested = (str(item.payload["template"]) for item in decision.effects if item.kind == "letter")
        self.drafted += [(template, seq) for template in requested]

    def _followed(self, template: str) -> int:
        """The seq of the fact that the latest draft of a letter belongs to. Raises NotDrafted."""
        follows = next((seq for letter, seq in reversed(self.drafted) if letter == template), None)
        if follows is None:
            raise NotDrafted(template)
        return follows

    def _evidence(self, step: Step) -> tuple[str, ...]:
        defaults = self.acts.get(step.do, _NONE)
        said = step.evidence if step.evidence is not None else defaults.evidence
        needed = self.procedure.verbs[step.do].evidence == "required"
        return (FILE_HASH,) if (needed if said is None else said) else ()

    def _data(self, step: Step, on: date) -> dict[str, Any]:
        """The fields of the standard act with those of the step, days in them resolved."""
        said = {**self.acts.get(step.do, _NONE).data, **step.data}
        kept = {name: value for name, value in said.items() if name not in step.without}
        if step.irregular:
            kept.setdefault(REASON, _REASON)
        return self._values(step.do, kept, on)

    def _values(self, verb: str, data: Mapping[str, Any], on: date) -> dict[str, Any]:
        needs = self.procedure.verbs[verb].needs
        return {name: self._value(needs.get(name), value, on) for name, value in data.items()}

    def _value(self, need: ColumnNeed | None, value: Any, on: date) -> Any:
        if need is not None and need.type == "date":
            return self.resolve(value, on) or value
        if isinstance(need, FieldNeed) and need.type == "table" and isinstance(value, list):
            return [{key: self._value(need.columns.get(key), cell, on) for key, cell in row.items()} for row in value]
        return value

    def _pass_to(self, on: date) -> None:
        """Let the day come: the system does its own acts for every deadline that is over."""
        self.today = max(on, self.today)
        system = Doer(CLOCK, CLOCK)
        for key, derived in derive_all(self.procedure, self.state, self.calendars).items():
            if derived.status != "open" or derived.ends_on is None or derived.ends_on >= on:
                continue
            for verb in clock_verbs(self.procedure, key):
                if why_not(self.procedure, self.state, verb, system) is None:
                    self._act(verb, system, on, None, {}, ())

    def _correspond(self, step: Step, on: date) -> None:
        """Issue a letter or prove its service; of several drafts of it, the latest."""
        doer = Doer(step.by or CLOCK, step.by or CLOCK)
        if step.issued:
            self._issue(step.issued, on, doer)
            return
        data = {
            "template": step.served,
            "follows": self._followed(step.served),
            "way": next(iter(self.procedure.papers.all_ways())),
            **step.data,
        }
        self.today = max(on, self.today)
        self._record("letter_served", on, doer, data, (FILE_HASH,))

    def _annul(self, step: Step, on: date) -> None:
        fact = self.state.last(step.annul)
        if fact is None:
            raise Refused("no_such_fact", seq=0)
        annulment = FactView(
            len(self.facts) + 1, "annulled", on, step.by, step.by, {}, (), fact.seq, datetime.combine(on, NOON, HANOI)
        )
        if (resting := left_hanging(self.procedure, self.facts, fact.seq)) is not None:
            raise Refused("act_rests_on_it", seq=fact.seq, later=resting.seq, verb=resting.kind)
        broken = first_broken(self.procedure, [*self.facts, annulment])
        if broken is not None:
            raise Refused("later_fact_depends_on_it", seq=fact.seq, later=broken.seq)
        self.facts.append(annulment)
        self.state = fold(self.procedure, self.facts)

    def _settle(self, step: Step, on: date) -> None:
        """Confirm or accept the latest irregularity of an act."""
        done = self.state.done.get(step.confirm or step.accept, ())
        seq = next((fact.seq for fact in reversed(done) if fact.seq in self.state.irregularities), 0)
        if not seq:
            raise Refused("no_such_fact", seq=0)
        kind = "irregularity_confirmed" if step.confirm else "irregularity_accepted"
        self.today = max(on, self.today)
        self._record(kind, on, Doer(step.as_ or step.by, step.by), {OF: seq, **step.data})

    def _take_over(self, said: TakeOver, on: date) -> None:
        """Bring the case to the step at which it is taken over."""
        self.today = max(on, self.today)
        acts = [self._earlier(act, on) for act in said.acts]
        self._record("taken_over", on, Doer(CLOCK, CLOCK), {"state": said.state, "acts": acts, "gaps": list(said.gaps)})

    def _earlier(self, act: EarlierAct, on: date) -> dict[str, Any]:
        """An act of before the take-over, as the fact lists it."""
        known, served = (said if said is None else self.resolve(said, on) for said in (act.on, act.served))
        data = self._values(act.do, {**self.acts.get(act.do, _NONE).data, **act.data}, known or on)
        dated = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
        return {
            "verb": act.do,
            "on": known.isoformat() if known else None,
            "served_on": served.isoformat() if served else None,
            "source": act.source,
            "data": dated,
        }

    def _record(self, kind: str, on: date, doer: Doer, data: Mapping[str, Any], proof: tuple[str, ...] = ()) -> int:
        recorded_at = datetime.combine(self.today, NOON, HANOI)
        fact = FactView(len(self.facts) + 1, kind, on, doer.login, doer.role, data, proof, None, recorded_at)
        self.facts.append(fact)
        apply_fact(self.procedure, self.state, fact)
        return fact.seq


_NONE = ActDefaults()
_REASON = "Thực tế diễn ra như vậy"  # why an unlawful day is what really happened

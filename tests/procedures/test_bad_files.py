"""Inconsistent files are refused with every problem; an accepted file never fails an officer later."""

import random
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letters.template_terms import named_in_letters
from procedures.definition.loader import PlainLoader, ProcedureBroken, read
from procedures.facts import ClockState
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive
from procedures.schema import Procedure
from procedures.state_machine.engine import available, fold
from procedures.state_machine.guard_shapes import SHAPES, misshapen
from procedures.state_machine.guards import GUARDS, check_guards, named
from rulebook.shipped import shipped
from templates.words import t
from tests.builders import doer, opened
from tests.rule_changes.version_texts import NAME, OWN

NOTHING = "guards: [{field_is: {file_held: true}}]"
HELD = "file_held: {"
LAUGHS = "a: &a [1, 1, 1]\n" + "\n".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a0: &a0 {x: 1}\n" + "\n".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 20))
BAD: dict[str, tuple[str, str]] = {
    "nothing at all": ("", "procedure_shape"),
    "a list": ("- a\n- b\n", "procedure_shape"),
    "an alias of itself": ("a: &a [*a]\n", "procedure_too_large"),
    "aliases of aliases of aliases": (LAUGHS, "procedure_too_large"),
    "lists within lists without end": ("[" * 100_000, "procedure_too_large"),
    "maps within maps without end": ("{a: " * 60_000, "procedure_too_large"),
    "merges of merges of merges": (MERGES, "procedure_too_large"),
    "a number of thousands of digits": ("a: " + "9" * 5_000, "procedure_unknown_key"),
    "a control character": ("a: \x07\n", "procedure_yaml"),
    "a key that is a list": ("? [a, b]\n: c\n", "procedure_yaml"),
    "an object of another program": ("a: !!python/object/apply:os.system [ls]\n", "procedure_yaml"),
    "a guard without what it needs": (OWN.replace(NOTHING, "guards: [done]"), "procedure_guard_shape"),
    "no word on the day of an act": (re.sub(r"(?m)^own_days:\n(?:  .*\n)+", "", OWN), "procedure_no_own_days"),
    "a guard of nothing": (OWN.replace(NOTHING, "guards: [{since: accept_case}]"), "procedure_unknown_guard"),
    "a guard with a number for a list": (OWN.replace(NOTHING, "guards: [{done: 3}]"), "procedure_guard_shape"),
    "a guard of an unknown step": (OWN.replace(NOTHING, "guards: [{done: [fly]}]"), "procedure_unknown_verb"),
    "a guard of an unknown overlay": (OWN.replace(NOTHING, "guards: [{overlay_on: fog}]"), "procedure_unknown_overlay"),
    "a guard of an unknown field": (OWN.replace(NOTHING, "guards: [{order: [a, b]}]"), "procedure_unknown_field"),
    "proposed by an unknown step": (OWN.replace(HELD, HELD + "proposed_by: fly.high, "), "procedure_unknown_verb"),
    "proposed by an unknown field": (
        OWN.replace(HELD, HELD + "proposed_by: accept_case.sky, "), "procedure_unknown_field",
    ),
    "so many times, not said how often": (
        OWN.replace(NOTHING, "guards: [{at_least: {verb: accept_case}}]"), "procedure_guard_shape",
    ),
    "a step whose acts are all rare": (OWN.replace(NOTHING, f"rare: true\n    {NOTHING}"), "procedure_only_rare"),
    "a ground of practice, not of a law": (
        OWN.replace("article: l2012.54.2, term: 12 months", "article: practice, term: 12 months", 1),
        "procedure_ground_article",
    ),
    "a date that does not exist": (OWN.replace("on: 2014-12-31", "on: 2014-02-31"), "procedure_shape"),
    "a time that does not exist": (OWN.replace("on: 2014-12-31", "on: 2014-12-31 25:61:61"), "procedure_shape"),
    "parameters for a guard that takes none": (
        OWN.replace(NOTHING, "guards: [{closing_clear: true}]"), "procedure_guard_shape",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_reported_and_never_a_crash(what: str) -> None:
    text, code = BAD[what]
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "bad.yaml", None)
    assert code in {problem.code for problem in broken.value.problems}


SEVERAL = (
    ("from: [S0]\n    to: S1\n", "from: [S0]\n    too: S1\n", ("procedure_unknown_key", "verbs.accept_case.too")),
    ("close_target: {", "close_target: {kindd: x, ", ("procedure_unknown_key", "deadlines.close_target.kindd")),
    ("evidence: required\n    meets: [visit_target]", "evidence: needed\n    meets: [visit_target]",
     ("procedure_shape", "verbs.record_visit.evidence")),
    ("meets: [reply_target]", "meets: [reply_time]", ("procedure_unknown_deadline", "verbs.record_agency_reply.meets")),
    ("letters: [trace_minutes]", "letters: [trace_minute]", ("procedure_unknown_letter", "verbs.record_trace.letters")),
    ("term: 10 days, article: complaints.27", "term: 10 days, article: complaints.72",
     ("procedure_unknown_article", "deadlines.accept_complaint_term.article")),
)  # fmt: skip


def test_shape_and_names_are_reported_together_with_the_line_of_each() -> None:
    text = OWN
    for old, new, _ in SEVERAL:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "bad.yaml", named_in_letters())
    problems = broken.value.problems
    assert {(item.code, item.place) for item in problems} == {found for _, _, found in SEVERAL}
    assert [item.line for item in problems] == sorted(item.line for item in problems)
    for item in problems:
        for lang in ("vi", "en"):
            said = t(f"errors.{item.code}", lang, **item.params)
            assert item.place in said and said.count(". ") >= 1, "place and remedy"


def test_what_was_left_out_is_not_reported_as_missing() -> None:
    text = OWN.replace("  reply_target: {", "  reply_target: {kind: dream, ").replace(
        'en: "Agencies answer"}, kind: target', 'en: "Agencies answer"}'
    )
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "bad.yaml", None)
    assert [(item.code, item.place) for item in broken.value.problems] == [
        ("procedure_shape", "deadlines.reply_target.kind")
    ]


PARAMETERS = (
    ("{level_is: district, when", "{level_is: ward, when", "procedure_unknown_level"),
    ("above: city}", "above: region}", "procedure_levels"),
    ("htx: {label: {vi: \"Hợp tác xã\", en: \"Cooperative\"}, registered: [{level: district",
     "htx: {label: {vi: \"Hợp tác xã\", en: \"Cooperative\"}, registered: [{level: ward", "procedure_unknown_level"),
    ("field: reply_by_on, matter: ground", "field: reply_by_on, matter: grounds", "procedure_unknown_field"),
    ("served_before: {deadline: explain_target, verb: request_explanation, field: reply_by_on, matter",
     "served_before: {deadline: explain_time, verb: request_explanation, field: reply_by_on, matter",
     "procedure_unknown_deadline"),
    ("verb: record_newspaper_issue, newspaper: newspaper", "verb: record_issue, newspaper: newspaper",
     "procedure_unknown_verb"),
    ("newspaper: newspaper, issue: issue_number", "newspaper: paper, issue: issue_number", "procedure_unknown_field"),
    ("stated: {verb: record_inventory, field: undivided}", "stated: {verb: record_inventory, field: left}",
     "procedure_unknown_field"),
    ("by: [return_item, approve_waiver,", "by: [bring_item, approve_waiver,", "procedure_unknown_verb"),
    ("rows: council, seat: seat", "rows: council, seat: chairs", "procedure_unknown_field"),
    ("seats: [chair, standing,", "seats: [chair, throne,", "procedure_unknown_option"),
    ("rows: claims, available: available", "rows: claims, available: left", "procedure_unknown_field"),
    ("available: available, reason: difference_reason", "available: available, reason: why", "procedure_unknown_field"),
    ("payout_computed: {rows: claims", "payout_computed: {rows: debts", "procedure_unknown_field"),
    ("{release_computed: claims}", "{release_computed: debts}", "procedure_unknown_field"),
    ("disputed: {type: money", "contested: {type: money", "procedure_unknown_field"),
    ("capital: {type: money, required: true", "capital: {type: money", "procedure_money_column"),
    ("    dissolution:\n      label:", "    winding_up:\n      label:", "procedure_unknown_order"),
    ("    bankruptcy:\n      label:", "    insolvency:\n      label:", "procedure_unknown_order"),
    ("kinds: {tax: tax,", "kinds: {levies: tax,", "procedure_unknown_option"),
    ("bank: secured}}", "bank: safe}}", "procedure_unknown_option"),
    ("unclear_rank: {tax:", "unclear_rank: {levies:", "procedure_unknown_option"),
    ("first: refer_undivided_assets", "first: refer_assets", "procedure_unknown_verb"),
    ("verb: [cancel_decision, restore_name,", "verb: [cancel, restore_name,", "procedure_unknown_verb"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), PARAMETERS)
def test_a_renamed_step_or_field_cannot_pass_a_guard_in_silence(old: str, new: str, code: str) -> None:
    assert old in OWN
    with pytest.raises(ProcedureBroken) as broken:
        read(OWN.replace(old, new), "bad.yaml", None)
    assert {problem.code for problem in broken.value.problems} == {code}


def test_a_bare_guard_of_older_texts_means_what_later_ones_say() -> None:
    old, new = (read(shipped().former[f"{NAME}@{version}"].text, "x.yaml", None) for version in "34")
    moved = (
        ("approve_payout", "propose_payout", "payout_balances"),
        ("decide_dissolution", "decide_dissolution", "council_complete"),
    )
    for formerly, now, guard in moved:
        (before,), (after,) = (
            [item for item in text.verbs[verb].guards if named(item) == guard]
            for text, verb in ((old, formerly), (new, now))
        )
        assert before == after


def test_every_guard_has_its_shape_and_ours_fit() -> None:
    assert set(SHAPES) == set(GUARDS)
    procedure = read(OWN, "own.yaml", None)
    given_here = [guard for verb in procedure.verbs.values() for guard in verb.guards]
    assert [
        guard for guard in given_here if misshapen(guard if isinstance(guard, str) else next(iter(guard)), guard)
    ] == []


DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**9,
    1.5,
    "",
    "x",
    "S0",
    "clock",
    [],
    ["S0"],
    [1],
    {},
    {"vi": "a"},
    {"a": 1},
)
CONTENT = yaml.load(OWN, Loader=PlainLoader)


def spoiled(content: Any, dice: random.Random, depth: int) -> Any:
    """The same content with one place, so deep, exchanged, taken out or put under another name."""
    if depth == 0 or not isinstance(content, Mapping | list) or not content:
        return dice.choice(JUNK)
    if isinstance(content, list):
        place = dice.randrange(len(content))
        return [spoiled(item, dice, depth - 1) if at == place else item for at, item in enumerate(content)]
    key = dice.choice(list(content))
    if depth == 1 and dice.random() < 0.3:
        rest = {name: item for name, item in content.items() if name != key}
        return rest if dice.random() < 0.5 else rest | {f"{key}x": content[key]}
    return {name: spoiled(item, dice, depth - 1) if name == key else item for name, item in content.items()}


def use(procedure: Procedure, dice: random.Random) -> None:
    """What officers could meet: a state viewed, every guard checked, every date derived."""
    state = fold(procedure, [opened()])
    state.state = dice.choice(list(procedure.states))
    available(procedure, state, doer(dice.choice(list(procedure.roles))))
    for verb in procedure.verbs.values():
        check_guards(procedure, state, verb.guards, {})
    for key in procedure.deadlines:
        day = date(2016, 3, 14)
        derive(procedure, state, ClockState(key, day, 1, day), load_calendars())


@example(976)  # the order of payment by which pay-outs are computed was renamed
@example(23158)  # two wrong places in one list: the first takes the second with it
@example(3368833)  # a ground of an article that those of the others have nothing in common with
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_spoiled_file_is_refused_or_works(seed: int) -> None:
    dice = random.Random(seed)
    section = dice.choice(list(CONTENT))
    content = CONTENT | {section: spoiled(CONTENT[section], dice, dice.choice((1, 1, 2, 2, 3, 3, 4, 5)))}
    try:
        procedure = read(yaml.dump(content, Dumper=DUMPER, allow_unicode=True), "spoiled.yaml", None)
    except ProcedureBroken as broken:
        assert all(problem.file == "spoiled.yaml" and problem.line > 0 for problem in broken.problems)
        return
    use(procedure, dice)

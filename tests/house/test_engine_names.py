"""The engine names no part of a law, no act, role, level, letter, state or article: a second law comes as a file."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from procedures.definition.loader import load, read
from procedures.law.rules import rules
from procedures.schema import Procedure

ROOT = Path(__file__).parents[2]
ENGINE = ("procedures/state_machine", "procedures/legal_time", "procedures/definition", "procedures/scenario_runs")
BESIDE = tuple("facts schema levels kinds closing_parts paper_steps day_vocabulary deadline_parts named_terms".split())
VOCABULARY = {  # words of the procedure file that a law happens to use as a name too
    "clock": "the role of the system itself",
    "legal": "a kind of deadline",
    "suspended": "a mark of a day",
    "complaint": "what an act is to those who get a notice of it",
    "reregistered": "a field of the register",
    "commune": "a field of the register",
    "district": "the key of a unit's district in the fact that opens its case",
    "no_quorum": "the code of a refusal",
    "practice": "marks in a procedure file that no article is verified",
    "cc.first_day": "the counting of days in civil law, which every procedure shares",
    "cc.last_day": "the counting of days in civil law, which every procedure shares",
}
ARTICLE = re.compile(r"\barticle \d|\bart\. ?\d|Điều \d")


def texts() -> Iterator[Procedure]:
    yield load()
    for path in sorted((ROOT / "procedures" / "former").glob("*.yaml")):
        yield read(path.read_text(encoding="utf-8"), path.name, None)


def names() -> Mapping[str, str]:
    """Every name of a part of any version, with its section."""
    found: dict[str, str] = dict.fromkeys(rules(), "article")
    for procedure in texts():
        for section in ("verbs", "roles", "levels", "states", "grounds", "overlays", "outcomes", "deadlines", "terms",
                        "obstacles", "stages", "kinds", "programme"):  # fmt: skip
            found |= dict.fromkeys(getattr(procedure, section), section)
        for verb in procedure.verbs.values():
            found |= dict.fromkeys((*verb.letters, *(paper.letter for paper in verb.takes_effect_by)), "letter")
    return {name: section for name, section in found.items() if len(name) > 2 and name not in VOCABULARY}


def modules() -> Iterator[Path]:
    for room in ENGINE:
        yield from sorted((ROOT / room).rglob("*.py"))
    yield from (ROOT / "procedures" / f"{name}.py" for name in BESIDE)


def named_in(tree: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The strings of a module that are such a name, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
            yield node.lineno, node.value


def test_the_engine_names_no_part_of_a_law() -> None:
    known = names()
    found = [
        f"{path.relative_to(ROOT)}:{line} {name} ({known[name]})"
        for path in modules()
        for line, name in named_in(ast.parse(path.read_text(encoding="utf-8")), known)
    ]
    assert found == [], "take it as a parameter from the procedure file"


def test_the_engine_cites_no_article() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ARTICLE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["prove_ground", "city", "manager", "dissolution_decision", "l2012.54.2", "C4x"])
def test_what_is_found(name: str) -> None:
    found = list(named_in(ast.parse(f'if verb == "{name}":\n    pass'), names()))
    assert bool(found) == (name != "C4x")

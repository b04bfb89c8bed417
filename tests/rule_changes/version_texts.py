"""Other versions of our procedure, made by editing its text as an author would."""

import re

from procedures.definition.loader import load, read
from procedures.schema import Procedure
from rulebook.shipped import shipped

OWN = shipped().current.text
NAME = load().procedure
HEAD = 'en: "Check the registry file"}, '
SHORTER = (f"{HEAD}kind: target, term: 10 working days", f"{HEAD}kind: target, term: 5 working days")
LEGAL = (SHORTER[0], f"{HEAD}kind: legal, article: l2012.23, term: 5 working days")
HASTE = (
    'en: "Accept the complaint"}, kind: legal, term: 10 days',
    'en: "Accept the complaint"}, kind: legal, term: 5 days',
)
RELABELLED = ('label: {vi: "Mới vào danh sách", en: "Flagged"}', 'label: {vi: "Vừa ghi nhận", en: "Noted"}')
MORE_CLOCKS = ("clocks: [accept_target, review_by]", "clocks: [accept_target, visit_target, review_by]")


def text_of(number: str, *changes: tuple[str, str], base: str = OWN) -> str:
    """Our text under another version, with parts of it exchanged."""
    (line,) = [line for line in base.splitlines() if line.startswith("version:")]
    text = base.replace(line, f'version: "{number}"', 1)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def version(number: str, *changes: tuple[str, str], base: str = OWN) -> Procedure:
    return read(text_of(number, *changes, base=base), f"{number}.yaml", None)


def without_verb(name: str) -> str:
    """Our text without a step and without the incoming documents that are entered as it."""
    text, count = re.subn(rf"^  {name}:\n(?:    .*\n|\n)+", "", OWN, flags=re.MULTILINE)
    assert count == 1, name
    return re.sub(rf"^    \w+:\n(?:      .*\n)*?      verb: {name}\n(?:      .*\n)*", "", text, flags=re.MULTILINE)


def without_line(start: str) -> str:
    """Our text without the one line that starts so."""
    lines = OWN.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(lines) - len(kept) == 1, start
    return "".join(kept)


def without_role(role: str) -> str:
    """Our text without a role; what no other role does goes to the case officer."""
    text = without_line(f"  {role}: {{vi:")
    text = re.sub(rf"\[{role}\]", "[case_officer]", text)
    return re.sub(rf", {role}\b|\b{role}, ", "", text)


def renamed(old: str, new: str) -> str:
    """Our text with a state under another key."""
    return re.sub(rf"\b{old}\b", new, OWN)

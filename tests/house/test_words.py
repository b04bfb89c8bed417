"""Field-standard words: the private metaphors that once made the code hard to read do not come back."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_house import ROOT, name, tracked

# Folders cleaned so far; add a folder once its identifiers, comments and docstrings have been rewritten.
CLEANED = (
    "procedures", "models", "rulebook", "register", "letters", "samples", "oversight", "foresight", "cli", "templates",
    "flows", "notifications", "casework", "rule_changes", "correspondence", "web",
    "tests/house", "tests/procedures", "tests/register", "tests/letters", "tests/samples", "tests/rulebook",
    "tests/oversight", "tests/models", "tests/foresight", "tests/notifications", "tests/flows", "tests/faults",
    "tests/casework", "tests/correspondence", "tests/rule_changes", "tests/audit_log", "tests/templates", "tests/e2e",
    "tests/fuzz", "tests/web", "tests/bench",
)  # fmt: skip

# Whole words in docstrings and comments, each with what to write instead.
PROSE = {
    r"told": "name what is reported, listed or recorded, and to whom",
    r"whoever|somebody|anybody|everybody": "name the role: officer, signer, caller, person",
    r"g[ia]ves? back|given back": "Returns",
    r"stands?|stood": "is, is valid, is stopped, is printed, belongs to",
    r"put off": "scheduled for a retry",
    r"ow(?:e|es|ed|ing)": "pending, required, due",
    r"reckon\w*": "compute, computation",
    r"hangs? on|hung on": "depends on, refers to, is pinned to",
    r"falls? away|fell away": "is dropped, is removed",
    r"leans? on": "depends on",
    r"moot": "no longer applicable",
    r"takes? up|taken up|taking up": "adopt, synchronise, import",
    r"speaks? of": "name, mention, refer to",
    r"holds? together": "is consistent",
    r"goes by|go by": "use, follow",
}
# Parts of identifiers (split at underscores and capitals).
NAMES = {
    "told", "untold", "whoever", "somebody", "owe", "owes", "owed", "reckon", "reckoned", "reckoning", "moot",
    "stands", "stood", "bury", "whose",
}  # fmt: skip
# A key of procedure texts that are published and never change; and fields that letter templates read.
KEPT_NAMES = {"still_stands", "StillStands", "stands"}


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings and comments of a module, each with its line."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = ast.get_docstring(node, clean=False)
            if found:
                yield node.body[0].lineno, found
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """The names in a module, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def private_words(text: str) -> list[str]:
    """The private words in a docstring or comment; quoted code (`…`) and quotations ("…") do not count."""
    plain = re.sub(r"`[^`]*`|\"[^\"]*\"", "", text)
    return [found[0] for words in PROSE for found in re.finditer(rf"\b(?:{words})\b", plain, re.IGNORECASE)]


def parts(identifier: str) -> set[str]:
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", identifier)}


def modules(folder: str) -> list[Path]:
    """The Python modules below a folder; migrations are history and keep their words."""
    inside = [path for path in tracked() if path.suffix == ".py" and (ROOT / folder) in path.parents]
    return [path for path in inside if "versions" not in path.parts]


def test_private_words_are_recognised() -> None:
    assert private_words("Each step gives back the end as it then stands, and is told to whoever asks.") == [
        "told", "whoever", "gives back", "stands",
    ]  # fmt: skip
    assert private_words('The column `stands`, and the words "put off": understand, standing member.') == []
    assert parts("_ToldBy") == {"told", "by"} and parts("owed_cases") == {"owed", "cases"}


@pytest.mark.parametrize("folder", CLEANED)
def test_docstrings_and_comments_are_in_plain_words(folder: str) -> None:
    assert modules(folder), "the folder is where it was"
    found = [
        f"{name(path)}:{line} {word}"
        for path in modules(folder)
        for line, text in prose(path)
        for word in private_words(text)
    ]
    assert found == []


@pytest.mark.parametrize("folder", CLEANED)
def test_identifiers_are_in_plain_words(folder: str) -> None:
    found = {
        f"{name(path)}: {identifier}"
        for path in modules(folder)
        for _, identifier in identifiers(path)
        if identifier not in KEPT_NAMES and parts(identifier) & NAMES
    }
    assert sorted(found) == []


def test_documents_are_in_plain_words() -> None:
    """README and docs; the table of law sources quotes its sources."""
    ours = ("docs", "README.md")
    pages = [path for path in tracked() if path.suffix == ".md" and path.relative_to(ROOT).parts[0] in ours]
    assert len(pages) > 10
    found = [
        f"{name(path)}: {word}"
        for path in pages
        if path.name != "law-sources.md"
        for word in private_words(path.read_text(encoding="utf-8"))
    ]
    assert found == []

"""Rules of the code base: packages, wheel, locked dependencies, sizes, words of messages, dead code."""

import ast
import hashlib
import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from templates.words import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
NOT_ROOMS = {"tests", "docs", "var", "build", "dist"}
LONGEST_FILE, LONGEST_FUNCTION, LARGEST = 400, 40, 1_000_000
AT_THE_TOP = {
    ".gitignore", "CHANGELOG.md", "Makefile", "README.md", "pyproject.toml", "requirements-dev.in",
    "requirements-dev.txt", "requirements.in", "requirements.txt",
}  # fmt: skip
CLOCK_READS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
    "time.time", "time.monotonic", "time.perf_counter", "time.localtime", "time.gmtime",
}  # fmt: skip


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the project as git knows them, or all of them where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        return tuple(path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts)
    return tuple(path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file())


@cache
def product() -> tuple[Path, ...]:
    """The Python files of the rooms; migrations are written by a machine."""
    return tuple(p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")) if "versions" not in p.parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_came_in_by_mistake() -> None:
    """What was fetched to try something stays outside: at the top are known files only, and none is large."""
    assert {path.name for path in tracked() if path.parent == ROOT} <= AT_THE_TOP
    assert [name(path) for path in tracked() if path.stat().st_size > LARGEST] == []


def test_every_room_on_disk_is_packaged() -> None:
    on_disk = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_ROOMS
    assert on_disk == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_this_tree(room: str) -> None:
    assert Path(str(importlib.import_module(room).__file__)).parent == ROOT / room


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_ships_a_room(room: str) -> None:
    owners = importlib.metadata.packages_distributions().get(room, [])
    assert set(owners) <= {PROJECT["project"]["name"]}


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_in_a_room_bears_the_name_of_a_room(room: str) -> None:
    assert not {path.stem for path in (ROOT / room).rglob("*.py")} & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_in_one_line_what_it_is(room: str) -> None:
    body = tree(ROOT / room / "__init__.py")
    assert len(body.body) == 1, "nothing but the docstring stands in a room's door"
    assert "\n" not in str(ast.get_docstring(body))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is in the wheel, built without the network."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(zipfile.ZipFile(next(out.glob("*.whl"))).namelist())


def test_the_wheel_has_every_file_of_every_room(wheel: set[str]) -> None:
    ours = {name(path) for path in tracked() if path.relative_to(ROOT).parts[0] in ROOMS}
    assert sorted(ours - wheel) == []


def test_the_wheel_has_no_tests(wheel: set[str]) -> None:
    assert not [entry for entry in wheel if entry.startswith("tests/")]


def test_what_is_declared_is_what_is_locked() -> None:
    declared = set(PROJECT["project"]["dependencies"]) | {"hatchling"}  # hatchling installs the project in place
    assert declared == set((ROOT / "requirements.in").read_text().split())


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_is_names_versions_and_hashes_only(lock: str) -> None:
    lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    assert [line[:60] for line in lines if "--hash=sha256:" not in line] == []
    assert [line[:60] for line in lines if "://" in line or line.startswith("-") or "#" in line] == []


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_file_is_too_long() -> None:
    code = [path for path in tracked() if path.suffix == ".py" and "versions" not in path.parts]
    assert [name(path) for path in code if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_line_of_a_template_is_too_long() -> None:
    shown = [path for path in tracked() if path.suffix == ".html" and "templates" in path.parts]
    assert shown, "templates are where they were"
    long = [
        f"{name(path)}:{number}"
        for path in shown
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > PROJECT["tool"]["djlint"]["max_line_length"]
    ]
    assert long == []


def test_every_section_of_a_page_has_a_heading_and_no_bare_span_a_label() -> None:
    """Readers of the screen list sections by their headings; a label on an element without a role is not read."""
    for path in (ROOT / "templates" / "pages").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        sections = re.findall(r"<section([^>]*)>(.*?)</section>", text, re.DOTALL)
        bare = [inside[:60] for tag, inside in sections if not re.search(r"<h[1-6]|aria-label", tag + inside)]
        assert bare == [], name(path)
        assert not re.findall(r"<(?:span|div)(?![^>]*\brole=)[^>]*\baria-label=", text), name(path)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_input_of_a_page_names_its_type() -> None:
    """The styles know fields by their type: one without it is drawn by the browser alone, grey in the dark."""
    bare = [
        (path.name, found)
        for path in (ROOT / "templates" / "pages").rglob("*.html")
        for found in re.findall(r"<input\b(?![^>]*\btype=)[^>]*>", path.read_text(encoding="utf-8"))
    ]
    assert bare == []


def test_no_function_is_too_long() -> None:
    long = [
        f"{name(path)}:{one.lineno} {one.name}"
        for path in product()
        for one in functions(path)
        if (one.end_lineno or 0) - one.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def clock_reads(path: Path) -> list[str]:
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return [f"{name(path)}:{func.lineno} {ast.unparse(func)}" for func in calls if ast.unparse(func) in CLOCK_READS]


def test_only_one_file_reads_the_clock() -> None:
    clock = ROOT / "models" / "clock.py"
    assert clock_reads(clock), "the rule is tested on the file that may"
    assert [read for path in product() if path != clock for read in clock_reads(path)] == []


DURATIONS = {"perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time", "timeit"}


def durations(path: Path) -> list[str]:
    """Where a file measures how long something took; to give up after a while (`monotonic() < end`) is not that."""
    nodes = list(ast.walk(tree(path)))
    named = [
        n for n in nodes if isinstance(n, (ast.Name, ast.Attribute)) and ast.unparse(n).split(".")[-1] in DURATIONS
    ]
    judged = [sub for n in nodes if isinstance(n, ast.Assert) for sub in ast.walk(n.test) if isinstance(sub, ast.BinOp)]
    taken = [sub for sub in judged if isinstance(sub.op, ast.Sub) and "monotonic()" in ast.unparse(sub)]
    return [f"{name(path)}:{node.lineno} {ast.unparse(node)}" for node in [*named, *taken]]


def test_no_test_depends_on_the_speed_of_the_machine() -> None:
    """What costs too much is counted in steps, statements or bytes; durations belong to `make bench`."""
    bench = ROOT / "tests" / "bench"
    paths = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]
    measured = [found for path in paths if path.is_relative_to(bench) for found in durations(path)]
    assert measured, "the rule is tried on the files that may"
    assert [found for path in paths if not path.is_relative_to(bench) for found in durations(path)] == []


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# Short hashes of registries' domains and of a place on one machine: not even this file may name them.
UNNAMED = frozenset({
    "a4aa2ac280bb8d1a",
    "8b5bb5eb9d758455",
    "8743857e3ea00fd1",
    "75adac515f0bd3db",
    "f2af6c097ab83376",
})  # fmt: skip
DOMAIN, PLACE = re.compile(r"[a-z0-9-]+(?=(\.[a-z]+)\b)"), re.compile(r"(?=(/[\w-]+/[\w-]+))")


def named_in(text: str) -> set[str]:
    """Every last two parts of a domain, and every two neighbouring parts of a path."""
    return {match[0] + match[1] for match in DOMAIN.finditer(text.lower())} | set(PLACE.findall(text))


def unnamed(word: str) -> bool:
    return hashlib.sha256(word.encode()).hexdigest()[:16] in UNNAMED


def test_names_are_found_wherever_they_stand() -> None:
    found = named_in('see "https://a.example.net/x/y-z/w" and B.EXAMPLE.COM.')
    assert {"example.net", "example.com", "/x/y-z", "/y-z/w"} <= found


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    named = {word: name(path) for path, text in texts() for word in named_in(text)}
    assert [f"{path}: {word}" for word, path in named.items() if unnamed(word)] == []


def test_every_text_is_composed_unicode() -> None:
    """A test of register encodings may hold decomposed letters on purpose, and says so by escapes."""
    assert [name(path) for path, text in texts() if not unicodedata.is_normalized("NFC", text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "words").glob("*.yaml")), ids=lambda path: path.stem)
def test_words_speak_both_languages(path: Path) -> None:
    for key, entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        assert set(entry) == set(LANGUAGES), key
        assert all(str(words).strip() for words in entry.values()), key


def test_both_languages_have_the_same_placeholders() -> None:
    import string

    def holes(text: str) -> set[str]:
        return {str(hole) for _, hole, _, _ in string.Formatter().parse(text) if hole is not None}

    assert [key for key, entry in catalogue().items() if holes(entry["vi"]) != holes(entry["en"])] == []


RAISERS = {"CoopcaseError": 0, "Refused": 0, "NotFound": 0, "Conflict": 0, "WrongInput": 1}


def test_every_error_that_is_raised_has_its_words() -> None:
    missing = [
        f"{name(path)}:{call.lineno} {code.value}"
        for path in product()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and (place := RAISERS.get(ast.unparse(call.func))) is not None
        for code in call.args[place : place + 1]
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and f"errors.{code.value}" not in catalogue()
    ]
    assert missing == []


ASKED_FOR = re.compile(r"""\bt\(\s*["']([a-z_0-9]+\.[a-z_0-9.]+)["']\s*[,)]""")


@pytest.mark.parametrize("folder", ["templates/pages", "templates/messages", "web", "cli", "casework", "notifications"])
def test_every_word_that_is_used_is_in_the_catalogue(folder: str) -> None:
    found = {
        (name(path), key)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".html", ".txt", ".py")
        for key in ASKED_FOR.findall(path.read_text(encoding="utf-8"))
    }
    assert found, "the pattern still finds words"
    assert sorted(item for item in found if item[1] not in catalogue()) == []


def test_no_test_keeps_the_time_at_which_it_was_imported() -> None:
    """A run takes longer than the minutes that such tests count from it."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if "SystemClock()" in path.read_text(encoding="utf-8")]
    kept = [
        f"{name(path)}:{statement.lineno}"
        for path in files
        for statement in tree(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and "SystemClock()" in ast.unparse(statement)
    ]
    assert files and kept == []


def public_functions(path: Path) -> Iterator[str]:
    """Functions and classes at the top of a module that no decorator hands to a framework."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return (one.name for one in tree(path).body if isinstance(one, kinds) and not one.decorator_list)


def test_no_public_name_is_used_by_tests_alone() -> None:
    """A name that the product mentions once, where it is defined, is dead."""
    texts_of_rooms = [
        path.read_text(encoding="utf-8")
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".html", ".txt", ".j2")
    ]
    mentions = Counter(word for text in texts_of_rooms for word in re.findall(r"\w+", text))
    dead = [f"{name(path)} {public}" for path in product() for public in public_functions(path) if mentions[public] < 2]
    assert dead == []

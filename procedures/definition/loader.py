"""Loads and validates a procedure file; every problem names file, line, key and remedy."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from models.errors import CoopcaseError
from procedures.definition.checks import problems_of
from procedures.definition.closing_checks import closing_problems
from procedures.definition.guard_parameters import with_parameters
from procedures.definition.known_letters import KnownLetters
from procedures.definition.level_checks import level_problems
from procedures.definition.named_words import with_terms
from procedures.definition.older_news import with_news
from procedures.definition.older_papers import with_papers
from procedures.definition.older_programme import with_programme
from procedures.definition.paper_checks import paper_problems
from procedures.definition.readable_part import readable_part
from procedures.schema import Procedure

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML without libyaml returns the same, ten times slower
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

DEFAULT = "htx-hai-phong.yaml"
NAMES = "procedure_unknown_"  # codes of names that are not defined
Place = tuple[str | int, ...]
_Shape = TypeVar("_Shape", bound=BaseModel)
MOST_PLACES, DEEPEST = 200_000, 30  # the shipped procedure has some 4,000 nodes, nine deep


class PlainLoader(_SafeLoader):
    """Reads `on`, `yes` and `no` as text; only true and false are booleans, as in YAML 1.2.

    A date that does not exist stays text, so that validation can report it with its place in the file.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except (ValueError, OverflowError):
            return node.value

    def construct_yaml_int(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_int(node)
        except ValueError:  # thousands of digits
            return node.value


PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", PlainLoader.construct_yaml_timestamp)
PlainLoader.add_constructor("tag:yaml.org,2002:int", PlainLoader.construct_yaml_int)


class TooLarge(yaml.YAMLError):
    """The document exceeds MOST_PLACES nodes (aliases expanded) or DEEPEST levels."""


def require_measured(text: str) -> None:
    """Check the size of an untrusted YAML text before it is parsed.

    libyaml parses recursively and crashes the process when the stack overflows, and merged aliases multiply nodes.
    Raises TooLarge, or another yaml.YAMLError for malformed text.
    """
    open_parts: list[tuple[str | None, int]] = [(None, 0)]  # anchor, places so far
    named: dict[str, int] = {}
    for event in yaml.parse(text, Loader=PlainLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append((event.anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent | yaml.ScalarEvent | yaml.AliasEvent):
            places = _places(event, open_parts, named)
            anchor, so_far = open_parts.pop()
            open_parts.append((anchor, so_far + places))
        if len(open_parts) > DEEPEST or open_parts[-1][1] > MOST_PLACES:
            raise TooLarge


def _places(event: yaml.Event, open_parts: list[tuple[str | None, int]], named: dict[str, int]) -> int:
    """The number of nodes of the part that ends with this event."""
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in named:  # of itself
            raise TooLarge
        return named[event.anchor]
    anchor, places = (
        open_parts.pop() if isinstance(event, yaml.CollectionEndEvent) else (getattr(event, "anchor", None), 1)
    )
    if anchor is not None:
        named[anchor] = places
    return places


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file: its place, and a words key under `errors.` with the parameters of the message."""

    file: str
    line: int
    place: str
    code: str
    params: dict[str, Any]


class ProcedureBroken(CoopcaseError):
    """The procedure file is invalid; `problems` lists every reason found."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        super().__init__("procedure_broken", file=first.file, line=first.line, place=first.place, count=len(problems))
        self.problems = problems


def load(path: Path | None = None, letters: KnownLetters | None = None) -> Procedure:
    """Return the procedure of a file; None loads the shipped one.

    `letters` are the known letter templates; without them neither the letters that acts call for nor their terms and
    issuers are checked.
    Raises ProcedureBroken with every problem found.
    """
    return _default() if path is None else read(path.read_text(encoding="utf-8"), path.name, letters)


@cache
def _default() -> Procedure:
    return read(files("procedures").joinpath(DEFAULT).read_text(encoding="utf-8"), DEFAULT, None)


def read(text: str, name: str, letters: KnownLetters | None) -> Procedure:
    """Return the procedure of a YAML text; `name` is the file name shown in problems. Raises ProcedureBroken."""
    content, lines = located(text, name)
    written, broken, left_out = _written(content, name, lines)
    procedure, unfilled = with_terms(with_parameters(with_programme(with_news(with_papers(written)))))
    found = (
        *problems_of(procedure, letters),
        *closing_problems(procedure, letters),
        *paper_problems(written, letters),
        *level_problems(procedure),
    )
    problems = [problem(name, lines, place, code, params) for place, code, params in (*found, *unfilled)]
    if broken:
        names = [item for item in problems if item.code.startswith(NAMES) and item.params["found"] not in left_out]
        raise ProcedureBroken(sorted([*broken, *names], key=lambda item: item.line))
    if problems:
        raise ProcedureBroken(problems)
    return procedure


def _written(content: Any, name: str, lines: dict[Place, int]) -> tuple[Procedure, list[Problem], set[str]]:
    """The procedure as it is written; of a misshapen text what is left, with its problems and the keys left out."""
    try:
        return validated(Procedure, content, name, lines), [], set()
    except ProcedureBroken as broken:
        left = readable_part(content)
        if left is None:
            raise
        return left[0], broken.problems, left[1]


def located(text: str, name: str) -> tuple[Any, dict[Place, int]]:
    """Return the content of a YAML text and the line of every place in it.

    Raises ProcedureBroken: the text is too large, is not YAML, or has a key twice.
    """
    lines: dict[Place, int] = {}
    try:
        node, content = _composed(text)
    except TooLarge:
        raise ProcedureBroken([_problem(name, 1, (), "procedure_too_large", {})]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ProcedureBroken([_problem(name, mark.line + 1 if mark else 1, (), "procedure_yaml", {})]) from None
    twice: list[Place] = []
    if node is not None and not _note_lines(node, (), lines, twice):
        raise ProcedureBroken([_problem(name, 1, (), "procedure_too_large", {})])
    problems = [_problem(name, lines.get(place, 1), place, "procedure_key_twice", {}) for place in twice]
    if problems:
        raise ProcedureBroken(problems)
    return content, lines


def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    """The node tree of the text (which has line numbers) and its content."""
    require_measured(text)
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def validated(shape: type[_Shape], content: Any, name: str, lines: dict[Place, int]) -> _Shape:
    """Return the content as `shape`. Raises ProcedureBroken with every key that is unknown, missing or misshapen."""
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        raise ProcedureBroken(
            [
                problem(name, lines, item["loc"], _shape_code(item["type"]), {"why": item["msg"]})
                for item in error.errors()
            ]
        ) from None


def _shape_code(kind: str) -> str:
    return {"extra_forbidden": "procedure_unknown_key", "missing": "procedure_missing_key"}.get(kind, "procedure_shape")


def _problem(name: str, line: int, place: Place, code: str, params: dict[str, Any]) -> Problem:
    where = ".".join(map(str, place))
    return Problem(name, line, where, code, {"file": name, "line": line, "place": where, **params})


def problem(name: str, lines: dict[Place, int], place: Place, code: str, params: dict[str, Any]) -> Problem:
    """Return the problem of a place in the file `name`; `code` is a words key under `errors.`."""
    return _problem(name, line_of(lines, place), place, code, params)


def line_of(lines: dict[Place, int], place: Place) -> int:
    """The line of a place, or of its nearest ancestor present in the file."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], twice: list[Place]) -> bool:
    """Record the line of every node. Returns False, and stops, when expanded aliases exceed MOST_PLACES."""
    if len(lines) > MOST_PLACES or len(place) > DEEPEST:
        return False
    lines.setdefault(place, node.start_mark.line + 1)
    inside = True
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            inner = (*place, key.value)
            if key.value in seen:
                twice.append(inner)
            seen.add(key.value)
            lines[inner] = key.start_mark.line + 1
            inside = inside and _note_lines(value, inner, lines, twice)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            inside = inside and _note_lines(value, (*place, position), lines, twice)
    return inside

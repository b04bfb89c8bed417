"""No mapping of a YAML file has a key twice: the second would silently take the place of the first."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def twice(text: str) -> list[str]:
    """The keys that a mapping of the text has more than once."""
    return [key for node in yaml.compose_all(text, Loader=LOADER) for key in _twice(node)]


def _twice(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        counted = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        yield from (key for key, count in counted.items() if count > 1)
    if isinstance(node, yaml.CollectionNode):
        for part in node.value:
            for inner in part if isinstance(part, tuple) else (part,):
                yield from _twice(inner)


def test_no_key_is_twice_in_a_mapping() -> None:
    files = sorted(ROOT.glob("[a-z]*/**/*.yaml"))
    assert len(files) > 200
    found = {str(path.relative_to(ROOT)): twice(path.read_text(encoding="utf-8")) for path in files}
    assert {name: keys for name, keys in found.items() if keys} == {}


def test_a_key_that_is_twice_is_noticed() -> None:
    assert twice("a: {b: 1, c: 2}\nd: [{b: 1, b: 2}]\na: 3\n") == ["a", "b"]

"""A page has no value of its own under a name that every page has already: Jinja would refuse to draw it."""

import ast
import inspect

from tests.house.test_house import ROOT
from web import rendering

PAGE_CALLS = {"page", "open_page"}


def of_every_page() -> set[str]:
    """The names that `web.rendering` gives to every page, read in its code."""
    keys = {
        key.value
        for node in ast.walk(ast.parse(inspect.getsource(rendering._response)))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return keys | {"visit", "menu", "tabs", "pending"}


def test_no_page_names_a_value_of_every_page() -> None:
    names = of_every_page()
    assert {"look", "query", "path", "csrf", "t", "lang"} <= names
    calls = [
        (str(path.relative_to(ROOT)), call)
        for path in (ROOT / "web").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PAGE_CALLS
    ]
    assert len(calls) > 50
    taken = [(path, word.arg) for path, call in calls for word in call.keywords if word.arg in names]
    assert taken == []

"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import foresight

MODULES = [found.name for found in pkgutil.iter_modules(foresight.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"foresight.{name}")).failed == 0


@pytest.mark.parametrize("name", ["log", "forecast", "whatif", "replay"])
def test_the_public_face_has_an_example(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"foresight.{name}")).attempted > 0

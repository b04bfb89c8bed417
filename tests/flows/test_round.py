"""A round of the worker: what fails keeps nothing else from being done; nothing is called while Prefect is away."""

import asyncio
from collections.abc import Sequence

import pytest

from flows.runtime.worker_round import Call, carry_out


def go(calls: str, there: Sequence[bool] = ()) -> tuple[str, int, list[str]]:
    """(done, called, failures) of one-letter calls; a capital one fails. `there`: Prefect's answers, then yes."""
    done, answers = [], iter(there)

    def call(name: str) -> Call:
        async def flow() -> None:
            if name.isupper():
                raise ValueError(name)
            done.append(name)

        return Call(flow, (f"case:{name}",))

    async def answering() -> bool:
        return next(answers, True)

    called, failed = asyncio.run(carry_out([call(name) for name in calls], answering))
    return "".join(done), called, [str(error) for error in failed]


@pytest.mark.parametrize(
    ("calls", "there", "wanted"),
    [
        pytest.param("abc", [], ("abc", 3, []), id="all well"),
        pytest.param("aBc", [], ("ac", 2, ["B"]), id="one fails"),
        pytest.param("abc", [False], ("", 0, []), id="Prefect is away"),
        pytest.param("abc", [True, False], ("a", 1, []), id="Prefect goes away in between"),
        pytest.param("", [False], ("", 0, []), id="nothing is pending, Prefect is not asked"),
    ],
)
def test_every_flow_has_its_try(calls: str, there: list[bool], wanted: tuple[str, int, list[str]]) -> None:
    assert go(calls, there) == wanted

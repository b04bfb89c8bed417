"""A fault that a check of the office finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold; `code` is a words key under `casework.`, `ref` the case, empty for the office."""

    ref: str
    code: str
    params: dict[str, object]

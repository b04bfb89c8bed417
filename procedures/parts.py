"""What every part of a procedure file is made of."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Part(BaseModel):
    """Base of every part of the file: unknown keys are refused, instances are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(Part):
    vi: str
    en: str

    def get(self, lang: str, default: str | None = None) -> str:
        return self.en if lang == "en" else self.vi or default or ""

    def __getitem__(self, lang: str) -> str:
        return self.get(lang)


def listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) or value is None else [value]


Keys = Annotated[tuple[str, ...], BeforeValidator(listed)]


class Labelled(Part):
    label: Words


def has_values(data: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Whether every field has its value, or one of a list of values."""
    return all(data.get(name) in (value if isinstance(value, list) else [value]) for name, value in fields.items())

"""A change that was tried, in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from oversight.what_if import Gain, WhatIf, batch_day
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t


def change_in_words(
    found: WhatIf, one: Gain, versions: Versions, districts: Mapping[str, str], today: date, lang: str
) -> str:
    """Which change, where and how large. `districts`: names by code."""
    return t(
        f"whatif.{one.kind}", lang, step=versions.label("states", one.state, lang), where=where(one, districts, lang),
        batch=found.wished.batch, days=found.wished.limit_days, day=date_vi(batch_day(found, today)),
    )  # fmt: skip


def where(one: Gain, districts: Mapping[str, str], lang: str) -> str:
    """ ", district" for a change in one district, "" for one in all offices."""
    return t("whatif.where", lang, district=districts.get(one.district, one.district)) if one.district else ""


def steps_in_words(states: Sequence[str], versions: Versions, lang: str) -> str:
    """The labels of some steps, one after another."""
    return ", ".join(f"«{versions.label('states', state, lang)}»" for state in states)

"""`coopcase forecast --what-if`: what would change the forecast of a fixed date."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from cli.output import lang, lines, show_json
from models.errors import WrongInput
from models.tables import districts
from oversight.milestones import milestones
from oversight.what_if import Gain, WhatIf, batch_day, what_if
from oversight.what_if_words import change_in_words, steps_in_words, where
from rulebook.versions import Versions
from templates.formats import date_vi, span
from templates.words import t


def what_if_command(connection: Connection, today: date, district: str | None, milestone: str, json: bool) -> None:
    """For one fixed date, or for each that has cases to be done. Raises WrongInput for a date that is not ahead."""
    keys = [item.key for item in milestones(connection, today, district=district) if item.waiting]
    if milestone and milestone not in keys:
        raise WrongInput("--milestone", "no_such_date", value=milestone, known=", ".join(keys))
    tried = (what_if(connection, today, key, district=district) for key in keys if milestone in ("", key))
    found = [one for one in tried if one is not None]
    if json:
        show_json({"today": today, "district": district, "dates": [_document(one, today) for one in found]})
        return
    versions = Versions(connection)
    names = dict(connection.execute(select(districts.c.code, districts.c.name)).tuples().all())
    for one in found:
        lines([(text,) for text in _head(one, versions, names)])
        lines([
            (change_in_words(one, gain, versions, names, today, lang()), _more(gain),
             t("whatif.yes" if gain.gains else "whatif.no", lang()))
            for gain in one.gains
        ])  # fmt: skip


def _head(found: WhatIf, versions: Versions, names: dict[str, str]) -> list[str]:
    spoken, kind, narrow = lang(), found.milestone, found.bottleneck
    texts = [
        f"{kind.label[spoken]}: {date_vi(kind.on)}",
        t("whatif.base", spoken, base=round(found.base), count=kind.waiting, day=date_vi(kind.on)),
    ]
    texts += [] if found.anchored else [t("whatif.not_anchored", spoken)]
    texts += [] if found.agrees else [t("whatif.disagree", spoken)]
    if found.unmeasured:
        texts.append(t("whatif.unmeasured", spoken, steps=steps_in_words(found.unmeasured, versions, spoken)))
    if narrow is None:
        return [*texts, t("whatif.no_bottleneck", spoken)]
    step = versions.label("states", narrow.state, spoken)
    return [*texts, t("whatif.bottleneck", spoken, step=step, where=where(narrow, names, spoken))]


def _more(gain: Gain) -> str:
    return f"{round(gain.difference):+d} ({span(round(gain.low), round(gain.high))})"


def _document(found: WhatIf, today: date) -> dict[str, Any]:
    narrow = found.bottleneck
    return {
        "key": found.milestone.key, "on": found.milestone.on, "bound": found.milestone.waiting,
        "base": round(found.base, 1), "anchored": found.anchored, "agrees": found.agrees,
        "bottleneck": narrow and {"state": narrow.state, "district": narrow.district},
        "unmeasured": list(found.unmeasured), "batch": found.wished.batch, "batch_on": batch_day(found, today),
        "limit_days": found.wished.limit_days,
        "changes": [
            {
                "kind": one.kind, "state": one.state, "district": one.district, "difference": round(one.difference, 2),
                "low": round(one.low, 2), "high": round(one.high, 2), "gains": one.gains,
            }
            for one in found.gains
        ],
    }  # fmt: skip

"""How likely each case bound to a fixed date is to be released by then, from the same forecast as the count of them."""

from collections.abc import Mapping, Sequence
from datetime import date

from foresight.forecast import forecast as draw
from foresight.worktime import Worked
from oversight.event_log import event_log
from oversight.history_folding import History


def case_chances(
    found: Sequence[History], today: date, name: str, on: date, worked: Worked | None = None
) -> Mapping[str, float]:
    """By reference: the chance to be released by `on`, between 0 and 1, of the cases bound to the date `name` today.

    Empty where the forecast of that date may not be shown: its own past forecasts failed, or too few have matured.
    `worked`: the calendar of the office.
    """
    log = event_log(found, today, name)
    at, days = log.day(today), (on - today).days
    if days <= 0 or not log.open_at(at).any():
        return {}
    drawn = draw(log, at, [days], worked=worked)
    if drawn.verdicts[0] != "enough":
        return {}
    refs = [log.ids[number].partition("#")[0] for number in drawn.cases]
    return dict(zip(refs, (float(chance) for chance in drawn.chances[0]), strict=True))

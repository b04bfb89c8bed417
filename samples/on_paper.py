"""Old letters of the sample office, from before Coopcase: served on paper, most of them with proof."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from samples.histories import TODAY, Happening
from samples.path_step import Step, day

ON_PAPER_BEFORE = TODAY - timedelta(days=30)  # older letters were written on paper, before the office used Coopcase
_WAITING: Mapping[str, str] = {  # by act: the clock that waits for the service of its letters
    "request_explanation": "explain_target",
    "withdraw_certificate": "withdrawal_complaint_period",
    "decide_dissolution": "complaint_period",
}
_UNPROVEN = 7  # one case in so many has lost its proof


def served_on_paper(case: int, happened: Sequence[Happening]) -> list[Happening]:
    """Return the history with proofs of service of its old letters; the number `case` decides whether they were lost.

    Letters drafted in Coopcase are served there, so the scripted proof of service on paper is dropped.
    """
    found: list[Happening] = []
    for place, item in enumerate(happened):
        if item.step.verb == "record_paper_service" and found[-1].on >= ON_PAPER_BEFORE:
            continue
        found.append(item)
        deadline = _WAITING.get(item.step.verb)
        if place + 1 < len(happened) and happened[place + 1].step.verb == "record_paper_service":
            continue  # the path already has the proof
        limit = happened[place + 1].on if place + 1 < len(happened) else TODAY
        on = min(item.on + timedelta(days=3), limit)
        if deadline is not None and on < ON_PAPER_BEFORE and case % _UNPROVEN:
            symbol = f"{10 + case % 80}/{'QĐ-UBND' if deadline == 'complaint_period' else 'TB-TCKH'} (mẫu)"
            data = {"deadline": deadline, "symbol": symbol, "way": "hand", "served_on": day}
            found.append(Happening(on, Step("record_paper_service", data=data, proof=True)))
    return found

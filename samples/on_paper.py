"""Letters of before the sample office kept its books here: served on paper, most of them with proof."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from samples.histories import TODAY, Happening
from samples.paths import Step, day

ON_PAPER_BEFORE = TODAY - timedelta(days=30)  # what is older was written on paper, before the office had Coopcase
_WAITING: Mapping[str, str] = {  # the clock that waits for the service of what an act sends out
    "request_explanation": "explain_target",
    "withdraw_certificate": "complain_withdrawal_90",
    "decide_dissolution": "complain_90",
}
_UNPROVEN = 7  # of so many cases one has lost its proof


def served_on_paper(case: int, happened: Sequence[Happening]) -> list[Happening]:
    """The same history with the proofs of service of its old letters; `case` says whose were lost.

    A letter that the office wrote here is served here: the path's own proof of a paper one falls away.
    """
    found: list[Happening] = []
    for place, item in enumerate(happened):
        if item.step.verb == "record_paper_service" and found[-1].on >= ON_PAPER_BEFORE:
            continue
        found.append(item)
        deadline = _WAITING.get(item.step.verb)
        if place + 1 < len(happened) and happened[place + 1].step.verb == "record_paper_service":
            continue  # the path itself has the proof
        limit = happened[place + 1].on if place + 1 < len(happened) else TODAY
        on = min(item.on + timedelta(days=3), limit)
        if deadline is not None and on < ON_PAPER_BEFORE and case % _UNPROVEN:
            symbol = f"{10 + case % 80}/{'QĐ-UBND' if deadline == 'complain_90' else 'TB-TCKH'} (mẫu)"
            data = {"deadline": deadline, "symbol": symbol, "way": "hand", "served_on": day}
            found.append(Happening(on, Step("record_paper_service", data=data, proof=True)))
    return found

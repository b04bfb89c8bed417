"""Guards on what a meeting of members decided: enough of them were there, and enough of these agreed."""

from collections.abc import Mapping
from typing import Any

from models.errors import CoopcaseError, Refused
from procedures.facts import CaseState
from procedures.schema import Procedure

Data = Mapping[str, Any]


def vote(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """At least `share` % of those present, or strictly more than `over` %."""
    rule = param["vote"]
    present, in_favour = (int(data.get(rule[name]) or 0) for name in ("present", "in_favour"))
    if in_favour > present:
        return Refused("more_votes_than_present", present=present, in_favour=in_favour)
    if ("share" in rule and in_favour * 100 < rule["share"] * present) or present == 0:
        return Refused("vote_not_carried", share=rule.get("share", 0), present=present, in_favour=in_favour)
    if "over" in rule and in_favour * 100 <= rule["over"] * present:
        return Refused("vote_not_over", over=rule["over"], present=present, in_favour=in_favour)
    return None


def quorum(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    rule = param["quorum"]
    share = int(rule["sessions"].get(str(data.get(rule["session"], "1")), 0))
    members, present = (int(data.get(rule[name]) or 0) for name in ("members", "present"))
    if present > members:
        return Refused("more_present_than_members", present=present, members=members)
    if present * 100 < share * members or present == 0:
        return Refused("no_quorum", share=share, present=present, members=members)
    return None

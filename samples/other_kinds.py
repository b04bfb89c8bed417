"""Paths of the kinds of units that go other ways: groups, credit funds."""

from collections.abc import Mapping

from samples.path_parts import CLOSE, REVIEW, decided
from samples.path_step import Step, day
from samples.paths import PATHS

# A group ends by its contract, a credit fund waits for the State Bank.
GROUP_PATHS: Mapping[str, tuple[Step, ...]] = {
    "group_ended": (
        *REVIEW,
        *decided("end_contract"),
        Step(
            "record_contract_end",
            proof=True,
            after=20,
            data={"ended_on": day, "why": "agreement", "members": 12, "settlement": "Đã chia hết tài sản chung (mẫu)"},
        ),
        Step("record_attestation", "commune", 4, {"attested_on": day, "symbol": "05/GXN-UBND (mẫu)"}, proof=True),
        *CLOSE,
    ),
}
STATE_BANK = (
    Step("ask_state_bank", data={"proposal": "Quỹ yếu kém; dự kiến củng cố (mẫu)"}, after=3),
    Step(
        "record_state_bank_opinion",
        proof=True,
        after=20,
        data={"symbol": "88/HAP-TTGS (mẫu)", "position": "agrees", "content": "Đồng ý hướng xử lý (mẫu)"},
    ),
)


def asking_the_state_bank(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A path as a credit fund goes it: the State Bank is asked before the measure is submitted."""
    place = next((place for place, step in enumerate(steps) if step.verb == "submit_measure"), None)
    return steps if place is None else (*steps[:place], *STATE_BANK, *steps[place:])


FUND_PATHS: Mapping[str, tuple[Step, ...]] = {"consolidated": asking_the_state_bank(PATHS["consolidated"])}

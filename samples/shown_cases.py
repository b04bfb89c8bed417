"""Cases that show ways beside the usual course, each of a unit of its own; the guide's situations lead to them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from samples.complaint_steps import APPEAL, OF_COMMITTEE, complaint
from samples.histories import Happening, history_of
from samples.invented_units import stopped_unit
from samples.other_kinds import GROUP_PATHS, STATE_BANK
from samples.path_parts import (
    COMPULSORY_DECISION,
    CREDITORS,
    GROUND,
    NEWSPAPER,
    POSTING,
    REVIEW,
    STOCK,
    TAX_REPLY,
    TO_COMPULSORY,
    decided,
)
from samples.path_step import Step
from samples.paths import PATHS

SEED = 54
AUTUMN = date(2014, 11, 10)  # when these units were flagged, after all others


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case, spread over the days from `opened_on` to `last`. `situations`: keys of the rows of the guide."""

    situations: tuple[str, ...]
    name: str
    steps: tuple[Step, ...]
    last: date
    kind: str = "htx"
    district: str = "VBO"
    opened_on: date = AUTUMN

    def unit(self) -> dict[str, Any]:
        """Return the row of its unit, without id and search key."""
        dice = random.Random(f"{SEED} {self.name}")  # noqa: S311 - invented data, no secret
        return stopped_unit(dice, self.name, self.kind, self.district)

    def history(self, unit: Mapping[str, Any]) -> list[Happening]:
        """Return its steps with their days."""
        return history_of(unit, self.steps, self.opened_on, self.last)


def _on(days: int, step: Step) -> Step:
    """The step so many days after the one before."""
    return replace(step, after=days)


def _complained_of() -> Iterator[Step]:
    """A compulsory dissolution, complained of while the council works, up to the report on the verification."""
    received, accepted, ordered, dialogue, reported, _ = complaint(OF_COMMITTEE, "leader")
    yield from (*TO_COMPULSORY, *GROUND, *COMPULSORY_DECISION, POSTING, *NEWSPAPER)
    yield from (_on(2, received), _on(2, CREDITORS), _on(3, accepted), ordered, _on(4, STOCK[0]), *STOCK[1:])
    yield from (_on(2, dialogue), _on(3, reported))


def _complained_of_again() -> Iterator[Step]:
    """The same settled, and the second complaint accepted and being verified by the city."""
    settled = complaint(OF_COMMITTEE, "leader")[-1]
    appeal = {
        **APPEAL, "way": "second", "settler": "above", "body": "UBND thành phố Hải Phòng",
        "against": OF_COMMITTEE["against"],
    }  # fmt: skip
    order = {**complaint(OF_COMMITTEE, "leader")[2].data, "verifier": "Thanh tra thành phố (mẫu)"}
    yield from (*_complained_of(), _on(5, settled), _on(1, TAX_REPLY), Step("start_compulsory_payout", after=1))
    yield Step("record_appeal", after=5, data=appeal)
    yield Step("accept_second_complaint_above", "legal", after=4, above=True)
    yield Step("verify_second_complaint_above", "legal", after=1, data=order, above=True)
    yield Step("record_appeal_progress", after=2, data={"status": "Thành phố đang xác minh (mẫu)"})


SHOWN = (
    ShownCase(
        ("complaint_arrives", "complaint_verified"), "Hợp tác xã Mộc mỹ nghệ Tân Hưng (mẫu)",
        tuple(_complained_of()), last=date(2016, 3, 7),
    ),
    ShownCase(
        ("second_complaint_to_the_city",), "Hợp tác xã Vận tải sông Chanh (mẫu)",
        tuple(_complained_of_again()), last=date(2016, 3, 9),
    ),
    ShownCase(
        ("annulled_after_the_deletion",), "Hợp tác xã Cơ khí Đồng Minh (mẫu)",
        PATHS["name_restored"], last=date(2016, 2, 22),
    ),
    ShownCase(
        ("cooperative_group",), "Tổ hợp tác Nuôi ong Giang Biên (mẫu)",
        GROUP_PATHS["group_ended"], last=date(2016, 2, 19), kind="to_hop_tac",
    ),
    ShownCase(
        ("credit_fund",), "Quỹ tín dụng nhân dân Vĩnh An (mẫu)",
        (*REVIEW, *decided("dissolve_voluntary")[:-2], STATE_BANK[0]), last=date(2015, 12, 21), kind="quy_tin_dung",
    ),
    ShownCase(
        ("another_registry",), "Hợp tác xã Chiếu cói Vinh Quang (mẫu)",
        (
            Step(
                "transfer_out",
                "manager",
                data={
                    "to_office": "VBO", "to_body": "Phòng Tài chính - Kế hoạch huyện Vĩnh Bảo",
                    "reason": "Trụ sở đã chuyển sang huyện Vĩnh Bảo (mẫu)",
                    "documents": "Hồ sơ đăng ký, 01 tập (mẫu)",
                },
            ),
        ),
        last=date(2016, 2, 22), district="TLG", opened_on=date(2016, 2, 15),
    ),
)  # fmt: skip

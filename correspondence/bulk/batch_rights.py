"""Which acts on a batch are open by the statuses of its letters, and to whom: one table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from correspondence.letter_rights import ALIVE, DRAFTERS, ISSUERS, KEY_HOLDER, NUMBERED, SERVABLE, SIGNER, UNSENT

READER = "reader"  # a person who may see the batch


@dataclass(frozen=True, slots=True)
class Right:
    """Open while some letter is in `some` of these statuses and none in `none`, to these roles of the batch's office.

    SIGNER and READER may be of another office.
    """

    some: tuple[str, ...]
    roles: frozenset[str]
    none: tuple[str, ...] = ()


ACTS: Mapping[str, Right] = {
    "fill": Right(UNSENT, DRAFTERS),
    "mark": Right(UNSENT, DRAFTERS),
    "submit": Right(UNSENT, DRAFTERS),
    "take_out": Right((*ALIVE, "approved"), DRAFTERS),
    "drop": Right(ALIVE, DRAFTERS, none=("entered", "approved", *SERVABLE, "cancelled")),
    "approve": Right(("submitted",), SIGNER),
    "return": Right(("submitted",), SIGNER),
    "issue": Right(("approved",), ISSUERS, none=(*ALIVE, "entered")),
    "cancel": Right(NUMBERED, ISSUERS),
    "sign": Right(SERVABLE, KEY_HOLDER),
    "print": Right((*SERVABLE, "cancelled"), frozenset({READER})),
}


def open_acts(statuses: Collection[str], who: Collection[str]) -> frozenset[str]:
    """The acts open on a batch whose letters are in these statuses, to a person with the capacities `who`."""
    return frozenset(
        act
        for act, right in ACTS.items()
        if not right.roles.isdisjoint(who)
        and any(status in right.some for status in statuses)
        and not any(status in right.none for status in statuses)
    )

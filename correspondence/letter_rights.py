"""Which acts on a letter are open in which status, and to whom: acts, pages and lists read this one table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from casework.office.people import Actor
from models.typed_rows.letter_shapes import LetterColumns

DRAFTERS = frozenset({"case_officer", "manager", "clerk", "commune"})
ENTERERS = frozenset({"case_officer", "clerk", "manager"})  # of papers signed in ink, and who confirms them
ISSUERS = frozenset({"clerk", "manager"})
SIGNER = frozenset({"signer"})  # who may sign the letter on the day, by head or delegation: correspondence.signing
WRITER = frozenset({"writer"})  # who submitted the letter, or drafted it
KEY_HOLDER = frozenset({"key_holder"})  # who may sign it with the office's certificate: electronic_signing

UNSENT = ("draft", "returned")
ALIVE = (*UNSENT, "submitted")  # before the signature: the text follows the facts
NUMBERED = ("issued", "undelivered")  # can still be cancelled
SIGNED = ("entered", "approved", *NUMBERED, "served", "published")
SERVABLE = (*NUMBERED, "served", "published")


@dataclass(frozen=True, slots=True)
class Right:
    """In these statuses, for these roles (or SIGNER, WRITER, KEY_HOLDER)."""

    statuses: tuple[str, ...]
    roles: frozenset[str]


ACTS: Mapping[str, tuple[Right, ...]] = {
    "fill": (Right(UNSENT, DRAFTERS),),
    "submit": (Right(UNSENT, DRAFTERS),),
    "mark": (Right(UNSENT, DRAFTERS), Right(("submitted",), SIGNER)),
    "recall": (Right(("submitted",), WRITER),),
    "discard": (Right(ALIVE, DRAFTERS),),
    "approve": (Right(("submitted",), SIGNER),),
    "return": (Right(("submitted",), SIGNER), Right(("approved",), ISSUERS)),
    "issue": (Right(("approved",), ISSUERS),),
    "cancel": (Right(NUMBERED, ISSUERS),),
    "serve": (Right(SERVABLE, DRAFTERS),),
    "signed": (Right(("approved", *SERVABLE), DRAFTERS),),
    "esign": (Right(SERVABLE, KEY_HOLDER),),
    "enter": (Right(ALIVE, ENTERERS),),
    "confirm": (Right(("entered",), ENTERERS),),
}


def is_writer(person: Actor, row: LetterColumns) -> bool:
    """Whether a person who writes letters submitted this one, or drafted it."""
    return person.role in DRAFTERS and person.login in (row["submitted_by"], row["drafted_by"])


def open_acts(status: str, who: Collection[str]) -> frozenset[str]:
    """The acts open in a status to a person with the capacities `who`: a role, perhaps signer, writer or key holder.

    >>> sorted(open_acts("submitted", {"manager", "signer"}))
    ['approve', 'discard', 'mark', 'return']
    """
    return frozenset(
        act
        for act, rights in ACTS.items()
        if any(status in right.statuses and not right.roles.isdisjoint(who) for right in rights)
    )


def roles_of(act: str) -> frozenset[str]:
    """The roles, and SIGNER, WRITER or KEY_HOLDER, that may do an act in some status."""
    return frozenset().union(*(right.roles for right in ACTS[act]))


def statuses_of(act: str) -> tuple[str, ...]:
    """The statuses in which an act is open to any person."""
    return tuple(dict.fromkeys(status for right in ACTS[act] for status in right.statuses))

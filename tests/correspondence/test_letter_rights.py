"""The tables of rights on letters and on batches, written out by role and state."""

import pytest

from correspondence.bulk import batch_rights
from correspondence.letter_order import STATUSES
from correspondence.letter_rights import ACTS, open_acts
from tests.web.web_office import ROLES

DRAFT, OUT = "discard fill mark submit", "serve signed"
PLAIN = {"draft": DRAFT, "returned": DRAFT, "submitted": "discard", "approved": "signed", "cancelled": ""}
PLAIN |= dict.fromkeys(("issued", "undelivered", "served", "published"), OUT)
NUMBERING = PLAIN | {"approved": "issue return signed", "issued": f"cancel {OUT}", "undelivered": f"cancel {OUT}"}
INK = dict.fromkeys(("draft", "returned", "submitted"), "enter") | {"entered": "confirm"}
BY_ROLE = {"case_officer": PLAIN, "commune": PLAIN, "clerk": NUMBERING, "manager": NUMBERING}
SIGNER = {"submitted": "approve mark return"}
WRITER = {"submitted": "recall"}
KEY_HOLDER = dict.fromkeys(("issued", "undelivered", "served", "published"), "esign")


@pytest.mark.parametrize("status", STATUSES)
def test_the_acts_on_a_letter_by_role_and_status(status: str) -> None:
    for role in ROLES:
        ink = INK.get(status, "") if role in ("case_officer", "clerk", "manager") else ""
        assert open_acts(status, {role}) == set(f"{BY_ROLE.get(role, {}).get(status, '')} {ink}".split()), role
    assert open_acts(status, {"signer"}) == set(SIGNER.get(status, "").split())
    assert open_acts(status, {"writer"}) == set(WRITER.get(status, "").split())
    assert open_acts(status, {"key_holder"}) == set(KEY_HOLDER.get(status, "").split())
    assert open_acts(status, {"leader", "signer"}) == open_acts(status, {"signer"})


def test_every_act_is_open_somewhere() -> None:
    anyone = {*ROLES, "signer", "writer", "key_holder"}
    assert set(ACTS) == set().union(*(open_acts(status, anyone) for status in STATUSES))


BATCHES = {  # statuses of its letters: acts of drafters, of those who number, of a signer, of people who see it
    "draft": ("drop fill mark submit take_out", "", "", ""),
    "draft returned": ("drop fill mark submit take_out", "", "", ""),
    "draft submitted": ("drop fill mark submit take_out", "", "approve return", ""),
    "submitted": ("drop take_out", "", "approve return", ""),
    "submitted entered": ("take_out", "", "approve return", ""),
    "approved entered": ("take_out", "", "", ""),
    "submitted approved": ("take_out", "", "approve return", ""),
    "approved": ("take_out", "issue", "", ""),
    "approved issued": ("take_out", "cancel issue", "", "print"),
    "draft issued": ("fill mark submit take_out", "cancel", "", "print"),
    "issued": ("", "cancel", "", "print"),
    "undelivered served": ("", "cancel", "", "print"),
    "served published": ("", "", "", "print"),
    "cancelled": ("", "", "", "print"),
}


@pytest.mark.parametrize("statuses", BATCHES)
def test_the_acts_on_a_batch_by_role_and_statuses(statuses: str) -> None:
    drafting, numbering, signing, seeing = (set(acts.split()) for acts in BATCHES[statuses])
    found = {who: batch_rights.open_acts(statuses.split(), {who}) for who in (*ROLES, "signer", "reader", "key_holder")}
    assert found == {
        "case_officer": drafting, "commune": drafting, "clerk": drafting | numbering, "manager": drafting | numbering,
        "leader": set(), "legal": set(), "admin": set(), "signer": signing, "reader": seeing,
        "key_holder": {"sign"} if set(statuses.split()) & set(KEY_HOLDER) else set(),
    }  # fmt: skip

"""What a person may do with a letter now: the same answer for the page's buttons and for its tests."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.office.people import Actor
from correspondence.drafts import MAY_DRAFT
from correspondence.electronic_signing import may_sign_electronically
from correspondence.issuing import MAY_ISSUE
from correspondence.service.serving import MAY_SERVE, SERVABLE
from correspondence.signed_versions import MAY_KEEP, SIGNED
from correspondence.signing import body_for, may_sign
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from procedures.paper_steps import papers

ON_DRAFTS = frozenset({"fill", "submit", "discard", "mark"})
DONE = ("served", "published", "cancelled")


def steps(connection: Connection, person: Actor, row: Mapping[str, Any], on: date) -> frozenset[str]:
    """The acts open to the person: fill, submit, approve, return, issue, cancel, discard, serve, signed, mark."""
    status, role = row["status"], person.role
    kind = letter_type(row["template"])
    found: set[str] = set()
    if role in MAY_DRAFT:
        found |= ON_DRAFTS if status in ("draft", "returned") else frozenset()
        found |= {"discard"} if status == "submitted" else set()
    if status == "submitted" and may_sign(connection, person, kind, row, on):
        found.add("mark")
        found |= {"return"} if kind.four_eyes and row["submitted_by"] == person.login else {"approve", "return"}
    if role in MAY_ISSUE:
        found |= {"approved": {"issue"}, "issued": {"cancel"}, "undelivered": {"cancel"}}.get(status, set())
    if role in MAY_SERVE and status in SERVABLE:
        found.add("serve")
    if may_sign_electronically(person, row):
        found.add("esign")
    if role in MAY_KEEP and status in SIGNED:
        found.add("signed")
    if "submit" in found and bodies()[body_for(connection, kind, row)].signs == "nobody":
        found -= {"submit", "mark"}
    return frozenset(found)


def next_step(row: Mapping[str, Any], allowed: frozenset[str]) -> str:
    """The one thing to do next with a letter; nothing when it waits for somebody else or is done."""
    if row["status"] in DONE and not (row["status"] == "served" and row["template"] in papers().printed):
        return ""
    return next((step for step in ("approve", "issue", "fill", "serve") if step in allowed), "")

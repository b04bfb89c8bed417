"""The ways of service: what each needs and may end in, and what the attempts so far make of a letter. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.errors import Refused, WrongInput
from models.typed_rows.letter_shapes import ServiceRow
from procedures.paper_steps import Papers
from procedures.state_machine.field_values import clean_text

WAYS: Mapping[str, tuple[str, ...]] = {  # what each way may come to; sent and posted are still under way
    "hand": ("served", "returned"),
    "post": ("sent", "served", "returned"),
    "posting": ("posted", "published"),
    "newspaper": ("published",),
}
UNDER_WAY = frozenset({"sent", "posted"})
HIGHEST_ISSUE = 1_000_000
DETAILS = ("receiver", "tracking", "place", "witness", "newspaper", "issue", "reason")
_NEEDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hand", "served"): ("receiver",),
    ("post", "sent"): ("tracking",),
    ("post", "served"): ("tracking",),
    ("posting", "posted"): ("place",),
    ("posting", "published"): ("place", "witness"),
    ("newspaper", "published"): ("newspaper", "issue"),
}
Attempt = ServiceRow


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: the way, what came of it, when, and the proof.

    `details`: `receiver` (hand), `tracking` (post), `place` and `witness` (posting), `newspaper` and `issue`
    (newspaper), `reason` (returned).
    """

    way: str
    result: str
    on: date
    to_on: date | None = None
    details: Mapping[str, Any] | None = None
    evidence: Sequence[str] = ()


def needs(way: str, result: str) -> tuple[str, ...]:
    """The details that an attempt cannot do without."""
    return ("reason",) if result == "returned" else _NEEDS[way, result]


def checked(delivery: Delivery, issued_on: date, today: date) -> dict[str, str]:
    """The details in clean text. Raises WrongInput: every field that is wrong or missing, the first leading."""
    if delivery.result not in WAYS.get(delivery.way, ()):
        raise WrongInput("way", "no_such_service", way=delivery.way, result=delivery.result)
    wrong = list(_wrong_days(delivery, issued_on, today))
    given = {name: value for name, value in (delivery.details or {}).items() if name in DETAILS and value}
    details = {name: " ".join(clean_text(name, value).split()) for name, value in given.items()}
    wrong += [
        WrongInput(name, f"service_needs_{name}")
        for name in needs(delivery.way, delivery.result)
        if not details.get(name)
    ]
    if delivery.way == "newspaper" and details.get("issue") and not _is_issue(details["issue"]):
        wrong.append(WrongInput("issue", "not_an_issue", value=details["issue"][:20]))
    if not delivery.evidence and delivery.result not in UNDER_WAY:
        wrong.append(WrongInput("evidence", "service_needs_proof"))
    if wrong:
        wrong[0].params["also"] = wrong[1:]
        raise wrong[0]
    return details


def _is_issue(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= HIGHEST_ISSUE


def _wrong_days(delivery: Delivery, issued_on: date, today: date) -> list[WrongInput]:
    on, to_on = delivery.on, delivery.to_on
    wrong = []
    if on < issued_on:
        wrong.append(WrongInput("on", "served_before_issue", issued=issued_on.strftime("%d/%m/%Y")))
    if on > today:
        wrong.append(WrongInput("on", "served_in_future"))
    if delivery.way != "posting":
        return wrong
    if to_on is None or to_on <= on:
        wrong.append(WrongInput("to_on", "posting_needs_end"))
    elif to_on > today and delivery.result == "published":
        wrong.append(WrongInput("to_on", "posting_not_over", until=to_on.strftime("%d/%m/%Y")))
    return wrong


def check_against(tried: Sequence[Attempt], delivery: Delivery, details: Mapping[str, str]) -> None:
    """What was tried before must allow this attempt. Raises WrongInput, Refused."""
    if delivery.way == "newspaper":
        _check_issue(tried, delivery, details)
    begun = under_way(tried)
    if begun is not None and begun["way"] == delivery.way and delivery.on < begun["on"] and delivery.way == "post":
        raise WrongInput("on", "served_before_sent", sent=begun["on"].strftime("%d/%m/%Y"))
    if begun is not None and begun["way"] == delivery.way and delivery.result in UNDER_WAY:
        raise Refused("service_under_way", on=begun["on"].strftime("%d/%m/%Y"))


def _check_issue(tried: Sequence[Attempt], delivery: Delivery, details: Mapping[str, str]) -> None:
    """The same issue counts once, and a later number cannot have come out earlier."""
    number, paper = int(details["issue"]), details["newspaper"].casefold()
    for item in valid_attempts(tried):
        if item["way"] != "newspaper" or _paper(item) != paper:
            continue
        known, on = _issue(item), item["on"]
        if known == number:
            raise WrongInput("issue", "issue_twice", issue=number, on=on.strftime("%d/%m/%Y"))
        if (known < number) != (on < delivery.on):
            params = {"issue": known, "on": on.strftime("%d/%m/%Y")}
            raise WrongInput("on", "issues_reversed", **params)


def valid_attempts(tried: Sequence[Attempt]) -> list[Attempt]:
    """The attempts that were not annulled."""
    return [item for item in tried if item["annulled_at"] is None]


def under_way(tried: Sequence[Attempt]) -> Attempt | None:
    """The latest attempt, if its result is not recorded yet."""
    last = next((item for item in reversed(valid_attempts(tried)) if item["way"] != "newspaper"), None)
    return last if last is not None and last["result"] in UNDER_WAY else None


def consecutive_issues(tried: Sequence[Attempt]) -> int:
    """The longest run of consecutive issues of one newspaper; two newspapers do not add up."""
    return len(longest_run(tried))


def longest_run(tried: Sequence[Attempt]) -> list[Attempt]:
    """The attempts of that run, in the order of the issues."""
    papers_: dict[str, dict[int, Attempt]] = {}
    for item in valid_attempts(tried):
        if item["way"] == "newspaper":
            papers_.setdefault(_paper(item), {})[_issue(item)] = item
    best: list[Attempt] = []
    for issues in papers_.values():
        for first in issues:
            run: list[Attempt] = []
            while (found := issues.get(first + len(run))) is not None:
                run.append(found)
            best = max(best, run, key=len)
    return best


def _paper(item: Attempt) -> str:
    return str(item["details"]["newspaper"]).casefold()


def _issue(item: Attempt) -> int:
    return int(item["details"]["issue"])


def status_after(template: str, tried: Sequence[Attempt], papers: Papers) -> str:
    """The status of an issued letter by its attempts that are not annulled.

    Served stays served. A newspaper publishes only with the last of the consecutive issues that are needed, and a
    letter that is there to be printed is published by its issues alone.
    """
    status, seen = "issued", []
    for item in valid_attempts(tried):
        seen.append(item)
        status = _next(template, status, item, seen, papers)
    return status


def _next(template: str, status: str, item: Attempt, seen: Sequence[Attempt], papers: Papers) -> str:
    if item["way"] == "newspaper":
        done = consecutive_issues(seen) >= papers.issues
        ends = template in papers.printed or status != "served"
        return "published" if done and ends else status
    if item["result"] in UNDER_WAY or (status == "published" and template in papers.printed):
        return status
    if item["result"] == "returned":
        return status if status in ("served", "published") else "undelivered"
    return "served" if "served" in (status, item["result"]) else "published"


def effective_on(delivery: Delivery, tried: Sequence[Attempt], papers: Papers) -> date:
    """When the letter counts as having reached its addressee: posting at its end, issues with the last of them."""
    if delivery.way == "newspaper":
        return max((item["on"] for item in longest_run(tried)[: papers.issues]), default=delivery.on)
    return delivery.to_on or delivery.on

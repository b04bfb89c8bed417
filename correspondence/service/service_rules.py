"""What an attempt of service has to say, by the ways of the procedure, and what the attempts make of a letter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.errors import Refused, WrongInput
from models.typed_rows.letter_shapes import ServiceRow
from procedures.paper_steps import Papers
from procedures.service_ways import DETAILS, UNDER_WAY, Issues, ServiceWay, WayResult
from procedures.state_machine.field_values import clean_text

HIGHEST_ISSUE = 1_000_000
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


def checked(delivery: Delivery, issued_on: date, today: date, papers: Papers) -> dict[str, str]:
    """The details in clean text. Raises WrongInput: every field that is wrong or missing, the first leading."""
    way = papers.all_ways().get(delivery.way)
    result = way.results.get(delivery.result) if way else None
    if way is None or result is None:
        known = ", ".join(f"{name}:{ended}" for name, one in papers.all_ways().items() for ended in one.results)
        raise WrongInput("way", "no_such_service", way=delivery.way, result=delivery.result, known=known)
    wrong = list(_wrong_days(delivery, way, result, issued_on, today))
    given = {name: value for name, value in (delivery.details or {}).items() if name in DETAILS and value}
    details = {name: " ".join(clean_text(name, value).split()) for name, value in given.items()}
    wrong += [WrongInput(name, f"service_needs_{name}") for name in result.needs if not details.get(name)]
    number = details.get(way.issues.number) if way.issues else None
    if way.issues and number and not _is_issue(number):
        wrong.append(WrongInput(way.issues.number, "not_an_issue", value=number[:20]))
    if not delivery.evidence and not result.under_way:
        wrong.append(WrongInput("evidence", "service_needs_proof"))
    if wrong:
        wrong[0].params["also"] = wrong[1:]
        raise wrong[0]
    return details


def _is_issue(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= HIGHEST_ISSUE


def _wrong_days(
    delivery: Delivery, way: ServiceWay, result: WayResult, issued_on: date, today: date
) -> Iterator[WrongInput]:
    on, to_on = delivery.on, delivery.to_on
    if on < issued_on:
        yield WrongInput("on", "served_before_issue", issued=issued_on.strftime("%d/%m/%Y"))
    if on > today:
        yield WrongInput("on", "served_in_future")
    if not way.span:
        return
    if to_on is None or to_on <= on:
        yield WrongInput("to_on", "posting_needs_end")
    elif to_on > today and not result.under_way:
        yield WrongInput("to_on", "posting_not_over", until=to_on.strftime("%d/%m/%Y"))


def check_against(tried: Sequence[Attempt], delivery: Delivery, details: Mapping[str, str], papers: Papers) -> None:
    """What was tried before must allow this attempt. Raises WrongInput, Refused."""
    way = papers.all_ways()[delivery.way]
    if way.issues:
        _check_issue(tried, delivery, way.issues, details)
    begun = under_way(tried, papers)
    if begun is None or begun["way"] != delivery.way:
        return
    if not way.span and delivery.on < begun["on"]:
        raise WrongInput("on", "served_before_sent", sent=begun["on"].strftime("%d/%m/%Y"))
    if way.results[delivery.result].under_way:
        raise Refused("service_under_way", on=begun["on"].strftime("%d/%m/%Y"))


def _check_issue(tried: Sequence[Attempt], delivery: Delivery, issues: Issues, details: Mapping[str, str]) -> None:
    """The same issue counts once, and a later number cannot have come out earlier."""
    number, paper = _issue(details, issues), _paper(details, issues)
    for item in valid_attempts(tried):
        if item["way"] != delivery.way or _paper(item["details"], issues) != paper:
            continue
        known, on = _issue(item["details"], issues), item["on"]
        if known == number:
            raise WrongInput(issues.number, "issue_twice", issue=number, on=on.strftime("%d/%m/%Y"))
        if (known < number) != (on < delivery.on):
            raise WrongInput("on", "issues_reversed", issue=known, on=on.strftime("%d/%m/%Y"))


def valid_attempts(tried: Sequence[Attempt]) -> list[Attempt]:
    """The attempts that were not annulled."""
    return [item for item in tried if item["annulled_at"] is None]


def under_way(tried: Sequence[Attempt], papers: Papers) -> Attempt | None:
    """The latest attempt, if its result is not recorded yet."""
    last = next((item for item in reversed(valid_attempts(tried)) if not _issues(item, papers)), None)
    return last if last is not None and _means(last, papers) == UNDER_WAY else None


def consecutive_issues(tried: Sequence[Attempt], papers: Papers) -> int:
    """The longest run of consecutive issues of one newspaper; two newspapers do not add up."""
    return len(longest_run(tried, papers))


def longest_run(tried: Sequence[Attempt], papers: Papers) -> list[Attempt]:
    """The attempts of that run, in the order of the issues."""
    printed: dict[str, dict[int, Attempt]] = {}
    for item in valid_attempts(tried):
        if issues := _issues(item, papers):
            printed.setdefault(_paper(item["details"], issues), {})[_issue(item["details"], issues)] = item
    best: list[Attempt] = []
    for numbered in printed.values():
        for first in numbered:
            run: list[Attempt] = []
            while (found := numbered.get(first + len(run))) is not None:
                run.append(found)
            best = max(best, run, key=len)
    return best


def _issues(item: Attempt, papers: Papers) -> Issues | None:
    way = papers.way(item["way"])
    return way.issues if way else None


def _means(item: Attempt, papers: Papers) -> str:
    """What the result of an attempt means; of a way that no version here knows, what it is called."""
    result = papers.result(item["way"], item["result"])
    return result.means if result else item["result"]


def _paper(details: Mapping[str, Any], issues: Issues) -> str:
    return str(details[issues.newspaper]).casefold()


def _issue(details: Mapping[str, Any], issues: Issues) -> int:
    return int(details[issues.number])


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
    if _issues(item, papers):
        done = consecutive_issues(seen, papers) >= papers.issues
        ends = template in papers.printed or status != "served"
        return "published" if done and ends else status
    means = _means(item, papers)
    if means == UNDER_WAY or (status == "published" and template in papers.printed):
        return status
    if means == "returned":
        return status if status in ("served", "published") else "undelivered"
    return "served" if "served" in (status, means) else "published"


def effective_on(delivery: Delivery, tried: Sequence[Attempt], papers: Papers) -> date:
    """When the letter counts as having reached its addressee: posting at its end, issues with the last of them."""
    way = papers.way(delivery.way)
    if way is not None and way.issues:
        return max((item["on"] for item in longest_run(tried, papers)[: papers.issues]), default=delivery.on)
    return delivery.to_on or delivery.on

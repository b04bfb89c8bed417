"""The next step of ticked letters: what will be done with each and why not, one press, and what became of each."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from correspondence.letter_queue import waiting_letters
from correspondence.many_letters import MOST, Planned, planned, take_steps
from models.database import reading
from models.errors import WrongInput
from web.rendering import error_text, page, status_of
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
DOORS: Mapping[str, str] = {
    "numbers": "/letters/numbers", "enter": "/letters/signed", "confirm": "/letters/signed/confirm",
    "serve": "/letters/serve?letter={letter}", "esign": "/letters/{letter}#signed",
}  # fmt: skip


@router.get("/letters/next", name="next_steps")
def next_steps(here: Here, letter: str | None = None) -> Response:
    """`letter`: the numbers of those that were ticked, with commas; without it, the first that wait for this person."""
    try:
        with reading(here.bind) as connection:
            if letter is None:
                chosen = waiting_letters(connection, here.person, here.today, MOST)
            else:
                chosen = _numbers(letter.split(","))
            plans = planned(connection, chosen, here.person, here.today) if letter is not None or chosen else []
    except WrongInput as error:
        return _nothing(here, error)
    doable = [plan for plan in plans if plan.act]
    return page(
        here, "letters/next_steps.html", doable=doable, others=[plan for plan in plans if not plan.act],
        acts=list(dict.fromkeys(plan.act for plan in doable)), doors=_doors(plans),
        reasons={plan.row["id"]: error_text(plan.why, here.lang) for plan in plans if plan.why is not None},
    )  # fmt: skip


@router.post("/letters/next", name="next_steps_now")
def next_steps_now(here: Here, sent: Sent) -> Response:
    """Answered by the page itself: what is sent again is reported as done, and nothing is done twice."""
    try:
        done = take_steps(here.bind, _seen(sent), here.person, clock=here.clock)
    except WrongInput as error:
        return _nothing(here, error)
    return page(
        here, "letters/next_steps_taken.html", done=[item for item in done if item.why is None],
        refused=[(item, error_text(item.why, here.lang)) for item in done if item.why is not None],
    )  # fmt: skip


def _seen(sent: Typed) -> dict[int, str]:
    """The letters that stayed ticked, each with the mark of what was looked at."""
    return {number: sent.text(f"mark.{number}") for number in _numbers(sent.texts("letter"))}


def _numbers(texts: list[str]) -> list[int]:
    return list(dict.fromkeys(int(text) for text in texts if text.isdecimal() and len(text) < 10))


def _doors(plans: list[Planned]) -> dict[int, str]:
    """Where else each letter is dealt with."""
    return {plan.row["id"]: DOORS[plan.door].format(letter=plan.row["id"]) for plan in plans if plan.door}


def _nothing(here: Visit, error: WrongInput) -> Response:
    return page(
        here, "cases/bulk_empty.html", status=status_of(error), message=error_text(error, here.lang),
        title="bulkbar.letters", list_address="/letters",
    )  # fmt: skip

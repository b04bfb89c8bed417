"""What a procedure file says of the closing of a case."""

from typing import Any

from procedures.parts import Keys, Labelled, Part, Words


class ClosingPaper(Labelled):
    """A letter of an act that holds the closing until it is issued, with `proven` until its service is proven."""

    proven: bool = False


class InRows(Part):
    """A row of a table field of one of some acts, the latest of each, with these values."""

    verbs: Keys
    field: str
    where: dict[str, Any]


class ClosingHold(Labelled):
    """What holds the closing besides papers: an overlay, or a deadline that is still open. `by`: acts that settle it.

    `irregular`: it holds while a day against the rules is neither cured nor accepted.

    `unless_proven`: it does not hold once one of these letters is proven served; `unless_row`: once a row is recorded.
    """

    remedy: Words
    overlay: str = ""
    deadline: str = ""
    irregular: bool = False
    by: Keys = ()
    unless_proven: Keys = ()
    unless_row: InRows | None = None


class Closing(Part):
    """What has to be settled before a case is closed. `free`: letters that hold nothing, each with the reason."""

    papers: dict[str, ClosingPaper] = {}
    free: dict[str, Words] = {}
    holds: dict[str, ClosingHold] = {}

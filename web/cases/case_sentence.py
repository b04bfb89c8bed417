"""One sentence on top of a case: what it waits for, from whom, since when, what follows by law, and its button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.case_documents import CaseDocument
from oversight.lights import light_of_deadline
from procedures.schema import Procedure
from procedures.state_machine.next_act import NextAct
from templates.formats import date_vi
from templates.words import t
from web.labels import roles_in_words
from web.rendering import days_left, error_text

OF_THE_READER = frozenset({"wrong_role", "wrong_level", "not_office_above", "out_of_scope", "four_eyes"})


@dataclass(frozen=True, slots=True)
class CaseSentence:
    """`waits`: what for, from whom, since when. `follows`: the date that runs. `verb`: the reader's own act, or ""."""

    waits: str
    follows: str
    overdue: bool
    verb: str
    label: str


def sentence_of(
    procedure: Procedure, document: CaseDocument, coming: NextAct | None, running: Sequence[Any], today: date, lang: str
) -> CaseSentence | None:
    """The sentence of an open case today; None for one that is closed or not opened yet. `running`: its deadlines."""
    if document["closed_on"] or not document["opened_on"]:
        return None
    verb = procedure.verbs.get(coming.verb) if coming else None
    mine = coming is not None and coming.mine and verb is not None and not document["obstacles"]
    follows, overdue = _follows(running, today, lang)
    return CaseSentence(
        _waits(procedure, document, coming, today, lang), follows, overdue,
        coming.verb if coming and mine else "", verb.label[lang] if verb else "",
    )  # fmt: skip


def _waits(procedure: Procedure, document: CaseDocument, coming: NextAct | None, today: date, lang: str) -> str:
    """What holds the case up, else the next act and whose turn it is."""
    if document["obstacles"]:
        return " ".join(
            t(
                "sentence.held_up", lang, what=item["label"], whom=item["lifted_by"], since=date_vi(item["since"]),
                count=(today - item["since"]).days,
            )
            for item in document["obstacles"]
        )  # fmt: skip
    if coming is None:
        return t("sentence.nothing", lang)
    since = max(fact["occurred_on"] for fact in document["facts"] if not fact["annulled"])
    days = {"since": date_vi(since), "count": (today - since).days}
    verb = procedure.verbs[coming.verb]
    if coming.mine:
        return t("sentence.mine", lang, act=verb.label[lang], **days)
    whom = roles_in_words([role for role in verb.by if role in procedure.roles], lang)
    return " ".join(
        [t("sentence.others", lang, act=verb.label[lang], whom=whom, **days), *_why(procedure, document, coming, lang)]
    )


def _why(procedure: Procedure, document: CaseDocument, coming: NextAct, lang: str) -> Iterator[str]:
    """What keeps those whose turn it is from the next act; shown to every reader, as far as it is known."""
    blocking = (item for item in document["overlays"] if coming.verb in procedure.overlays[item["code"]].blocks)
    if (overlay := next(blocking, None)) is not None:
        yield t("errors.overlay_in_the_way", lang, overlay=overlay["label"])
    elif coming.reason is not None and coming.reason.code not in OF_THE_READER:
        yield error_text(coming.reason, lang)


def _follows(running: Sequence[Any], today: date, lang: str) -> tuple[str, bool]:
    """The nearest legal limit that runs, else the nearest date of the plan; and whether a legal limit has passed."""
    open_ = [item for item in running if item["status"] == "open" and item["ends_on"] and item["kind"] != "period"]
    nearest = min(open_, key=lambda item: (item["kind"] != "legal", item["ends_on"]), default=None)
    if nearest is None:
        return t("sentence.no_date", lang), False
    article = (
        next((line.article for line in nearest["lines"] if line.article), "") if nearest["kind"] == "legal" else ""
    )
    text = t(
        f"sentence.date_{'legal' if nearest['kind'] == 'legal' else 'plan'}", lang, label=nearest["label"],
        on=date_vi(nearest["ends_on"]), left=days_left(today, nearest["ends_on"], nearest["kind"], lang),
        article=f" ({article})" if article else "",
    )  # fmt: skip
    return text, light_of_deadline(nearest["kind"], nearest["ends_on"], today) == "past_legal"

"""A letter put together from its template, the facts of its case and what was typed: one, or a thousand in a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from casework.ledger import LoadedCase, load_cases
from correspondence.citation_clearance import cleared_on
from correspondence.joint.shares import kind_of
from correspondence.letter_data import LetterData
from correspondence.signing import head_of
from letters.catalogue import LetterType, TemplateError
from letters.draft import Signer, draft
from letters.field_sources import BATCH, COUNCIL, OBSTACLES
from letters.letter_input import LetterInput
from letters.tree import Letter
from models.errors import Refused
from models.letter_links import OBSTACLE_LETTER
from models.office_kind import is_trial
from models.typed_rows.case_shapes import CarriedCase
from models.typed_rows.letter_shapes import LetterOfCase
from templates.words import say


def compose_rows(
    connection: Connection,
    rows: Sequence[LetterOfCase],
    today: date,
    signers: Mapping[int, Signer] | None = None,
) -> dict[int, Letter]:
    """Letters that are not frozen yet, by the ids of their rows; each with its signer where one is known.

    Raises Refused when a template does not fit what its case has become.
    """
    cases = load_cases(connection, [row["case_id"] for row in rows])
    composer, known = Composer(connection, today), signers or {}
    found = {}
    for row in rows:
        try:
            found[row["id"]] = composer.of_row(row, cases[row["case_id"]], known.get(row["id"]))
        except TemplateError as error:
            raise Refused("letter_does_not_fit", ref=row["ref"], why=str(error)) from None
    return found


def unfit(error: TemplateError | Refused) -> Mapping[str, str] | str:
    """Why a letter cannot be composed, in both languages; an error of a template is reported with its own message."""
    if isinstance(error, TemplateError):
        return str(error)
    return {"vi": say(error, "vi"), "en": say(error, "en")}


class Composer:
    """Composes letters as of a day; what they have in common is read once."""

    def __init__(self, connection: Connection, today: date) -> None:
        self._connection = connection
        self._today = today
        self._data = LetterData(connection)
        self._heads: dict[tuple[str, str, str, str], Signer] = {}

    def letter(
        self,
        loaded: LoadedCase,
        kind: LetterType,
        fact_seq: int | None,
        extra: Mapping[str, Any],
        signer: Signer | None = None,
    ) -> Letter:
        """As it reads today; without a signer the head of the issuing body is shown. Raises TemplateError."""
        data = self._data.of(loaded, fact_seq, extra, kind, on=self._today)
        return self._composed(loaded, kind, data, signer)

    def joint(
        self,
        loaded: LoadedCase,
        kind: LetterType,
        fact_seq: int | None,
        extra: Mapping[str, Any],
        letter_id: int,
        batch_id: int,
        signer: Signer | None = None,
    ) -> Letter:
        """`letter` for many cases of a batch; `loaded` is the first of them. Raises TemplateError."""
        batch = {BATCH: self._data.of_batch(letter_id, batch_id)}
        return self._about_many(loaded, kind, fact_seq, extra, batch, signer)

    def on_obstacles(
        self, loaded: LoadedCase, kind: LetterType, extra: Mapping[str, Any], letter_id: int,
        signer: Signer | None = None,
    ) -> Letter:  # fmt: skip
        """One letter on obstacles of many cases; `loaded` is the first of them. Raises TemplateError."""
        listed = {OBSTACLES: self._data.of_obstacles(letter_id)}
        return self._about_many(loaded, kind, None, extra, listed, signer)

    def _about_many(
        self, loaded: LoadedCase, kind: LetterType, fact_seq: int | None, extra: Mapping[str, Any],
        listed: Mapping[str, Mapping[str, Any]], signer: Signer | None,
    ) -> Letter:  # fmt: skip
        data = self._data.of(loaded, fact_seq, extra, kind, on=self._today)
        return self._composed(loaded, kind, {**data, "facts": {**data["facts"], **listed}}, signer)

    def _composed(self, loaded: LoadedCase, kind: LetterType, data: LetterInput, signer: Signer | None) -> Letter:
        by = signer or self._head(kind, loaded.row, data["way"], data["facts"].get(COUNCIL, {}).get("chair", ""))
        composed = draft(kind.name, data, self._today, signer=by, cleared=self._cleared)
        return replace(composed, trial=self._trial)

    def of_row(self, row: LetterOfCase, loaded: LoadedCase, signer: Signer | None = None) -> Letter:
        """The letter of a row that is not frozen yet. Raises NotFound, TemplateError."""
        kind, extra, batch = kind_of(row), row["data"]["extra"], row["joint_id"]
        if batch is not None:
            return self.joint(loaded, kind, row["fact_seq"], extra, row["id"], batch, signer)
        if kind.name == OBSTACLE_LETTER:
            return self.on_obstacles(loaded, kind, extra, row["id"], signer)
        return self.letter(loaded, kind, row["fact_seq"], extra, signer)

    def _head(self, kind: LetterType, case: CarriedCase, way: str, chair: str) -> Signer:
        if kind.issuer == "council" and way != "voluntary" and chair:
            return Signer(chair)
        place = kind.name, case["level"], case["district_code"], way
        if place not in self._heads:
            self._heads[place] = head_of(self._connection, kind, case, self._today, way)
        return self._heads[place]

    @cached_property
    def _trial(self) -> bool:
        return is_trial(self._connection)

    @cached_property
    def _cleared(self) -> frozenset[str]:
        return cleared_on(self._connection, self._today)

"""Whether the person who is named on a paper may have signed it; who typed it does not matter."""

import unicodedata
from datetime import date

from sqlalchemy import Connection

from correspondence.signing import body_for, entitled, remedy, who_may
from letters.catalogue import LetterType
from letters.draft import AUTHORITIES, Signer
from models.errors import WrongInput
from models.typed_rows.case_shapes import CarriedCase


def competent_signer(
    connection: Connection, kind: LetterType, row: CarriedCase, name: str, authority: str, on: date
) -> Signer:
    """How a person signs a letter who is named on it, with the right under which the paper has it, on its day.

    Raises WrongInput at `signer` or `authority`: who may sign, and what would let another do so.
    """
    right = authority.strip().rstrip(".").upper()
    if right == "TM":  # for the collective: the head of the body, whose letters print the line by themselves
        right = ""
    if right not in AUTHORITIES:
        raise WrongInput(
            "authority", "not_an_option", value=authority[:20], options=", ".join(filter(None, AUTHORITIES))
        )
    listed = entitled(connection, kind, row, on)
    same = [item for item in listed if _plain(item.name) == _plain(name)]
    found = next((item for item in same if item.authority == right), None)
    if found is not None:
        return Signer(found.name, found.authority, found.post if right else "")
    key = body_for(connection, kind, row)
    if same:
        rights = ", ".join(f"{item.authority}." if item.authority else "–" for item in same)
        raise WrongInput("authority", "named_signs_otherwise", name=same[0].name, rights=rights)
    raise WrongInput(
        "signer", "named_may_not_sign", name=name[:80], on=on, who=who_may(listed, key), remedy=remedy(listed, key)
    )


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())

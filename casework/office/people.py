"""The people who act: sign-in, scope of districts, and substitution during absences."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, RowMapping, bindparam, select

from models.driver_sql import DriverStatement
from models.errors import NotFound, Refused
from models.office_kind import SAMPLE, kind_of
from models.tables import absences, officers
from procedures.facts import CLOCK, Doer

CITY_OFFICE = "HP"  # the code of the city's own office, beside those of the districts


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who signs in. No district: the city's own office."""

    id: int
    login: str
    name: str
    role: str
    district: str | None
    lang: str = "vi"
    temporary: bool = False  # has to choose a password of their own first
    post: str = ""  # as letters print it
    stamp: str = ""  # changes with the password, so that older sessions end

    @property
    def office(self) -> str:
        """The code of the person's office: of the district, or of the city's own."""
        return self.district or CITY_OFFICE

    def doer(self) -> Doer:
        return Doer(self.login, self.role, self.district)


SYSTEM = Doer(CLOCK, CLOCK)


_OF_LOGIN = select(officers).where(officers.c.login == bindparam("asked"))
_DOER = DriverStatement(
    select(officers.c.role, officers.c.district_code, officers.c.active).where(officers.c.login == bindparam("asked"))
)


def doer_of(connection: Connection, login: str) -> Doer:
    """Who a login is, for the engine; the system itself is `clock`. Raises NotFound as `actor` does."""
    if login == CLOCK:
        return SYSTEM
    found = _DOER.first(connection, {"asked": login})
    role, district, active = found or ("", None, False)
    return doer_by(login, role, district, active=active)


def doer_by(login: str, role: str, district: str | None, *, active: bool) -> Doer:
    """Who a login is by the columns of its row. Raises NotFound unless it is `active`."""
    if not active:
        raise NotFound("no_such_officer", login=login)
    return Doer(login, role, district)


def actor(connection: Connection, login: str) -> Actor:
    """The active person of a login. Raises NotFound."""
    row = connection.execute(_OF_LOGIN, {"asked": login}).mappings().first()
    if row is None or not row["active"]:
        raise NotFound("no_such_officer", login=login)
    return _actor(row)


def sign_in(connection: Connection, login: str, password: str) -> Actor:
    """The person if the password is right. Raises Refused with one message whichever of the two was wrong."""
    row = connection.execute(select(officers).where(officers.c.login == login.strip().lower())).mappings().first()
    known = row["password_hash"] if row is not None and row["active"] else _dummy_hash()
    if not matches(known or _dummy_hash(), password) or row is None or not row["active"]:
        raise Refused("wrong_sign_in")
    if row["is_sample"] and kind_of(connection) != SAMPLE:
        raise Refused("sample_person")
    return _actor(row)


_AT_ONCE = BoundedSemaphore(4)  # each takes 64 MB: forty at once would take the machine


def matches(known: str, password: str) -> bool:
    """Whether a password is the one behind a hash, whichever way a keyboard composes its accents.

    A hash from before passwords were composed may hold the letters as they came: those are tried after.
    """
    forms = dict.fromkeys((composed(password), password, unicodedata.normalize("NFD", password)))
    return any(_verifies(known, form) for form in forms)


def _verifies(known: str, password: str) -> bool:
    try:
        with _AT_ONCE:
            return bool(hasher().verify(known, password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def hash_of(password: str) -> str:
    """The hash (Argon2id) that is stored of a password."""
    return hasher().hash(composed(password))


def composed(password: str) -> str:
    """The password with its accents in one form (NFC): keyboards store one and the same word in two."""
    return unicodedata.normalize("NFC", password)


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's defaults."""
    return PasswordHasher()


@cache
def _dummy_hash() -> str:
    # an unknown login costs the same time as a wrong password
    return hasher().hash("no such person")


def may_see(person: Actor, district: str) -> bool:
    """The city sees all; a district sees its own."""
    return person.district is None or person.district == district


def require_visible(person: Actor, district: str, ref: str) -> None:
    """Raises NotFound, as for an unknown reference, when the person may not see the district's cases."""
    if not may_see(person, district):
        raise NotFound("no_such_case", ref=ref)


def substitutes_for(connection: Connection, officer_id: int, day: date) -> list[int]:
    """The ids of the absent officers whom this officer substitutes for on a day."""
    found = select(absences.c.officer_id).where(
        absences.c.substitute_id == officer_id, absences.c.from_on <= day, absences.c.to_on >= day
    )
    return list(connection.scalars(found))


def _actor(row: RowMapping) -> Actor:
    stamp = hashlib.sha256(row["password_hash"].encode()).hexdigest()[:16]
    return Actor(
        row["id"],
        row["login"],
        row["name"],
        row["role"],
        row["district_code"],
        row["lang"],
        row["temporary"],
        row["post"],
        stamp,
    )

"""Every form says, signed, for whom and at which address it was drawn: one that comes without a session has an owner.

Such a mark cannot be made for another person: text that a stranger plants is kept for nobody.
"""

from dataclasses import dataclass

from fastapi import Request
from itsdangerous import BadData, URLSafeTimedSerializer

MARK = "drawn"
LIFE = 30 * 24 * 3600  # seconds a page may stay open and its text still be kept
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """For whom (officer id) and at which address a form was drawn."""

    person: int
    page: str


def marks(secret: str) -> URLSafeTimedSerializer:
    """What signs the marks; another key than the sessions' comes of the same secret."""
    return URLSafeTimedSerializer(secret, salt="coopcase form")


def mark_of(request: Request, person: int) -> str:
    """The mark for the forms of a page; a form that is shown again keeps the address that it was first drawn at."""
    before: Drawn | None = getattr(request.state, "drawn", None)
    kept = before.page if before and before.person == person else ""
    serializer: URLSafeTimedSerializer = request.app.state.marks
    return str(serializer.dumps([person, (kept or address_of(request))[:LONGEST_ADDRESS]]))


def read_mark(request: Request, sent: object) -> Drawn | None:
    """None for a mark that is missing, too old, or not ours."""
    serializer: URLSafeTimedSerializer = request.app.state.marks
    try:
        person, page = serializer.loads(str(sent or ""), max_age=LIFE)
    except (BadData, ValueError):
        return None
    return Drawn(int(person), str(page))


def address_of(request: Request) -> str:
    """The path and the question of a request; never the address of another site."""
    return "/" + request.url.path.lstrip("/\\") + (f"?{request.url.query}" if request.url.query else "")

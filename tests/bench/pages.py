"""The pages of the lists at 50,000 cases, as several roles see them: size, and processor time of an answer.

Measured in one process with the client, so that a little of the time is the client's.
"""

from collections.abc import Callable
from time import process_time

from fastapi.testclient import TestClient

from tests.web.web_office import Visitor, login_of
from web.app import create_app

MOST_BYTES, MOST_SECONDS = 100_000, 0.2
TIMES = 3  # the best of so many
OFFICER = "cv0.hbg"
LISTS = (
    "/work", "/work?scope=office", "/work?scope=office&sort=unit&p=40", "/work?scope=office&q=so+4321",
    "/calendar", "/calendar?scope=office", "/register", "/register?p=200", "/letters", "/letters?status=all",
    "/obstacles", "/incoming", "/book", "/inbox", "/search?q=htx+dich+vu", "/outstanding",
    "/operations", "/instructions",
)  # fmt: skip
OF_HEADS = ("/late", "/reassign", "/irregularities", "/late/contradictions")


def run(say: Callable[[str], None]) -> None:
    """Print each page with its figures; those beyond a limit are marked."""
    client = TestClient(create_app())
    for login, paths in (
        (OFFICER, LISTS),
        (login_of("manager"), LISTS + OF_HEADS),
        (login_of("manager", None), LISTS + OF_HEADS),
    ):
        visitor = Visitor(client)
        client.cookies.clear()
        visitor.sign_in(login)
        for path in paths:
            say(_measured(visitor, login, path))


def _measured(visitor: Visitor, login: str, path: str) -> str:
    times = []
    for _ in range(TIMES):
        start = process_time()
        answer = visitor.get(path)
        times.append(process_time() - start)
    size, seconds = len(answer.content), min(times)
    beyond = [name for name, over in (("size", size > MOST_BYTES), ("time", seconds > MOST_SECONDS)) if over]
    mark = f"  BEYOND THE LIMIT: {', '.join(beyond)}" if beyond else ""
    return f"page {path} of {login}: {answer.status_code}, {size / 1000:.0f} kB, {seconds * 1000:.0f} ms{mark}"

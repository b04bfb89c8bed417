"""A button pressed twice: what was asked for is done once, whether the second press comes at once or later."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select

from models.database import reading
from models.tables import absences, channels, import_runs, incoming, letter_rows
from tests.web.web_office import PASSWORD, Office, login_of
from web.app import create_app

REGISTERED = {"from_body": "Chi cục Thuế", "summary": "Trả lời về nợ thuế", "symbol": "12/CV"}
FORMS = [
    pytest.param("case_officer", "/incoming/new", "/incoming", REGISTERED, incoming, id="a document registered"),
    pytest.param(
        "case_officer", "/cases/{first}/letters/new", "/cases/{first}/letters/new",
        {"template": "name_deletion_notice"}, letter_rows, id="a letter drafted",
    ),
    pytest.param(
        "case_officer", "/me", "/me/absence",
        {"from_on": "15/03/2016", "to_on": "16/03/2016", "substitute": "second.hbg"}, absences, id="an absence",
    ),
    pytest.param(
        "case_officer", "/me", "/me/channels", {"label": "Thư", "address": "json://203.0.113.7/x"}, channels,
        id="a channel",
    ),
]  # fmt: skip


def count(office: Office, table: Table) -> int:
    with reading(office.bind) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(csrf|once)" value="([^"]+)">', page))


async def signed_in(role: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url="http://x")
    sent = {"login": login_of(role), "password": PASSWORD, **hidden((await client.get("/sign-in")).text)}
    assert (await client.post("/sign-in", data=sent)).status_code == 303
    return client


async def pressed(client: httpx.AsyncClient, path: str, page: str, data: Mapping[str, Any]) -> list[str]:
    """Where three presses lead: two at once, and a late one."""
    form = {**data, **hidden((await client.get(page)).text)}
    both = await asyncio.gather(*(client.post(path, data=form) for _ in range(2)))
    late = await client.post(path, data=form)
    return [f"{answer.status_code} {answer.headers.get('location')}" for answer in (*both, late)]


@pytest.mark.parametrize(("role", "page", "path", "data", "table"), FORMS)
def test_pressed_twice_done_once(
    office: Office, role: str, page: str, path: str, data: Mapping[str, Any], table: Table
) -> None:
    async def press() -> list[str]:
        client = await signed_in(role)
        return await pressed(client, path.format(first=office.first), page.format(first=office.first), data)

    before = count(office, table)
    led = asyncio.run(press())
    assert len(set(led)) == 1, led
    assert led[0].startswith("303")
    assert count(office, table) == before + 1


def test_another_content_from_the_same_page_is_another_wish(office: Office) -> None:
    async def press() -> None:
        client = await signed_in("case_officer")
        form = REGISTERED | hidden((await client.get("/incoming/new")).text)
        for summary in ("Một", "Hai", "Hai"):
            assert (await client.post("/incoming", data=form | {"summary": summary})).status_code == 303

    asyncio.run(press())
    assert count(office, incoming) == 2


def test_what_was_refused_may_be_sent_again(office: Office) -> None:
    async def press() -> list[int]:
        client = await signed_in("case_officer")
        form = {"label": "", "address": "json://203.0.113.7/x"} | hidden((await client.get("/me")).text)
        return [(await client.post("/me/channels", data=form)).status_code for _ in range(2)]

    assert asyncio.run(press()) == [422, 422]


def test_files_count_as_content(office: Office) -> None:
    async def press() -> list[int]:
        client = await signed_in("manager")
        form = hidden((await client.get("/import")).text)
        files = [{"file": ("a.csv", text.encode())} for text in ("Tên hợp tác xã;Quận/huyện\nHTX A;Hồng Bàng\n", "x")]
        return [(await client.post("/import", data=form, files=file)).status_code for file in files]

    assert asyncio.run(press())[0] == 200
    assert count(office, import_runs) == 0


def test_signing_in_with_a_double_click_signs_in(office: Office) -> None:
    """The browser takes the cookie of the last answer alone."""

    async def press() -> list[bool]:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url="http://x")
        sent = {"login": login_of("manager"), "password": PASSWORD, **hidden((await client.get("/sign-in")).text)}
        planted = dict(client.cookies)
        both = await asyncio.gather(*(client.post("/sign-in", data=sent, cookies=planted) for _ in range(2)))
        return ["coopcase" in answer.cookies for answer in both]

    assert asyncio.run(press()) == [True, True]

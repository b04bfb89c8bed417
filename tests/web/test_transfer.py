"""What travels: compressed, without a body, kept or not, and what is asked for by robots and browsers by themselves."""

import re
from collections.abc import Callable

import pytest

from models.settings import settings
from tests.web.web_office import Office, Visitor
from web.app import create_app
from web.rendering import static_path

As = Callable[..., Visitor]
GZIP = {"Accept-Encoding": "gzip"}


def test_what_repeats_its_address_is_not_compressed(office: Office, as_role: As) -> None:
    client = as_role("manager").client
    for path in ("/work", "/me", static_path("coopcase.css"), "/work.csv"):
        answer = client.get(path, headers=GZIP)
        assert (answer.status_code, answer.headers.get("content-encoding")) == (200, "gzip"), path
        assert "Accept-Encoding" in answer.headers["vary"], path
    for path in ("/work?q=guess", "/no-such-page", "/work.xlsx", "/robots.txt"):
        assert "content-encoding" not in client.get(path, headers=GZIP).headers, path
    assert "content-encoding" not in client.get("/work", headers={"Accept-Encoding": "identity"}).headers


def test_a_head_is_the_answer_without_its_body(office: Office, as_role: As, anybody: Visitor) -> None:
    for client, path in ((anybody.client, "/sign-in"), (as_role("manager").client, "/work"), (anybody.client, "/work")):
        whole, head = (client.request(method, path, follow_redirects=False) for method in ("GET", "HEAD"))
        assert (head.status_code, head.headers.get("content-type")) == (
            whole.status_code,
            whole.headers.get("content-type"),
        )
        assert head.content == b""
    assert anybody.client.head("/feed/x.ics").status_code == 404


def test_what_browsers_and_robots_ask_for_by_themselves_gives_no_session(anybody: Visitor) -> None:
    for path, kind in (("/favicon.ico", "image/svg+xml"), ("/robots.txt", "text/plain; charset=utf-8")):
        answer = anybody.client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert "set-cookie" not in answer.headers
    assert "Disallow: /" in anybody.client.get("/robots.txt").text


def test_only_the_address_of_its_content_is_kept_for_ever(anybody: Visitor) -> None:
    path = static_path("coopcase.css")
    assert "immutable" in anybody.client.get(path).headers["cache-control"]
    old = re.sub(r"/static/\w+/", "/static/0123456789ab/", path)
    assert anybody.client.get(old).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("site", "said"), [("https://x.vn", "max-age=31536000"), ("http://x.vn", None)])
def test_https_alone_once_reached_by_it(office: Office, monkeypatch: pytest.MonkeyPatch, site: str, said: str) -> None:
    from starlette.testclient import TestClient

    monkeypatch.setenv("COOPCASE_BASE_URL", site)
    settings.cache_clear()
    assert TestClient(create_app()).get("/robots.txt").headers.get("strict-transport-security") == said

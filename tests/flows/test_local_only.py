"""Prefect's server answers programs of this machine and its own pages, and no foreign page in a browser here."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from flows.runtime.local_only import LocalOnly

HERE = "127.0.0.1:4214"


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("ok")


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/api/x", lambda _: PlainTextResponse("ok"), methods=["GET", "POST", "OPTIONS"]),
        WebSocketRoute("/api/events", _greet),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(LocalOnly)
    return TestClient(app, base_url=f"http://{HERE}")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        pytest.param(HERE, None, 200, id="a program here"),
        pytest.param("localhost:4214", None, 200, id="by its other name"),
        pytest.param("[::1]:4214", None, 200, id="IPv6"),
        pytest.param("localhost:9000", "http://localhost:9000", 200, id="its own page, through a tunnel"),
        pytest.param(HERE, f"http://{HERE}", 200, id="its own page"),
        pytest.param("evil.example:4214", None, 403, id="a name bound anew"),
        pytest.param("127.0.0.1.evil.example:4214", None, 403, id="a name that looks like ours"),
        pytest.param("evil.example", "http://evil.example", 403, id="bound anew, with its page"),
        pytest.param(HERE, "https://evil.example", 403, id="a page from elsewhere"),
        pytest.param(HERE, "http://127.0.0.1:3000", 403, id="another server's page on this machine"),
        pytest.param(HERE, "null", 403, id="a page that hides where it is from"),
        pytest.param("", None, 403, id="no name"),
        pytest.param("[::1", None, 403, id="half a name"),
    ],
)
def test_who_is_heard(client: TestClient, host: str, origin: str | None, status: int) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    for method in ("GET", "POST", "OPTIONS"):
        assert client.request(method, "/api/x", headers=headers).status_code == status


def test_a_socket_of_a_strange_page_is_not_opened(client: TestClient) -> None:
    with client.websocket_connect("/api/events", headers={"host": HERE}) as socket:
        assert socket.receive_text() == "ok"
    strange = {"host": HERE, "origin": "https://evil.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/events", headers=strange):
        pass

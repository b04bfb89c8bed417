"""How answers travel: compressed where nothing secret can be guessed from their length, and without body for HEAD."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL, LEVEL = 1_000, 6  # bytes, effort
COMPRESSED_ALREADY = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip


class Compressed:
    """Compresses static files, and pages whose address asks nothing.

    A page that repeats what its address says beside the token of its forms would let another site guess the token
    from the length of many answers (BREACH): an address with a question, and an error, which repeats its address, go
    as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["query_string"] or not _takes_gzip(scope):
            return await self.app(scope, receive, send)
        found = _Successes(self.app, SMALL, LEVEL, exclude_content_types=COMPRESSED_ALREADY)
        return await found(scope, receive, send)


def _takes_gzip(scope: Scope) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


class _Successes(GZipResponder):
    """Leaves answers other than 200 as they are."""

    plain = False

    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.plain = message["status"] != 200
        await (self.send(message) if self.plain else super().send_with_compression(message))


class HeadsOfPages:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, without_body)
        else:
            await self.app(scope, receive, send)

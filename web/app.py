"""The pages and the API: one application, made by `create_app`."""

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from models.settings import settings
from templates.words import t


def create_app() -> FastAPI:
    """The application; `/healthz` answers when it serves."""
    app = FastAPI(title="Coopcase", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.get("/", response_class=PlainTextResponse)
    def first_page() -> str:
        return t("general.product", settings().lang)

    return app

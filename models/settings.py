"""Settings from the environment; secrets are never logged."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables `COOPCASE_…`; the README describes each."""

    model_config = SettingsConfigDict(env_prefix="COOPCASE_")

    data: Path = Path("var")
    database_url: str = ""
    today: date | None = None
    lang: str = "vi"
    secret: SecretStr = SecretStr("")
    mail: SecretStr = SecretStr("")  # an Apprise mailto address: the office's own server
    channels_inside: str = ""  # internal networks that personal channels may reach
    sign_pkcs12: Path | None = None  # certificate and key of the issuing body; None: letters are signed on paper
    sign_passphrase: SecretStr = SecretStr("")
    sign_tsa: str = ""  # address of the time-stamp server
    sign_trust: Path | None = None  # PEM file of the root certificates for verifying signatures
    sign_issuer: str = ""  # body whose letters the certificate signs, e.g. VBO/district_committee; empty: all
    sign_seal: Path | None = None  # PNG of the body's seal, shown with its electronic signature
    sign_seal_mm: int = 36  # width of the seal in mm
    sign_images: Path | None = None  # folder with a PNG of each signer's signature, LOGIN.png
    backup_to: Path | None = None  # folder of the nightly encrypted copies; None: none are made
    backup_keep: int = Field(default=14, ge=1)  # how many of them are kept
    scanner: str = ""  # virus scanner with clamd's protocol: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310
    scanner_away: Literal["refuse", "accept"] = "refuse"  # uploads while it does not answer
    host: str = "127.0.0.1"
    port: int = 8014
    prefect_port: int = 4214
    base_url: str = ""
    max_upload_mb: int = 20
    sample: bool = True  # fill an empty database with the sample office at start

    def url(self) -> str:
        """Return the database URL: the configured one, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'coopcase.db'}"

    def sqlite_path(self) -> Path | None:
        """Return the file of the database; None on PostgreSQL."""
        kind, _, path = self.url().partition(":///")
        return Path(path) if kind.startswith("sqlite") else None

    def site(self) -> str:
        """Return the public address of the site, for links in messages."""
        return self.base_url or f"http://{self.host}:{self.port}"

    def domain(self) -> str:
        """Return the host of the site, by which mails and calendar entries name their sender."""
        return urlsplit(self.site()).hostname or "localhost"

    def sender(self) -> str:
        """Return the address of mails that no mail server's setting gives a sender."""
        return f"coopcase@{self.domain()}"


@cache
def settings() -> Settings:
    """Return the settings, read once; tests call `settings.cache_clear()` after changing the environment."""
    return Settings()

"""A certificate authority and a time-stamp server of our own, made for the tests."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from letters.output.electronic import PNG
from models.settings import settings

PASSPHRASE = "mat-khau-chung-thu"
SUBJECT = "Phòng Tài chính - Kế hoạch quận Hồng Bàng (thử)"
FROM, UNTIL = datetime(2015, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Paper:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(DER))


@dataclass
class Authority:
    """A root, what it has certified, and what its time-stamp server says and does."""

    root: Paper
    office: Paper
    stamper: Paper
    at: datetime = datetime(2016, 3, 14, 2, 0, tzinfo=UTC)
    down: bool = False
    asked: list[int] = field(default_factory=list)

    def pkcs12(self, until: datetime | None = None) -> bytes:
        office = self.office if until is None else _certified(SUBJECT, self.root, until=until)
        chain = [self.root.certificate]
        sealed = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(b"thu", office.key, office.certificate, chain, sealed)

    def roots(self) -> bytes:
        return self.root.certificate.public_bytes(serialization.Encoding.PEM)

    def stamp(self, asked: tsp.TimeStampReq) -> bytes:
        private = self.stamper.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        known.register(self.root.asn1())
        stamper = DummyTimeStamper(self.stamper.asn1(), keys.PrivateKeyInfo.load(private), known, fixed_dt=self.at)
        return bytes(stamper.request_tsa_response(asked).dump())

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of the time-stamp server while it runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _answering(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(len(body))
            answer = b"" if authority.down else authority.stamp(tsp.TimeStampReq.load(body))
            self.send_response(503 if authority.down else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return Answering


@cache
def authority() -> Authority:
    """The same one for all tests of a process: keys take their time."""
    root = _certified("Gốc chứng thực (thử)")
    stamper = _certified("Dấu thời gian (thử)", root, stamps=True)
    return Authority(root, _certified(SUBJECT, root), stamper)


def fresh_authority() -> Authority:
    """Its keys, with a time-stamp server without any request yet."""
    made = authority()
    return Authority(made.root, made.office, made.stamper)


def _certified(name: str, issuer: Paper | None = None, *, stamps: bool = False, until: datetime = UNTIL) -> Paper:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_root = issuer is None
    usage = x509.KeyUsage(not is_root, not is_root and not stamps, False, False, False, is_root, is_root, False, False)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if stamps:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Paper(built.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def configured(authority: Authority, folder: Path, address: str) -> dict[str, str]:
    """The settings of an office that has a certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "co-quan.p12").write_bytes(authority.pkcs12())
    (folder / "goc.pem").write_bytes(authority.roots())
    return {
        "COOPCASE_SIGN_PKCS12": str(folder / "co-quan.p12"), "COOPCASE_SIGN_PASSPHRASE": PASSPHRASE,
        "COOPCASE_SIGN_TSA": address, "COOPCASE_SIGN_TRUST": str(folder / "goc.pem"),
    }  # fmt: skip


def picture(red: int, green: int, blue: int, *, wide: int = 60, high: int = 60) -> bytes:
    """A PNG with an oval of one colour on a transparent ground."""
    inside, outside = bytes((red, green, blue, 255)), bytes(4)
    rows = (
        b"\0" + b"".join(
            inside if (2 * x / wide - 1) ** 2 + (2 * y / high - 1) ** 2 < 1 else outside for x in range(wide)
        )
        for y in range(high)
    )  # fmt: skip
    head = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@contextmanager
def certified(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The settings of an office with a certificate, and its authority, while its server answers."""
    authority = fresh_authority()
    with authority.serving() as address:
        for name, value in configured(authority, folder, address).items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield authority

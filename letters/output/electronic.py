"""Electronic signatures of records (PAdES-B-T, as incremental updates) and their verification."""

import io
import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from letters.output.fonts import FAMILY
from letters.output.pdf import Place, typeset
from models.clock import HANOI
from models.errors import Refused, WrongInput

WIDTH, HEIGHT = 74, 12  # size of the visible signature in mm
RIGHT, TOP = 15, 4  # distance from the edges of the first page in mm
MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
FIELD = "ChuKySo"
ROOM = 26  # mm between post and name, as in letter.typ
COLUMN, OUTSIDE = (
    83,
    12,
)  # mm: the right half of the signature block; how far the seal may extend to its left
SIGNATURE = (48, 19)  # largest size of the image of a signature in mm
MOST = 1_000_000  # largest size of an image in bytes
PNG = b"\x89PNG\r\n\x1a\n"
_MIDDLE = AxisAlignment.ALIGN_MID
_WHOLE = SimpleBoxLayoutRule(_MIDDLE, _MIDDLE, Margins(0, 0, 0, 0), InnerScaling.STRETCH_FILL)
TSA_SECONDS = 10
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # an untrusted certificate is a result, not an error


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A certificate with its private key."""

    signer: SimpleSigner
    subject: str
    not_before: datetime
    not_after: datetime
    chain: tuple[x509.Certificate, ...]  # further certificates of its file


@dataclass(frozen=True, slots=True)
class Pictures:
    """PNG images shown at the signer's place; `across`: width of the seal in mm."""

    place: Place
    signature: bytes = b""
    seal: bytes = b""
    across: int = 36


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of verifying a signature in a PDF. `intact`: the signed bytes are unchanged."""

    subject: str
    issuer: str
    signed_at: datetime | None  # by the time-stamp, else as stated by the signer
    intact: bool
    whole: bool  # covers the whole file
    trusted: bool  # the certificate chains to a root that this office trusts
    stamped: bool  # has an intact time-stamp
    stamp_trusted: bool

    @property
    def valid(self) -> bool:
        return self.intact and self.whole and self.trusted and self.stamped and self.stamp_trusted


def load_key(path: Path, passphrase: str) -> SigningKey:
    """Load a PKCS#12 file. Raises WrongInput naming the setting, never its value."""
    try:
        data = path.read_bytes()
    except OSError:
        raise WrongInput("COOPCASE_SIGN_PKCS12", "sign_file_unreadable") from None
    try:
        signer = SimpleSigner.load_pkcs12_data(data, (), passphrase.encode() or None)
    except (ValueError, TypeError, AttributeError):
        raise WrongInput("COOPCASE_SIGN_PASSPHRASE", "sign_not_opened") from None
    certificate = signer.signing_cert
    if certificate is None:
        raise WrongInput("COOPCASE_SIGN_PKCS12", "sign_no_certificate")
    span = certificate["tbs_certificate"]["validity"]
    chain = tuple(other for other in signer.cert_registry if other.dump() != certificate.dump())
    return SigningKey(signer, _name(certificate.subject), span["not_before"].native, span["not_after"].native, chain)


def load_roots(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the trusted root certificates of a PEM file. Raises WrongInput."""
    try:
        found = tuple(load_certs_from_pemder([str(path)]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        found = ()
    if not found:
        raise WrongInput("COOPCASE_SIGN_TRUST", "sign_file_unreadable")
    return found


def load_picture(path: Path, setting: str) -> bytes:
    """Return the content of a PNG file. Raises WrongInput naming the setting."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if not data.startswith(PNG) or len(data) > MOST:
        raise WrongInput(setting, "sign_not_png", most=MOST // 1000)
    return data


def signed(
    record: bytes, key: SigningKey, *, body: str, at: datetime, tsa: str, pictures: Pictures | None = None
) -> bytes:
    """Return the record with a visible signature appended to its bytes.

    Args:
        body: name of the issuing body.
        at: time of signing.
        tsa: address of the time-stamp server.

    Raises:
        Refused: no time-stamp could be obtained.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(record))
    page, box = (pictures.place.page - 1, _box_of(pictures)) if pictures else (0, _box())
    field = SigFieldSpec(FIELD, on_page=page, box=box, readable_field_name=f"Chữ ký số của {body}")
    meta = PdfSignatureMetadata(
        FIELD, md_algorithm="sha256", name=key.subject, subfilter=SigSeedSubFilter.PADES, embed_validation_info=False
    )
    with tempfile.TemporaryDirectory() as folder:
        stamp = Path(folder) / "stamp.pdf"
        stamp.write_bytes(_stamp(body, at, pictures))
        style = StaticStampStyle.from_pdf_file(str(stamp), border_width=0, background_layout=_WHOLE)
        stamper = HTTPTimeStamper(tsa, timeout=TSA_SECONDS)
        signer = _At(meta, key.signer, timestamper=stamper, stamp_style=style, new_field_spec=field)
        signer.at = at
        try:
            return bytes(signer.sign_pdf(writer).getbuffer())
        except (TimestampRequestError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Refused("sign_no_time_stamp", why=type(error).__name__) from None


class _At(PdfSigner):
    """Signs with a given time instead of the system time."""

    at: datetime

    def init_signing_session(self, *given: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*given, **named)
        session.system_time = self.at
        return session


def checked(pdf: bytes, roots: Sequence[x509.Certificate], at: datetime) -> list[Checked]:
    """Verify every signature in a PDF at time `at`; empty for a file without one, or an unreadable one."""
    if b"/ByteRange" not in pdf:
        return []
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        return [_checked(item, roots, at) for item in found]
    except Exception:  # a broken PDF from outside can raise any exception
        return []


def _checked(embedded: Any, roots: Sequence[x509.Certificate], at: datetime) -> Checked:
    def trust() -> ValidationContext:
        return ValidationContext(trust_roots=list(roots), moment=at, allow_fetching=False, revocation_mode="soft-fail")

    status = validate_pdf_signature(embedded, trust(), trust())
    stamp, certificate = status.timestamp_validity, status.signing_cert
    return Checked(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        signed_at=stamp.timestamp if stamp else status.signer_reported_dt,
        intact=bool(status.intact and status.valid),
        whole=bool(status.coverage and status.coverage.name == "ENTIRE_FILE"),
        trusted=bool(status.trusted),
        stamped=bool(stamp and stamp.intact and stamp.valid),
        stamp_trusted=bool(stamp and stamp.trusted),
    )


def _box() -> tuple[int, int, int, int]:
    right, top = A4[0] - RIGHT * MM, A4[1] - TOP * MM
    return round(right - WIDTH * MM), round(top - HEIGHT * MM), round(right), round(top)


def _box_of(pictures: Pictures) -> tuple[int, int, int, int]:
    """The box around the signature space: as high as the seal and a little wider than the column."""
    left, top = pictures.place.left - OUTSIDE * MM, A4[1] - pictures.place.top + _above(pictures) * MM
    height = ROOM + 2 * _above(pictures)
    return round(left), round(top - height * MM), round(left + (COLUMN + OUTSIDE) * MM), round(top)


def _above(pictures: Pictures) -> float:
    """Millimetres by which the seal exceeds the signature space above and below."""
    return max(0.0, (pictures.across - ROOM) / 2) if pictures.seal else 0.0


def _stamp(body: str, at: datetime, pictures: Pictures | None) -> bytes:
    """The visible signature: time in Viet Nam with its zone, and the name of the body or images of signature and seal.

    The seal is red, of its real size, over the left third of the signature (Decree 30/2020, appendix I, recalled).
    """
    local = at.astimezone(HANOI)
    when = f"Thời gian ký: {local:%Y/%m/%d %H:%M:%S} +07:00"
    job: dict[str, Any] = {"title": f"Chữ ký số của {body}", "font": FAMILY}
    if pictures is None:
        job |= {"width": WIDTH, "height": HEIGHT, "lines": [body, when]}
    else:
        job |= {
            "width": COLUMN + OUTSIDE, "height": ROOM + 2 * _above(pictures), "when": when, "room": ROOM,
            "outside": OUTSIDE, "column": COLUMN, "above": _above(pictures), "across": pictures.across,
            "most": SIGNATURE, "signature": list(pictures.signature), "seal": list(pictures.seal),
        }  # fmt: skip
    return typeset("signature.typ", {"signature": json.dumps(job, ensure_ascii=False)}, local.date())


def _name(name: x509.Name) -> str:
    """The common name, with the organisation where present."""
    parts = name.native
    listed = [str(parts[part]) for part in ("common_name", "organization_name") if parts.get(part)]
    return ", ".join(dict.fromkeys(listed)) or name.human_friendly

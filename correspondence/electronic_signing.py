"""The electronic signature of an issuing body on the record of an issued letter: kept beside it, never in its place.

Signing calls a time-stamp server over the network, so it never happens while a number is taken: the letter is issued
already, and stays so whatever comes of the signature.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509
from sqlalchemy import Connection, Engine

from casework.office.people import Actor
from correspondence.bulk.batch_rows import letters_of, own_batch
from correspondence.bulk.bulk_prints import file_name
from correspondence.drafts import frozen_letter, one_letter, require_status
from correspondence.letter_files import read_bytes
from correspondence.letter_rights import ISSUERS, statuses_of
from correspondence.signed_versions import add_version, versions
from letters.output.electronic import Checked, Pictures, SigningKey, checked, load_key, load_picture, load_roots, signed
from letters.output.pdf import pdf, signing_place
from letters.output.press import OnProgress, no_progress
from letters.tree import Letter
from models.clock import Clock
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.office_kind import is_trial
from models.settings import Settings, settings
from models.typed_rows.letter_shapes import LetterOfCase, SignedVersionRow

PDF = "application/pdf"


def require_ready(chosen: Settings, now: datetime) -> None:
    """Raises WrongInput naming the setting that is wrong; an office without a certificate signs on paper."""
    if chosen.sign_pkcs12 is None:
        return
    key = office_key(chosen)
    if key is not None and not key.not_before <= now <= key.not_after:
        raise WrongInput("COOPCASE_SIGN_PKCS12", "sign_certificate_over", until=f"{key.not_after:%d/%m/%Y}")
    if not chosen.sign_tsa.startswith(("http://", "https://")):
        raise WrongInput("COOPCASE_SIGN_TSA", "sign_needs_tsa")
    office_roots(chosen)
    if chosen.sign_seal is not None:
        load_picture(chosen.sign_seal, "COOPCASE_SIGN_SEAL")
    if chosen.sign_images is not None and not chosen.sign_images.is_dir():
        raise WrongInput("COOPCASE_SIGN_IMAGES", "sign_no_folder")


def office_key(chosen: Settings) -> SigningKey | None:
    """The office's certificate with its key; none where the office signs on paper. Raises WrongInput."""
    if chosen.sign_pkcs12 is None:
        return None
    path = chosen.sign_pkcs12
    return _key(path, chosen.sign_passphrase.get_secret_value(), path.stat().st_mtime_ns if path.is_file() else 0)


def office_roots(chosen: Settings) -> tuple[x509.Certificate, ...]:
    """The roots this office trusts: those of its file, else those that came with its own certificate."""
    if chosen.sign_trust is not None:
        return load_roots(chosen.sign_trust)
    key = office_key(chosen)
    return tuple(one for one in key.chain if one.self_signed in ("yes", "maybe")) if key else ()


@lru_cache(maxsize=2)
def _key(path: Path, passphrase: str, _changed: int) -> SigningKey:
    return load_key(path, passphrase)


def may_sign_electronically(person: Actor, row: LetterOfCase) -> bool:
    """Whether the office has a certificate, and it is this person's and this letter's to be signed with."""
    chosen = settings()
    ours = row["issuer"].split("/")[0] == person.office
    meant = chosen.sign_issuer in ("", row["issuer"])
    return (
        chosen.sign_pkcs12 is not None
        and person.role in ISSUERS
        and row["status"] in statuses_of("esign")
        and ours
        and meant
    )


def sign_electronically(bind: Engine, letter_id: int, person: Actor, *, clock: Clock) -> int:
    """Sign the record of an issued letter and keep the signed file as a further version; returns its number.

    Raises:
        NotFound. WrongInput: a setting is wrong. Refused: no certificate, not theirs, signed already, no time-stamp.
    """
    chosen, now = settings(), clock.now()
    with reading(bind) as connection:
        row = one_letter(connection, letter_id, person)
        _require(connection, row, person, now)
    key = office_key(chosen)
    assert key is not None
    letter, record = frozen_letter(row), read_bytes(row["pdf_sha"])
    shown = _pictures(row, letter, record)
    data = signed(record, key, body=_body(letter), at=now, tsa=chosen.sign_tsa, pictures=shown)
    with writing(bind) as connection:
        row = one_letter(connection, letter_id, person, lock=True)
        _require(connection, row, person, now)
        name = f"{file_name(row)} ký số.pdf"
        return add_version(connection, letter_id, data, name, PDF, person, now)


def _require(connection: Connection, row: LetterOfCase, person: Actor, now: datetime) -> None:
    if settings().sign_pkcs12 is None:
        raise Refused("sign_on_paper")
    if is_trial(connection):
        raise Refused("trial_not_signed")
    require_status(row, statuses_of("esign"))
    if not may_sign_electronically(person, row):
        raise Refused("signing_not_yours", issuer=row["issuer"])
    key = office_key(settings())
    if key is not None and not key.not_before <= now <= key.not_after:
        raise Refused("sign_certificate_over", until=f"{key.not_after:%d/%m/%Y}", field="COOPCASE_SIGN_PKCS12")
    if any(check.intact for version in versions(connection, row["id"]) for check in checks_of(version, now)):
        raise Refused("signed_electronically_already")


def _pictures(row: LetterOfCase, letter: Letter, record: bytes) -> Pictures | None:
    """The office's seal and the signer's signature, where the office has configured pictures of them.

    None on a record that today's layout would print otherwise: the place of its signature is unknown.
    """
    chosen = settings()
    own = chosen.sign_images / Path(f"{row['approved_by']}.png").name if chosen.sign_images else None
    signature = load_picture(own, "COOPCASE_SIGN_IMAGES") if own and own.is_file() else b""
    seal = load_picture(chosen.sign_seal, "COOPCASE_SIGN_SEAL") if chosen.sign_seal else b""
    if not (signature or seal) or pdf(letter, row["number"]) != record:
        return None
    return Pictures(signing_place(letter, row["number"]), signature, seal, chosen.sign_seal_mm)


def _body(letter: Letter) -> str:
    """The issuing body in full: `PHÒNG TÀI CHÍNH - KẾ HOẠCH, ỦY BAN NHÂN DÂN HUYỆN VĨNH BẢO`."""
    return ", ".join(" ".join(part.split()) for part in (letter.issuer, letter.parent) if part.strip())


def checks_of(version: SignedVersionRow, now: datetime) -> list[Checked]:
    """The electronic signatures in a version that was kept, checked now.

    Raises NotFound when its file is gone.
    """
    if version["media_type"] != PDF:
        return []
    return checked(read_bytes(version["sha256"]), _trusted(), now)


def _trusted() -> tuple[x509.Certificate, ...]:
    """The trusted certificates. A wrong setting is reported at the start; here it means that nothing is trusted."""
    try:
        return office_roots(settings())
    except WrongInput:
        return ()


def sign_batch(
    bind: Engine,
    batch_id: int,
    person: Actor,
    *,
    clock: Clock,
    limit: int | None = None,
    progress: OnProgress = no_progress,
) -> tuple[int, int]:  # fmt: skip
    """Sign the unsigned letters of a batch one after another; returns how many were signed, and how many are left.

    What is signed stays signed: where the time-stamp server fails half-way, the rest can be signed later.
    Raises as `sign_electronically`.
    """
    now = clock.now()
    with reading(bind) as connection:
        own_batch(connection, batch_id, person)
        rows = [row for row in letters_of(connection, batch_id) if row["status"] in statuses_of("esign")]
        open_ = [row["id"] for row in rows if not _is_signed(connection, row["id"], now)]
    todo = open_[:limit]
    for place, letter_id in enumerate(todo, start=1):
        sign_electronically(bind, letter_id, person, clock=clock)
        progress(place, len(todo))
    return len(todo), len(open_) - len(todo)


def _is_signed(connection: Connection, letter_id: int, now: datetime) -> bool:
    return any(check.intact for version in versions(connection, letter_id) for check in checks_of(version, now))

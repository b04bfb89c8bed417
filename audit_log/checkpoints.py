"""Checkpoints as signed notes (C2SP tlog-checkpoint, signed-note): other people's tools can read and check them.

coopcase/3f1c9a5e07d2b6c8
1234
<root, base64>

— coopcase/3f1c9a5e07d2b6c8 <key hash and Ed25519 signature, base64>
"""

import base64
import binascii
import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from models.errors import WrongInput
from models.office_keys import FORMER_LOG_KEYS, LOG, kept_key

_ED25519 = b"\x01"  # algorithm number of signed notes
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note says: the log (`origin`), how many leaves it has and their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key that signs the office's checkpoints."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def origin(self) -> str:
        return f"coopcase/{hashlib.sha256(self.public).hexdigest()[:16]}"

    def signed(self, size: int, root: bytes) -> str:
        """The signed note of a checkpoint."""
        return self.note(Checkpoint(self.origin, size, root).body())

    def note(self, body: str) -> str:
        """A signed note; the body ends with a line break and has no empty line."""
        signature = key_hash(self.origin, self.public) + self.private.sign(body.encode())
        return f"{body}\n{_DASH}{self.origin} {base64.b64encode(signature).decode()}\n"

    def verifier(self) -> str:
        """The public key as signed notes write it: name+hash+key."""
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.origin}+{key_hash(self.origin, self.public).hex()}+{key}"


def key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def log_key(folder: Path) -> LogKey:
    """The key in the data folder, outside the database; made on first use."""
    raw = kept_key(folder / LOG, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return LogKey(Ed25519PrivateKey.from_private_bytes(raw))


def verifiers(folder: Path) -> list[str]:
    """The keys whose checkpoints are the office's, as signed notes write them: the own one, then former ones."""
    former = folder / FORMER_LOG_KEYS
    listed = former.read_text(encoding="ascii").split() if former.is_file() else []
    own = [log_key(folder).verifier()] if (folder / LOG).is_file() else []
    return [*own, *(line for line in listed if line not in own)]


def public_keys(folder: Path) -> list[bytes]:
    """The public keys of `verifiers`; a line that is none is left out."""
    found = []
    for line in verifiers(folder):
        with contextlib.suppress(ValueError, binascii.Error):
            found.append(base64.b64decode(line.split("+", 2)[-1], validate=True)[len(_ED25519) :])
    return found


def under_own_key(note: str, folder: Path) -> str:
    """A note signed by a former key of this office as the present key signs it; any other as it is."""
    key = log_key(folder)
    if is_signed(note, [key.public]) or not is_signed(note, public_keys(folder)):
        return note
    said = read(note)
    return key.signed(said.size, said.root)


def read(note: str) -> Checkpoint:
    """The checkpoint in a note, its signature not yet checked. Raises WrongInput."""
    lines = note.replace("\r\n", "\n").split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
        if not origin or size < 0 or len(root) != 32 or lines[3]:
            raise ValueError(note)
    except (IndexError, ValueError, binascii.Error):
        raise WrongInput("against", "not_a_checkpoint") from None
    return Checkpoint(origin, size, root)


def kept_elsewhere(text: str) -> Checkpoint:
    """A checkpoint as a person has it: the printed form `1234-9f86d081884c7d65`, or a whole note. Raises WrongInput."""
    size, dash, root = text.strip().partition("-")
    if dash and "\n" not in text.strip():
        try:
            half = bytes.fromhex(root)
            if len(half) < 8:
                raise ValueError(root)
            return Checkpoint("", int(size), half)
        except ValueError:
            raise WrongInput("against", "not_a_checkpoint") from None
    return read(text)


def is_signed(note: str, keys: Sequence[bytes]) -> bool:
    """Whether a note bears a valid signature of one of these public keys."""
    return any(_is_signed(note, public) for public in keys)


def _is_signed(note: str, public: bytes) -> bool:
    body, _, signatures = note.replace("\r\n", "\n").partition("\n\n")
    origin = body.split("\n")[0]
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
            if name == origin and raw[:4] == key_hash(name, public):
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{body}\n".encode())
                return True
        except (ValueError, binascii.Error, InvalidSignature):
            continue
    return False

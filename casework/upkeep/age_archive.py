"""Archives encrypted with age: a tar file that the holders of the named keys can read, and nobody else.

What is packed is streamed: no unencrypted archive is ever on a disk.
"""

import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from models.errors import CoopcaseError, WrongInput

_STREAM = 1 << 20


def _age() -> Any:
    """The library, loaded only where a copy is encrypted or read."""
    import pyrage

    return pyrage


def new_identity() -> str:
    """A new private key, as age writes it."""
    return str(_age().x25519.Identity.generate())


def public_of(identity: str) -> str:
    """The recipient that belongs to a private key. Raises WrongInput."""
    return str(_identity(identity).to_public())


def require_recipient(text: str) -> str:
    """A recipient as it is kept. Raises WrongInput."""
    try:
        return str(_age().x25519.Recipient.from_str(text.strip()))
    except _age().RecipientError:
        raise WrongInput("RECIPIENT", "not_a_recipient", value=text[:80]) from None


def identities_in(text: str) -> list[str]:
    """The private keys in a key file of age: one a line, comments left out. Raises WrongInput."""
    found = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in found:
        _identity(line)
    if not found:
        raise WrongInput("--identity", "not_an_identity")
    return found


def pack(content: Iterable[tuple[Path, str]], into: Path, receivers: Sequence[str]) -> None:
    """Write files, each under its name, into a new encrypted archive. Raises OSError, CoopcaseError."""

    def tar(end: BinaryIO) -> None:
        with tarfile.open(fileobj=end, mode="w|", bufsize=_STREAM) as archive:
            for path, name in content:
                archive.add(path, name, recursive=False)

    keys = [_age().x25519.Recipient.from_str(one) for one in receivers]
    handle = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        writer = _Remembering(file)
        _piped(tar, lambda start: _encrypted(start, writer, keys))
        file.flush()
        os.fsync(file.fileno())


def unpack(archive: Path, into: Path, identities: Sequence[str]) -> None:
    """Read an archive into a new folder. Raises CoopcaseError when no key fits or it is damaged, OSError."""
    keys = [_identity(one) for one in identities]
    into.mkdir(parents=True, mode=0o700)

    def decrypt(end: BinaryIO) -> None:
        with archive.open("rb") as file:
            writer = _Remembering(end)
            try:
                _age().decrypt_io(file, writer, keys)
            except _age().DecryptError as error:
                raise writer.failure or CoopcaseError("backup_not_decrypted", path=str(archive)) from error
            except OSError as error:
                raise writer.failure or CoopcaseError("backup_not_sound", what=archive.name) from error

    def untar(start: BinaryIO) -> None:
        try:
            with tarfile.open(fileobj=start, mode="r|", bufsize=_STREAM) as opened:
                opened.extractall(into, filter="data")
        except tarfile.TarError as error:
            raise CoopcaseError("backup_not_sound", what=archive.name) from error

    _piped(decrypt, untar)


def sync(path: Path) -> None:
    """Make a file's content durable."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _identity(text: str) -> Any:
    try:
        return _age().x25519.Identity.from_str(text.strip())
    except _age().IdentityError:
        raise WrongInput("--identity", "not_an_identity") from None  # the text is a secret


class _Remembering:
    """A writer whose own error is kept: age reports that of a full disk as one of encryption."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._file.flush()


def _encrypted(start: BinaryIO, writer: _Remembering, keys: Sequence[Any]) -> None:
    try:
        _age().encrypt_io(start, writer, keys)
    except (_age().EncryptError, OSError) as error:
        raise writer.failure or error from error


def _piped(write: Callable[[BinaryIO], None], read: Callable[[BinaryIO], None]) -> None:
    """Run both ends of a pipe; what failed at the writing end is raised, or else what failed at the reading end."""
    start, end = os.pipe()
    failed: list[BaseException] = []

    def writing() -> None:
        try:
            with os.fdopen(end, "wb", buffering=_STREAM) as opened:
                write(opened)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=writing, name="backup")
    thread.start()
    try:
        with os.fdopen(start, "rb", buffering=_STREAM) as opened:
            read(opened)
            while opened.read(_STREAM):  # what follows the end of a tar file, so that the writing end is not cut off
                pass
    except BaseException as error:
        thread.join()
        cause = next((one for one in failed if not isinstance(one, BrokenPipeError)), error)
        raise cause from error
    thread.join()
    if failed:
        with suppress(BrokenPipeError):
            raise failed[0]

"""To whom copies are encrypted: the public keys in the data folder. The private half is kept elsewhere."""

import os
from pathlib import Path

from models.errors import Conflict, WrongInput
from models.office_keys import RECIPIENTS


def recipients(data: Path) -> list[str]:
    """The public keys, in the order in which they were set; none: copies are not encrypted."""
    path = data.resolve() / RECIPIENTS
    return path.read_text(encoding="ascii").split() if path.is_file() else []


def set_recipients(data: Path, chosen: list[str]) -> None:
    """Encrypt later copies to these keys, each a valid one, and to no other; earlier copies stay as they are."""
    path = data.resolve() / RECIPIENTS
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{RECIPIENTS}.{os.getpid()}")
    half.write_text("\n".join(chosen) + "\n", encoding="ascii")
    half.replace(path)


def keep_identity(path: Path, identity: str, recipient: str, data: Path) -> None:
    """Write a private key into a new file outside the data folder, readable by its owner alone.

    Raises WrongInput inside the data folder or where it cannot be written, Conflict when the file is there already.
    """
    if path.resolve().is_relative_to(data.resolve()):
        raise WrongInput("FILE", "identity_in_data_folder", data=str(data.resolve()))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("identity_is_there", path=str(path)) from None
    except OSError:
        raise WrongInput("FILE", "cannot_write_file") from None
    with os.fdopen(handle, "w") as file:
        file.write(f"# public key: {recipient}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())

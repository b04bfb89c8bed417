"""The office's keys: a file for each in the data folder, made on first use, readable by its owner alone."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

SESSIONS = "session.key"  # signs cookies; in no copy: after a restore everyone signs in again
CHANNELS = "channels.key"  # encrypts the addresses of channels; in encrypted copies only
LOG = "log.key"  # signs the checkpoints of the log; in encrypted copies only
FORMER_LOG_KEYS = "log-keys.pub"  # verification keys of checkpoints made before a restore without `LOG`
RECIPIENTS = "backup-recipients"  # public keys that copies are encrypted to


def kept_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key in a file; a missing one is made, whole or not at all.

    Of several processes that make one at the same moment, the first wins, and no half-written key is ever read.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")  # readable by its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(half)
        finally:
            Path(half).unlink()
    return path.read_bytes()

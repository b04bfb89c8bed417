"""Health checks of the servers that the supervisor keeps."""

import urllib.error
import urllib.request


def opens(url: str) -> bool:
    """True when the address answers within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False

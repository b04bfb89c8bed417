"""The hash chain of facts: each hash covers the content of the fact and the hash of the previous one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def fact_hash(
    previous: str,
    *,
    case: str,
    seq: int,
    kind: str,
    occurred_on: date,
    recorded_at: datetime,
    by: str,
    role: str,
    data: Mapping[str, Any],
    evidence: Sequence[str],
    annuls: int | None,
) -> str:
    """Return SHA-256 in hex over canonical JSON; `previous` is empty for the first fact of a case."""
    content = {
        "previous": previous,
        "case": case,
        "seq": seq,
        "kind": kind,
        "occurred_on": occurred_on.isoformat(),
        "recorded_at": utc_text(recorded_at),
        "by": by,
        "role": role,
        "data": data,
        "evidence": list(evidence),
        "annuls": annuls,
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


@lru_cache(maxsize=200)  # facts recorded together are of few instants
def utc_text(instant: datetime) -> str:
    """An instant as hashes and proofs write it: UTC with microseconds."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")

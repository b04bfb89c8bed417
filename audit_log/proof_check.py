"""Checks a proof of a case without the program, a network or anything but Python's standard library.

    python3 check.py PROOF.zip

Shipped in every proof as `check.py`, and used by `coopcase verify PROOF.zip`. It checks the signature on the list of
files, every file against it, the hash chain of the facts, each record and fact against its entry in the office's log,
each entry against the root of the log, and the signature on that root. The key is in the proof: compare it with the
one that the office publishes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MANIFEST, CASE = "MANIFEST", "case.json"
EMPTY: tuple[Any, ...] = (None, "", [], {}, False, 0)
Key = tuple[str, bytes, bytes]  # name, key hash, public key
Point = tuple[int, int, int, int]


def check(path: str) -> list[tuple[str, str]]:
    """Return what is wrong as (place, why) pairs; an empty list when everything holds."""
    try:
        with zipfile.ZipFile(path) as proof:
            names = set(proof.namelist())
            files = {name: proof.read(name) for name in names}
    except (OSError, zipfile.BadZipFile, KeyError, RuntimeError) as error:
        return [(str(path), "no readable ZIP file: " + str(error))]
    missing = [name for name in (MANIFEST, CASE) if name not in files]
    if missing:
        return [(name, "is missing: this is no proof of a case") for name in missing]
    try:
        case = json.loads(files[CASE])
        key = read_key(case["key"])
    except (ValueError, KeyError, TypeError):
        return [(CASE, "cannot be read")]
    return [*_files(files, key), *_chain(case), *_records(case, files), *_log(case, key)]


def _files(files: dict[str, bytes], key: Key) -> Iterator[tuple[str, str]]:
    """Every file is as the signed list says, and no other is there."""
    note = files[MANIFEST].decode("utf-8", "replace")
    if not note_holds(note, key):
        yield MANIFEST, "its signature is wrong"
    listed = {}
    for line in note.partition("\n\n")[0].split("\n")[2:]:
        digest, _, name = line.partition("  ")
        if name:
            listed[name] = digest
    for name in sorted(listed.keys() | files.keys() - {MANIFEST}):
        if name not in files:
            yield name, "is missing"
        elif name not in listed:
            yield name, "is not on the signed list"
        elif sha256(files[name]) != listed[name]:
            yield name, "was changed"


def _chain(case: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each fact carries the hash of the one before it."""
    previous = ""
    for fact in case["facts"]:
        content = {"previous": previous, "case": case["case"]}
        content.update({name: fact[name] for name in (
            "seq", "kind", "occurred_on", "recorded_at", "by", "role", "data", "evidence", "annuls",
        )})  # fmt: skip
        previous = sha256(canonical(content))
        if previous != fact["hash"]:
            yield "fact " + str(fact["seq"]), "does not fit the chain"


def _records(case: dict[str, Any], files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each record has the digest of its entry; what it says of a file is so."""
    for record in case["records"]:
        shown = {name: value for name, value in record["row"].items() if value not in EMPTY}
        place = record["entity"] + " " + record["key"]
        if sha256(canonical(shown)) != record["digest"]:
            yield place, "differs from the log"
        if record.get("file") and sha256(files.get(record["file"], b"")) != record["row"].get(record["column"]):
            yield record["file"], "is not the file that " + place + " names"


def _log(case: dict[str, Any], key: Key) -> Iterator[tuple[str, str]]:
    """Each entry is in the log whose root is signed."""
    note = case["checkpoint"]
    lines = note.split("\n")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2])
    except (IndexError, ValueError):
        yield "checkpoint", "cannot be read"
        return
    if not note_holds(note, key):
        yield "checkpoint", "its signature is wrong"
    subjects = [("fact", str(case["id"]) + "|" + str(one["seq"]), one["hash"], one["entry"]) for one in case["facts"]]
    subjects += [(one["entity"], one["key"], one["digest"], one["entry"]) for one in case["records"]]
    for entity, name, digest, entry in subjects:
        text = " ".join([str(entry["id"]), entity, digest, name])
        leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
        proof = [bytes.fromhex(one) for one in entry["proof"]]
        if root_from(leaf, entry["position"], size, proof) != root:
            yield entity + " " + name, "is not in the signed log"


def root_from(leaf: bytes, position: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None where it has the wrong length."""
    if not 0 <= position < size:
        return None
    at, last, found = position, size - 1, leaf
    for other in proof:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = hashlib.sha256(b"\x01" + other + found).digest()
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + other).digest()
        at, last = at // 2, last // 2
    return found if last == 0 else None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# Signed notes and Ed25519 (RFC 8032, section 5.1). Slow, and only verifies.

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def read_key(text: str) -> Key:
    """(name, key hash, public key) of a verification key `name+hash+key`."""
    name, digest, key = text.split("+", 2)
    raw = base64.b64decode(key)
    if raw[:1] != b"\x01" or len(raw) != 33:
        raise ValueError(text)
    return name, bytes.fromhex(digest), raw[1:]


def note_holds(note: str, key: Key) -> bool:
    """Whether a signed note bears a valid signature of this key."""
    name, digest, public = key
    body, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        signer, _, encoded = line[2:].rpartition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError:
            continue
        if signer == name and raw[:4] == digest and ed25519_holds(public, (body + "\n").encode(), raw[4:]):
            return True
    return False


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is valid."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or point is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    return _same(_times(s, BASE), _plus(point, _times(h, key)))


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x % 2 != sign else x


def _plus(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(count: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while count:
        if count & 1:
            found = _plus(found, point)
        point, count = _plus(point, point), count >> 1
    return found


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


_Y = 4 * pow(5, P - 2, P) % P
_X = _x(_Y, 0) or 0
BASE = (_X, _Y, 1, _X * _Y % P)


def key_in(path: str) -> str:
    """The verification key that a proof carries."""
    with zipfile.ZipFile(path) as proof:
        return str(json.loads(proof.read(CASE))["key"])


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("python3 check.py PROOF.zip\n")
        return 2
    wrong = check(arguments[0])
    for place, why in wrong:
        sys.stdout.write(place + ": " + why + "\n")
    sys.stdout.write("SAI / NOT SOUND\n" if wrong else "ĐÚNG / SOUND; khóa / key: " + key_in(arguments[0]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The Merkle tree of RFC 6962 (section 2.1): hashes, roots, proofs. Pure; hashes are bytes.

A tree over n leaves is split at the largest power of two below n. A frontier holds the roots of its complete subtrees,
the largest first, and is all that is needed to append and to give the root.
"""

import hashlib
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The complete subtrees of a tree of `size` leaves; `append` changes it in place."""

    size: int
    roots: list[bytes]

    def append(self, leaf: bytes) -> None:
        self.roots.append(leaf)
        self.size += 1
        merged = self.size
        while merged % 2 == 0:
            right = self.roots.pop()
            self.roots[-1] = node_hash(self.roots[-1], right)
            merged //= 2

    def root(self) -> bytes:
        if not self.roots:
            return EMPTY_ROOT
        found = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            found = node_hash(left, found)
        return found

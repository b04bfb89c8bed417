"""The Merkle tree of RFC 6962 (section 2.1): hashes, roots, proofs. Pure; hashes are bytes.

A tree over n leaves is split at the largest power of two below n. A frontier holds the roots of its complete subtrees,
the largest first, and is all that is needed to append and to give the root.
"""

import hashlib
from collections.abc import Iterable, Sequence
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


def proofs(leaves: Sequence[bytes], positions: Iterable[int]) -> dict[int, list[bytes]]:
    """For each position, the hashes that lead from its leaf to the root, from the leaf up. Raises IndexError."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        level = [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(level + below[len(below) & ~1 :])  # one without a neighbour moves up as it is
    return {position: _proof(levels, position) for position in positions}


def _proof(levels: Sequence[Sequence[bytes]], position: int) -> list[bytes]:
    if not 0 <= position < len(levels[0]):
        raise IndexError(position)
    found, at = [], position
    for level in levels[:-1]:
        if at ^ 1 < len(level):
            found.append(level[at ^ 1])
        at //= 2
    return found

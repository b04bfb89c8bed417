"""The Merkle tree of RFC 6962 (section 2.1): hashes, roots, proofs. Pure; hashes are bytes.

A tree over n leaves is split at the largest power of two below n. A frontier holds the roots of its complete subtrees,
the largest first, and is all that is needed to append and to give the root.
"""

import hashlib
from collections.abc import Sequence
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


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier(0, [])
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root, from the leaf up. Raises IndexError."""
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if position < split:
        return [*inclusion_proof(leaves[:split], position), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], position - split), root_of(leaves[:split])]


def root_from(leaf: bytes, position: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162, 2.1.3.2); None where the proof has the wrong length."""
    if not 0 <= position < size:
        return None
    at, last, found = position, size - 1, leaf
    for other in proof:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = node_hash(other, found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = node_hash(found, other)
        at, last = at // 2, last // 2
    return found if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1

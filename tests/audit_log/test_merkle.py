"""The Merkle tree, held against the published vectors of RFC 6962 and against a slow definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_log.merkle import EMPTY_ROOT, Frontier, leaf_hash

# Inputs and roots of the reference implementation of Certificate Transparency.
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]


def root_of(leaves: list[bytes]) -> bytes:
    tree = Frontier(0, [])
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def test_an_empty_tree() -> None:
    assert Frontier(0, []).root() == EMPTY_ROOT == hashlib.sha256().digest()


@pytest.mark.parametrize("size", range(1, len(ROOTS) + 1))
def test_the_published_vectors(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def slow_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:split]) + slow_root(leaves[split:])).digest()


@given(st.integers(1, 200))
def test_any_size_is_as_the_definition_says(size: int) -> None:
    leaves = [leaf_hash(str(place).encode()) for place in range(size)]
    assert root_of(leaves) == slow_root(leaves)

"""One file proves a case: whole it holds, with the program and without; any changed byte is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audit_log.merkle import Frontier, leaf_hash, proofs
from audit_log.proof_check import check, ed25519_holds, root_from
from audit_log.sequencer import sequence
from correspondence.case_proof import prove
from models.database import reading, writing
from models.office_kind import TRIAL, mark_database
from models.settings import settings
from templates.trial_mark import mark_of
from tests.correspondence.paperwork import Paperwork


@pytest.fixture
def made(papers: Paperwork, tmp_path: Path) -> Path:
    """The proof of a case with a letter issued and served."""
    papers.serve(papers.issued(papers.drafted(deleted_on="25/03/2016")), receiver="Bà Lan")
    folder = settings().data.resolve()
    sequence(papers.bind, folder, papers.clock.now())
    with reading(papers.bind) as connection:
        proof = prove(connection, papers.ref, folder, papers.clock.now(), "vi")
    path = tmp_path / proof.name
    path.write_bytes(proof.content)
    return path


def test_it_holds_and_has_everything(made: Path) -> None:
    assert check(str(made)) == []
    with zipfile.ZipFile(made) as proof:
        names, case = proof.namelist(), json.loads(proof.read("case.json"))
        page = proof.read("index.html").decode()
    assert {name.split("/")[0] for name in names} == {
        "MANIFEST", "case.json", "check.py", "evidence", "index.html", "letters",
    }  # fmt: skip
    assert {one["kind"] for one in case["facts"]} >= {"opened", "letter_issued", "letter_served"}
    assert {one["entity"] for one in case["records"]} >= {"letter", "book_entry", "service", "evidence", "unit"}
    assert "<script" not in page
    assert "http" not in page


def test_the_checker_in_it_needs_nothing_else(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as proof:
        proof.extract("check.py", tmp_path)
    command = [sys.executable, "-I", "-S", str(tmp_path / "check.py"), str(made)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "SOUND" in done.stdout


def test_the_proof_of_a_trial_says_so(papers: Paperwork) -> None:
    folder = settings().data.resolve()
    sequence(papers.bind, folder, papers.clock.now())
    for kind in ("", TRIAL):
        with writing(papers.bind) as connection:
            if kind:
                mark_database(connection, kind)
            proof = prove(connection, papers.ref, folder, papers.clock.now(), "en")
        with zipfile.ZipFile(io.BytesIO(proof.content)) as file:
            assert (mark_of(True, "en") in file.read("index.html").decode()) is bool(kind)


def changed(path: Path, name: str, edit: Callable[[bytes], bytes | None]) -> Path:
    """A copy of the proof with one file in it edited, or left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as proof, zipfile.ZipFile(packed, "w") as copy:
        for own in proof.namelist():
            data = edit(proof.read(own)) if own == name else proof.read(own)
            if data is not None:
                copy.writestr(own, data)
    copied = path.with_name("copy.zip")
    copied.write_bytes(packed.getvalue())
    return copied


def flipped(data: bytes) -> bytes:
    return data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


@pytest.mark.parametrize("edit", [flipped, lambda _data: None], ids=["a byte", "left out"])
def test_every_changed_file_is_named(made: Path, edit: Callable[[bytes], bytes | None]) -> None:
    with zipfile.ZipFile(made) as proof:
        names = proof.namelist()
    for name in names:
        wrong = check(str(changed(made, name, edit)))
        assert any(name in place or name == "MANIFEST" for place, _ in wrong), name


EDITS = {
    "a day": ('"occurred_on": "2016-03-14"', '"occurred_on": "2016-03-13"'),
    "a signer": ('"approved_by": "', '"approved_by": "x'),
    "a place in the log": ('"position": ', '"position": 9'),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_changed_record_is_named_beside_its_file(made: Path, edit: tuple[str, str]) -> None:
    old, new = edit
    copied = changed(made, "case.json", lambda data: data.replace(old.encode(), new.encode()))
    places = {place for place, _ in check(str(copied))}
    assert "case.json" in places
    assert len(places) > 1


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_proof_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert check(str(path))


def test_every_leaf_is_proven_and_no_other() -> None:
    for size in range(1, 40):
        leaves = [leaf_hash(str(place).encode()) for place in range(size)]
        tree = Frontier(0, [])
        for leaf in leaves:
            tree.append(leaf)
        found = proofs(leaves, range(size))
        for position, proof in found.items():
            assert root_from(leaves[position], position, size, proof) == tree.root()
            assert root_from(leaf_hash(b"another"), position, size, proof) != tree.root()
            assert root_from(leaves[position], position, size, [*proof, leaves[0]]) is None
    with pytest.raises(IndexError):
        proofs([leaf_hash(b"x")], [1])


# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_signatures_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, text, signed = (bytes.fromhex(one) for one in (public, message, signature))
    assert ed25519_holds(key, text, signed)
    assert not ed25519_holds(key, text + b"x", signed)
    assert not ed25519_holds(key, text, signed[:32] + bytes(32))
    assert not ed25519_holds(key[:-1], text, signed)

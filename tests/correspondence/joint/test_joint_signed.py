"""The office's certificate on a joint decision: one signature for every cooperative of its annex."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from correspondence.electronic_signing import checks_of, sign_electronically
from correspondence.letter_files import read_bytes
from correspondence.signed_versions import versions
from models.database import reading
from models.settings import settings
from tests.correspondence.joint.batch_office import batch_office
from tests.letters.authority import SUBJECT, certified
from tests.letters.reading import text_of
from tests.web.web_office import build_office


def test_a_joint_decision_is_signed_once_for_all(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(bind)
    office = batch_office(bind, 2)
    office.do("check_legality", "legal", note="Đủ căn cứ")
    office.issued(office.do("submit_dossier").letter or 0)
    decision = office.issued(office.do("decide_dissolution").letter or 0)
    with certified(tmp_path / "keys", monkeypatch):
        sign_electronically(bind, decision, office.person("clerk"), clock=office.clock)
        with reading(bind) as connection:
            (version,) = versions(connection, decision)
        (check,) = checks_of(version, office.clock.now())
    assert (check.valid, check.subject) == (True, SUBJECT)
    signed = read_bytes(version["sha256"])
    assert signed.startswith(read_bytes(office.row(decision)["pdf_sha"]))
    assert text_of(signed).count("0207A") == len(office.refs), "the certificate of each cooperative is in the annex"

"""The office's certificate on an issued letter: valid, beside the record, repeated when the time-stamp fails."""

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from correspondence.drafts import one_letter
from correspondence.electronic_signing import checks_of, require_ready, sign_batch, sign_electronically
from correspondence.letter_files import read_bytes
from correspondence.letter_steps import steps
from correspondence.signed_versions import versions
from letters.output.electronic import checked
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from models.settings import Settings, settings
from tests.correspondence.batches import DELETED, Batches
from tests.correspondence.paperwork import Paperwork
from tests.letters.authority import PASSPHRASE, SUBJECT, Authority, certified, picture
from tests.letters.poppler import needs_poppler
from tests.letters.reading import text_of
from tests.web.web_office import CLOCK, ROLES

NOW = CLOCK.now()


@pytest.fixture
def signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An office with a certificate, and its authority."""
    with certified(tmp_path / "keys", monkeypatch) as authority:
        yield authority


@pytest.fixture
def issued(papers: Paperwork) -> int:
    return papers.issued(papers.drafted(**DELETED))


def sign(papers: Paperwork, letter: int, by: str = "clerk") -> int:
    return sign_electronically(papers.bind, letter, papers.person(by), clock=CLOCK)


def kept(papers: Paperwork, letter: int) -> tuple[bytes, bytes]:
    """The record and the latest version beside it."""
    with reading(papers.bind) as connection:
        row, listed = one_letter(connection, letter), versions(connection, letter)
    return read_bytes(row["pdf_sha"]), read_bytes(listed[0]["sha256"])


def test_the_signature_follows_the_records_own_bytes_and_is_valid(
    papers: Paperwork, issued: int, signs: Authority
) -> None:
    before = papers.row(issued)["pdf_sha"]
    number = sign(papers, issued)
    record, signed = kept(papers, issued)
    assert papers.row(issued)["pdf_sha"] == before
    assert (signed.startswith(record), len(signs.asked) >= 1) == (True, True)
    with reading(papers.bind) as connection:
        (version,) = versions(connection, issued)
    assert (version["id"], version["by"], version["name"]) == (
        number, "clerk.hbg", f"0001 TB-TCKH {papers.ref} ký số.pdf",
    )  # fmt: skip
    (check,) = checks_of(version, NOW)
    assert (check.valid, check.subject, check.signed_at) == (True, SUBJECT, signs.at)


def test_another_validator_agrees(papers: Paperwork, issued: int, signs: Authority) -> None:
    sign(papers, issued)
    (embedded,) = PdfFileReader(io.BytesIO(kept(papers, issued)[1])).embedded_regular_signatures
    one, other = (ValidationContext(trust_roots=[signs.root.asn1()], moment=NOW) for _ in "12")
    status = validate_pdf_signature(embedded, one, other)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.timestamp, status.timestamp_validity.valid) == (signs.at, True)
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_what_is_printed_on_the_page(papers: Paperwork, issued: int, signs: Authority) -> None:
    sign(papers, issued)
    signed = kept(papers, issued)[1]
    text = text_of(signed)
    assert "PHÒNG TÀI CHÍNH - KẾ HOẠCH, ỦY BAN NHÂN DÂN" in text
    assert "Thời gian ký: 2016/03/14 09:00:00 +07:00" in text
    with pikepdf.open(io.BytesIO(signed)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        field = pdf.pages[0].obj.Annots[0]
        assert (field.FT, int(field.F) & 4) == (pikepdf.Name.Sig, 4)
        assert "Chữ ký số của PHÒNG TÀI CHÍNH" in str(field.TU)


def with_pictures(monkeypatch: pytest.MonkeyPatch, folder: Path, signer: str) -> None:
    (folder / "dau.png").write_bytes(picture(230, 0, 0))
    (folder / f"{signer}.png").write_bytes(picture(0, 0, 200, wide=160))
    monkeypatch.setenv("COOPCASE_SIGN_SEAL", str(folder / "dau.png"))
    monkeypatch.setenv("COOPCASE_SIGN_IMAGES", str(folder))
    settings.cache_clear()


@needs_poppler
def test_seal_and_signature_stand_where_the_signer_signs(
    papers: Paperwork, issued: int, signs: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_pictures(monkeypatch, tmp_path, str(papers.row(issued)["approved_by"]))
    require_ready(settings(), NOW)
    sign(papers, issued)
    _, signed = kept(papers, issued)
    (check,) = checked(signed, (signs.root.asn1(),), NOW)
    assert check.valid
    text = text_of(signed)
    assert "Thời gian ký: 2016/03/14" in text
    lines = text.splitlines()
    (post,) = [place for place, line in enumerate(lines) if line.strip().endswith("TRƯỞNG PHÒNG")]
    (when,) = [place for place, line in enumerate(lines) if "Thời gian ký" in line]
    assert post < when
    red, blue = (spots(signed, wanted) for wanted in ((230, 0, 0), (0, 0, 200)))
    assert 0.33 < min(red)[0] < min(blue)[0]
    assert min(blue)[0] < max(red)[0] < max(blue)[0]  # over the left of the signature
    assert 34 < (max(red)[0] - min(red)[0]) * 210 < 37  # of its true size


def test_without_a_picture_of_this_signer_only_the_seal_is_printed(
    papers: Paperwork, issued: int, signs: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_pictures(monkeypatch, tmp_path, "nguoi.khac")
    sign(papers, issued)
    _, signed = kept(papers, issued)
    with pikepdf.open(io.BytesIO(signed)) as document:
        shown = document.pages[-1].Annots[0].AP.N
        assert len(list(images_in(shown))) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("COOPCASE_SIGN_SEAL", "khong-co.png"), ("COOPCASE_SIGN_IMAGES", "khong-co")]
)
def test_a_picture_that_is_not_there_is_named_at_the_start(
    signs: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / value))
    settings.cache_clear()
    with pytest.raises(WrongInput) as refused:
        require_ready(settings(), NOW)
    assert refused.value.params["field"] == name


def images_in(shown: Any) -> Iterator[Any]:
    """The pictures in a form, however deep; a soft mask is none."""
    for item in (shown.get("/Resources") or {}).get("/XObject", {}).values():
        if item.Subtype == "/Image":
            yield item
        else:
            yield from images_in(item)


def spots(data: bytes, wanted: tuple[int, int, int]) -> list[tuple[float, float]]:
    """Where a colour is printed on the first page: shares of its width and height, from the top left."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", "-"], input=data, capture_output=True, check=True
    )
    _, size, _, dots = drawn.stdout.split(b"\n", 3)
    wide, high = map(int, size.split())
    return [
        (place % wide / wide, place // wide / high)
        for place in range(wide * high)
        if all(abs(dots[3 * place + part] - wanted[part]) < 12 for part in range(3))
    ]


@pytest.mark.parametrize("where", ["under the signature", "behind it"])
def test_a_file_that_was_changed_is_found_out(papers: Paperwork, issued: int, signs: Authority, where: str) -> None:
    sign(papers, issued)
    record, signed = kept(papers, issued)
    changed = bytearray(signed)
    if where == "behind it":
        changed += b"\n% them vao\n"
    else:
        changed[len(record) // 2] ^= 1
    found = checked(bytes(changed), [signs.root.asn1()], NOW)
    assert not any(check.valid for check in found)


def test_without_its_root_it_is_intact_and_not_trusted(papers: Paperwork, issued: int, signs: Authority) -> None:
    sign(papers, issued)
    (check,) = checked(kept(papers, issued)[1], [], NOW)
    assert (check.intact, check.trusted, check.stamp_trusted, check.valid) == (True, False, False, False)


def test_while_the_time_stamp_server_is_down_the_letter_stays_issued(
    papers: Paperwork, issued: int, signs: Authority
) -> None:
    signs.down = True
    with pytest.raises(Refused) as refused:
        sign(papers, issued)
    assert refused.value.code == "sign_no_time_stamp"
    row = papers.row(issued)
    assert (row["status"], row["signed_sha"]) == ("issued", "")
    signs.down = False
    sign(papers, issued)
    with pytest.raises(Refused) as twice:
        sign(papers, issued)
    assert twice.value.code == "signed_electronically_already"


def test_who_signs_electronically(papers: Paperwork, issued: int, signs: Authority) -> None:
    for role in ROLES:
        with reading(papers.bind) as connection:
            offered = "esign" in steps(connection, papers.person(role), papers.row(issued), papers.today)
        assert offered is (role in ("clerk", "manager")), role
        if not offered:
            with pytest.raises(Refused):
                sign(papers, issued, role)
    with pytest.raises(NotFound):
        sign(papers, issued, "clerk.adg")
    with pytest.raises(Refused):
        sign(papers, issued, "clerk.tp")
    draft = papers.drafted("meeting_invitation")
    with pytest.raises(Refused) as refused:
        sign(papers, draft)
    assert refused.value.code == "letter_not_in_status"


def test_a_certificate_of_another_body_does_not_sign(
    papers: Paperwork, issued: int, signs: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_SIGN_ISSUER", "HBG/district_committee")
    settings.cache_clear()
    with pytest.raises(Refused) as refused:
        sign(papers, issued)
    assert refused.value.code == "signing_not_yours"


def test_without_a_certificate_letters_are_signed_on_paper(papers: Paperwork, issued: int) -> None:
    with pytest.raises(Refused) as refused:
        sign(papers, issued)
    assert refused.value.code == "sign_on_paper"
    require_ready(settings(), NOW)


@pytest.mark.parametrize(
    ("setting", "value", "field", "code"),
    [
        ("PKCS12", "/nowhere.p12", "COOPCASE_SIGN_PKCS12", "sign_file_unreadable"),
        ("PASSPHRASE", "khac", "COOPCASE_SIGN_PASSPHRASE", "sign_not_opened"),
        ("TSA", "ftp://x", "COOPCASE_SIGN_TSA", "sign_needs_tsa"),
        ("TSA", "", "COOPCASE_SIGN_TSA", "sign_needs_tsa"),
        ("TRUST", "/nowhere.pem", "COOPCASE_SIGN_TRUST", "sign_file_unreadable"),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(
    signs: Authority, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, field: str, code: str
) -> None:
    monkeypatch.setenv(f"COOPCASE_SIGN_{setting}", value)
    with pytest.raises(WrongInput) as wrong:
        require_ready(Settings(), NOW)
    assert (wrong.value.field, wrong.value.code) == (field, code)
    assert PASSPHRASE not in repr(wrong.value.params) + repr(Settings())


def test_an_expired_certificate_is_reported_at_the_start_and_does_not_sign(
    papers: Paperwork, issued: int, signs: Authority, tmp_path: Path
) -> None:
    require_ready(settings(), NOW)
    (tmp_path / "keys" / "co-quan.p12").write_bytes(signs.pkcs12(until=datetime(2016, 1, 1, tzinfo=UTC)))
    with pytest.raises(WrongInput) as wrong:
        require_ready(settings(), NOW)
    assert wrong.value.code == "sign_certificate_over"
    with pytest.raises(Refused):
        sign(papers, issued)


def test_a_signature_outlives_nothing_but_its_certificate(papers: Paperwork, issued: int, signs: Authority) -> None:
    sign(papers, issued)
    later = NOW + timedelta(days=365 * 25)
    (check,) = checked(kept(papers, issued)[1], [signs.root.asn1()], later)
    assert (check.intact, check.trusted) == (True, False)


def test_a_batch_is_signed_as_far_as_it_goes(batches: Batches, signs: Authority) -> None:
    batches.more(2)
    batch = batches.signed()
    batches.issued(batch)
    clerk = batches.person("clerk")
    assert "sign" in batches.view(batch, "clerk").allowed
    assert sign_batch(batches.bind, batch, clerk, clock=CLOCK, limit=1) == (1, 3)
    signs.down = True
    with pytest.raises(Refused):
        sign_batch(batches.bind, batch, clerk, clock=CLOCK)
    signs.down = False
    assert sign_batch(batches.bind, batch, clerk, clock=CLOCK) == (3, 0)
    assert "sign" not in batches.view(batch, "clerk").allowed

"""A hostile PDF uploaded as a signed letter: whatever its content, the letter's page opens."""

from datetime import UTC, datetime

import pytest

from letters.output.electronic import checked

NOW = datetime(2016, 3, 14, tzinfo=UTC)
HEAD = b"%PDF-1.7\n% /ByteRange\n"


def pdf(*objects: tuple[int, bytes]) -> bytes:
    """A file of these objects, the first of them its catalogue."""
    body, table = HEAD, b"xref\n0 1\n0000000000 65535 f \n"
    for number, content in objects:
        table += b"%d 1\n%010d 00000 n \n" % (number, len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    trailer = b"trailer\n<< /Size 9 /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (objects[0][0], len(body))
    return body + table + trailer


def form(fields: bytes) -> bytes:
    return b"<< /Type /Catalog /AcroForm << /Fields " + fields + b" >> >>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(HEAD, id="nothing but a head"),
        pytest.param(pdf((1, form(b"[" * 50_000 + b"]" * 50_000))), id="fields within fields without end"),
        pytest.param(pdf((1, form(b"[3 0 R]")), (3, b"<< /T (a) /Kids [3 0 R] >>")), id="a field that holds itself"),
        pytest.param(pdf((1, form(b"7"))), id="fields that are a number"),
        pytest.param(pdf((1, form(b"[3 0 R]")), (3, b"<< /FT /Sig /T (a) /V 3 0 R >>")), id="a signature of itself"),
        pytest.param(
            pdf(
                (1, form(b"[3 0 R]")),
                (3, b"<< /FT /Sig /T (a) /V << /ByteRange [0 99999999 -1 5] >> >>"),
            ),
            id="a signature of what is not there",
        ),
    ],
)
def test_a_broken_file_has_no_signatures(data: bytes) -> None:
    assert checked(data, (), NOW) == []

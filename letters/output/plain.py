"""A letter as plain text: for golden files, previews and mail."""

from collections.abc import Iterator
from datetime import date

from letters.marks import TRIAL
from letters.numbering import BLANK, appendix_label, date_line, goes_with, number_line
from letters.tree import CENTRED, Block, Letter, Table

WIDTH = 78


def plain(letter: Letter, number: int | None = None) -> str:
    """Return the letter as text from top to bottom, in NFC."""
    return "\n".join(line.rstrip() for line in _lines(letter, number)) + "\n"


def _lines(letter: Letter, number: int | None) -> Iterator[str]:
    on = letter.on if number is not None else None
    yield from _head(letter, number, on)
    yield ""
    for block in letter.body:
        yield from _block(block)
    yield ""
    yield from _beside(["Nơi nhận:", *_received(letter.recipients)], [*letter.authority, "", letter.signer or BLANK])
    if letter.second_signer:
        yield f"{letter.second_signer[0]}: {letter.second_signer[1] or BLANK}"
    yield from (f"{capacity}: {name or BLANK}" for capacity, name in letter.co_signers)
    yield from _appendices(letter, number, on)


def _head(letter: Letter, number: int | None, on: date | None) -> Iterator[str]:
    if letter.trial:
        yield TRIAL.center(WIDTH)
    if letter.circulation:
        yield f"[{letter.circulation}]".rjust(WIDTH)
    yield from _beside(
        [*letter.parent.splitlines(), *letter.issuer.splitlines()],
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
    )
    yield from _beside([number_line(number, letter.symbol)], [date_line(letter.place, on)])
    for mark in filter(None, (letter.secrecy, letter.urgency)):
        yield f"[{mark}]"
    if letter.type_name:
        yield ""
        yield letter.type_name.center(WIDTH)
        yield letter.summary.center(WIDTH)
    else:
        yield f"V/v {letter.summary}"
    if letter.addressees:
        yield ""
        yield from _addressed(letter.addressees)


def _appendices(letter: Letter, number: int | None, on: date | None) -> Iterator[str]:
    for place, appendix in enumerate(letter.appendices, start=1):
        yield ""
        yield appendix_label(place, len(letter.appendices)).center(WIDTH)
        yield appendix.title.upper().center(WIDTH)
        yield goes_with(letter.type_name, number, letter.symbol, on, letter.author).center(WIDTH)
        yield ""
        for block in appendix.body:
            yield from _block(block)


def _addressed(addressees: tuple[str, ...]) -> Iterator[str]:
    if len(addressees) == 1:
        yield f"Kính gửi: {addressees[0]}"
        return
    yield "Kính gửi:"
    for place, name in enumerate(addressees):
        yield f"- {name}{'.' if place == len(addressees) - 1 else ';'}"


def _received(recipients: tuple[str, ...]) -> list[str]:
    return [f"- {name}{'.' if place == len(recipients) - 1 else ';'}" for place, name in enumerate(recipients)]


def _block(block: Block | Table) -> Iterator[str]:
    if isinstance(block, Table):
        yield " | ".join(block.header)
        for row in block.rows:
            yield " | ".join(row)
    elif block.kind in CENTRED:
        yield block.text.center(WIDTH)
    else:
        yield f"{block.label} {block.text}".strip()


def _beside(left: list[str], right: list[str]) -> Iterator[str]:
    for place in range(max(len(left), len(right))):
        first = left[place] if place < len(left) else ""
        second = right[place] if place < len(right) else ""
        yield f"{first:<40} {second}"

"""A letter as plain text: for golden files, previews and mail."""

from collections.abc import Iterator

from letters.numbering import BLANK, date_line, number_line
from letters.tree import Block, Letter, Table

WIDTH = 78


def plain(letter: Letter, number: int | None = None) -> str:
    """The letter read from top to bottom, in NFC."""
    return "\n".join(line.rstrip() for line in _lines(letter, number)) + "\n"


def _lines(letter: Letter, number: int | None) -> Iterator[str]:
    yield from _beside(
        [*letter.parent.splitlines(), *letter.issuer.splitlines()],
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
    )
    yield from _beside(
        [number_line(number, letter.symbol)], [date_line(letter.place, letter.on if number is not None else None)]
    )
    if letter.type_name:
        yield ""
        yield letter.type_name.center(WIDTH)
        yield letter.summary.center(WIDTH)
    else:
        yield f"V/v {letter.summary}"
    if letter.addressees:
        yield ""
        yield from _addressed(letter.addressees)
    yield ""
    for block in letter.body:
        yield from _block(block)
    yield ""
    yield from _beside(["Nơi nhận:", *_received(letter.recipients)], [*letter.authority, "", letter.signer or BLANK])
    if letter.second_signer:
        yield f"{letter.second_signer[0]}: {letter.second_signer[1] or BLANK}"


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
    elif block.kind in ("decides", "heading"):
        yield block.text.center(WIDTH)
    else:
        yield f"{block.label} {block.text}".strip()


def _beside(left: list[str], right: list[str]) -> Iterator[str]:
    for place in range(max(len(left), len(right))):
        first = left[place] if place < len(left) else ""
        second = right[place] if place < len(right) else ""
        yield f"{first:<40} {second}"

"""A letter as escaped HTML, for previews on pages."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from letters.marks import TRIAL
from letters.numbering import BLANK, appendix_label, date_line, goes_with, number_line
from letters.tree import Block, Letter, Run, Table


def html(letter: Letter, number: int | None = None) -> Markup:
    """Return an <article> with the letter's cells, formatted by the page's style sheet."""
    return Markup("").join(_parts(letter, number))


def _parts(letter: Letter, number: int | None) -> Iterator[Markup]:
    yield Markup('<article class="letter {}">').format(letter.standard)
    if letter.trial:
        yield Markup('<p class="trial"><b>{}</b></p>').format(TRIAL)
    if letter.circulation:
        yield Markup('<p class="circulation"><span class="stamp">{}</span></p>').format(letter.circulation)
    yield _header(letter, number)
    if letter.type_name:
        yield Markup("<h2>{}</h2><h3>{}</h3>").format(letter.type_name, letter.summary)
    if letter.addressees:
        yield Markup('<div class="to">Kính gửi:{}</div>').format(_addressed(letter.addressees))
    yield from map(_part, letter.body)
    yield _signature(letter)
    for place in range(len(letter.appendices)):
        yield from _appendix(letter, number, place)
    yield Markup("</article>")


def _addressed(names: tuple[str, ...]) -> Markup:
    return Markup(" {}").format(names[0]) if len(names) == 1 else _listed(names)


def _listed(names: tuple[str, ...]) -> Markup:
    ends = (*[";"] * (len(names) - 1), ".")
    lines = (Markup("<li>{}{}</li>").format(name, end) for name, end in zip(names, ends, strict=False))
    return Markup("<ul>{}</ul>").format(Markup("").join(lines))


def _header(letter: Letter, number: int | None) -> Markup:
    stamps = Markup("").join(
        Markup('<p><span class="stamp">{}</span></p>').format(mark) for mark in (letter.secrecy, letter.urgency) if mark
    )
    return Markup(
        '<header><div class="issuer">{}<b>{}</b><p>{}</p>{}{}</div><div class="nation">'
        "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><b>Độc lập - Tự do - Hạnh phúc</b><p><i>{}</i></p></div></header>"
    ).format(
        _lines(letter.parent),
        _lines(letter.issuer),
        number_line(number, letter.symbol),
        Markup("") if letter.type_name else Markup("<p>V/v {}</p>").format(letter.summary),
        stamps,
        date_line(letter.place, letter.on if number is not None else None),
    )


def _signature(letter: Letter) -> Markup:
    second = Markup("")
    if letter.second_signer:
        second = Markup('<div class="signature"><b>{}</b><p>{}</p></div>').format(
            letter.second_signer[0].upper(), letter.second_signer[1]
        )
    lines = Markup("").join(Markup("<b>{}</b>").format(line) for line in letter.authority)
    sides = [Markup(""), Markup("")]
    for place, item in enumerate(letter.beside_each_other):
        if item is not None:
            said = Markup('<div class="signature"><b>{}</b><p>{}</p></div>').format(item[0].upper(), item[1])
            sides[place % 2] += said
    return Markup(
        '<footer><div>{}{}<div class="received"><b><i>Nơi nhận:</i></b>{}</div></div>'
        '<div><div class="signature">{}<p>{}</p></div>{}</div></footer>'
    ).format(second, sides[0], _listed(letter.recipients), lines, letter.signer or BLANK, sides[1])


def _appendix(letter: Letter, number: int | None, place: int) -> Iterator[Markup]:
    appendix = letter.appendices[place]
    on = letter.on if number is not None else None
    yield Markup('<section class="appendix"><h2>{}</h2><h3>{}</h3><p class="whence"><i>{}</i></p>').format(
        appendix_label(place + 1, len(letter.appendices)),
        appendix.title.upper(),
        goes_with(letter.type_name, number, letter.symbol, on, letter.author),
    )
    yield from map(_part, appendix.body)
    yield Markup("</section>")


def _part(item: Block | Table) -> Markup:
    return _table(item) if isinstance(item, Table) else _block(item)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _run(run: Run) -> Markup:
    text = escape(run.text)
    text = Markup("<b>{}</b>").format(text) if run.bold else text
    return Markup("<i>{}</i>").format(text) if run.italic else text


def _block(block: Block) -> Markup:
    label = Markup("{} ").format(_label(block)) if block.label else Markup("")
    text = Markup("").join(_run(run) for run in block.runs)
    return Markup('<p class="{}">{}{}</p>').format(block.kind, label, text)


def _label(block: Block) -> Markup:
    return Markup("<b>{}</b>").format(block.label) if block.titled else escape(block.label)


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.header)
    rows = Markup("").join(Markup("<tr>{}</tr>").format(_cells(row, table.right)) for row in table.rows)
    return Markup('<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        head, rows
    )


def _cells(row: tuple[str, ...], right: frozenset[int]) -> Markup:
    plain, flush = Markup("<td>{}</td>"), Markup('<td class="num">{}</td>')
    return Markup("").join((flush if place in right else plain).format(cell) for place, cell in enumerate(row))

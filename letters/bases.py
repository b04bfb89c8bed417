"""Joins legal bases: consecutive articles of one law are cited in one line."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

_PLACE = re.compile(r"(?P<within>(?:điểm \S+ )?(?:khoản \d+ )?)(?P<article>Điều \d+) (?P<law>.+)")


def joined_citations(cited: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield citations from (law, text) pairs; articles of a law become `khoản 1 Điều 34 và khoản 1 Điều 54 Luật …`."""
    for _, group in groupby(cited, key=lambda pair: pair[0]):
        texts = [text for _, text in group]
        places = [_PLACE.fullmatch(text) for text in texts]
        if len(texts) == 1 or not all(places):
            yield from texts
        else:
            found = [place for place in places if place]
            yield f"{_listed(found)} {found[0]['law']}"


def _listed(places: Sequence[re.Match[str]]) -> str:
    """`khoản 1 và khoản 2 Điều 31`, `Điều 48 và Điều 49`."""
    parts = []
    for article, group in groupby(places, key=lambda place: place["article"]):
        within = [place["within"].strip() for place in group]
        parts.append(f"{' và '.join(filter(None, within))} {article}".strip())
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} và {parts[-1]}"

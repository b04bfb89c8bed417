"""Event logs in XES (IEEE 1849), plain or gzipped, read as a stream: only the events are held in memory."""

import gzip
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from foresight.log import LogError
from foresight.reading import CaseFacts, Event, Gathered, Reading, moment, to_log

NAME, TIME, LIFECYCLE = "concept:name", "time:timestamp", "lifecycle:transition"


def read_xes(path: Path, closed_by: Collection[str] = ()) -> Reading:
    """Read a log. A trace without a name is named by its number, from 1.

    Raises LogError: `not_xml` with line and column, `not_gzip`, `unsafe_xml` (entities, a document type), `no_value`
    and `no_time` with the trace and the event, `no_events`; OSError when the file cannot be opened.
    """
    gathered = Gathered()
    packed = path.suffix.lower() == ".gz"
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) if packed else raw as file:
        try:
            for number, trace in enumerate(_traces(file), 1):
                _take(trace, number, gathered)
        except ParseError as error:
            line, column = error.position
            raise LogError("not_xml", f"{line}:{column + 1}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise LogError("not_gzip", path.name) from None
        except DefusedXmlException:
            raise LogError("unsafe_xml", path.name) from None
    return to_log(gathered, closed_by)


def _traces(file: BinaryIO | gzip.GzipFile) -> Iterator[Element]:
    """Every trace, forgotten when the next is asked for."""
    root: Element | None = None
    for what, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if root is None:
            root = element
        if what == "end" and _tag(element) == "trace":
            yield element
            root.clear()


def _take(trace: Element, number: int, gathered: Gathered) -> None:
    name = _values(trace).get(NAME) or str(number)
    gathered.facts.setdefault(name, CaseFacts())
    for at, element in enumerate((one for one in trace if _tag(one) == "event"), 1):
        gathered.add(_event(_values(element), name, f"{name}/{at}"))


def _event(values: dict[str, str], case: str, where: str) -> Event:
    for key in (NAME, TIME):
        if not values.get(key):
            raise LogError("no_value", where, column=key)
    at = moment(values[TIME])
    if at is None:
        raise LogError("no_time", where, column=TIME, value=values[TIME][:60])
    return Event(case, values[NAME], at, where, values.get(LIFECYCLE, "complete").lower() == "complete")


def _values(element: Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib.get("value", "") for one in element if "key" in one.attrib}


def _tag(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]

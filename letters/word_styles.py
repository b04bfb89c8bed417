"""What the styles of a Word file strike out or hide: text may be gone from the print without a mark of its own."""

from collections.abc import Mapping
from typing import Any
from xml.sax.handler import ContentHandler

from letters.word_parts import parse

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRUCK, HIDDEN = "struck", "hidden"
SWITCHES = {  # elements of the properties of a run, and what they do to its text
    (W, "strike"): STRUCK, (W, "dstrike"): STRUCK, (W, "vanish"): HIDDEN, (W, "specVanish"): HIDDEN,
}  # fmt: skip
FORMER = {(W, "rPrChange"), (W, "pPrChange")}  # what a tracked change of the form replaced
DEFAULTS = ""  # the style of text that names none
Looks = Mapping[str, bool]  # struck, hidden: on or off


def is_on(attrs: Any) -> bool:
    """A switch without a value is on."""
    return str(attrs.get((W, "val"), "1")).lower() not in ("0", "false", "off", "none")


def looks_of(styles: bytes, field: str) -> Mapping[str, Looks]:
    """By the id of a style: what it strikes or hides, with what it inherits. Raises WrongInput."""
    reader = _Styles()
    if styles:
        parse(styles, reader, field)
    return {name: reader.inherited(name) for name in reader.own}


class _Styles(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.own: dict[str, dict[str, bool]] = {DEFAULTS: {}}
        self._based_on: dict[str, str] = {}
        self._here = DEFAULTS
        self._former = 0

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - named by SAX
        if name == (W, "style"):
            self._here = attrs.get((W, "styleId"), DEFAULTS)
            self.own.setdefault(self._here, {})
            if attrs.get((W, "default")) in ("1", "true") and attrs.get((W, "type")) == "paragraph":
                self._based_on[DEFAULTS] = self._here
        elif name == (W, "basedOn"):
            self._based_on[self._here] = attrs.get((W, "val"), DEFAULTS)
        elif name in FORMER:
            self._former += 1
        elif name in SWITCHES and not self._former:
            self.own[self._here][SWITCHES[name]] = is_on(attrs)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802 - named by SAX
        if name == (W, "style"):
            self._here = DEFAULTS
        elif name in FORMER:
            self._former -= 1

    def inherited(self, name: str) -> Looks:
        """What the nearest of a style and those that it is based on says; a circle ends where it began."""
        found: dict[str, bool] = {}
        seen: set[str] = set()
        here: str | None = name
        while here is not None and here not in seen:
            seen.add(here)
            found = {**self.own.get(here, {}), **found}
            here = self._based_on.get(here)
        return {**self.own[DEFAULTS], **found}

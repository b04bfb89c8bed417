"""The shipped list of communes, and the lookup of the commune that a text names."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from models.folding import fold
from models.places import CommuneKind, CommuneName
from register.names import data_file
from register.places import district_name, districts_by_code

_KIND_FORMS = {"xa": "xa", "x": "xa", "phuong": "phuong", "p": "phuong", "thi tran": "thi_tran", "tt": "thi_tran"}
_STATED = re.compile(r"^(thi tran|tt|phuong|p|xa|x) (.+)$")
_IN_ADDRESS = r"(?<!\w)(?:thi tran|tt|phuong|xa) {name}(?!\w)"  # short forms also mean xóm and phố


@dataclass(frozen=True, slots=True)
class ListedCommune:
    """A commune of the office's list; `former`: its names in older documents, without type."""

    code: str
    district: str
    name: CommuneName
    former: tuple[str, ...] = ()


@cache
def shipped_by_district() -> Mapping[str, tuple[CommuneName, ...]]:
    """Return the names of the shipped list (recalled, not checked) by the codes of all districts."""
    return {
        district: tuple(CommuneName(CommuneKind(kind), name) for kind, names in kinds.items() for name in names)
        for district, kinds in data_file("communes.yaml")["communes"].items()
    }


@cache
def shipped_communes() -> tuple[ListedCommune, ...]:
    """Return the shipped list, with codes and former names."""
    former: Mapping[str, list[str]] = data_file("communes.yaml")["former"]
    return tuple(
        ListedCommune(code := f"{district}{place:02d}", district, name, tuple(former.get(code, ())))
        for district, names in shipped_by_district().items()
        for place, name in enumerate(names, 1)
    )


def stated_kind(text: str) -> tuple[CommuneKind | None, str]:
    """Return the type that a text begins with, in full or short, and the folded name without it.

    Example: "TT. Núi Đèo" returns (CommuneKind.THI_TRAN, "nui deo"), "Kiến Quốc" (None, "kien quoc").
    """
    folded = fold(text)
    match = _STATED.match(folded)
    return (CommuneKind(_KIND_FORMS[match[1]]), match[2]) if match else (None, folded)


def commune_kind(text: str) -> CommuneKind | None:
    """Return the type that a cell names, in full, short or as its code; None without one."""
    return next((CommuneKind(kind) for form, kind in _KIND_FORMS.items() if fold(text) == form), None)


def without_kind(text: str) -> str:
    """Return the name without its type, unchanged: `Núi Đèo` for `Thị trấn Núi Đèo` and `TT. Núi Đèo`."""
    kind, folded = stated_kind(text)
    words = text.replace(".", ". ").split()
    return " ".join(words[len(words) - len(folded.split()) :]) if kind is not None else " ".join(text.split())


def named_in_full(text: str) -> CommuneName | None:
    """Return the commune that a text names with its full type and diacritics (`Xã Tân Hưng`), else None."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    kind = next((kind for kind in CommuneKind if tidy.casefold().startswith(f"{kind.word} ")), None)
    proper = without_kind(tidy)
    return CommuneName(kind, proper) if kind is not None and proper else None


class CommuneIndex:
    """Finds the commune that a text of a register names, within its district."""

    def __init__(self, listed: Iterable[ListedCommune]) -> None:
        self.by_code = {commune.code: commune for commune in listed}
        self._now: dict[tuple[str, str], list[ListedCommune]] = defaultdict(list)
        self._former: dict[tuple[str, str], list[ListedCommune]] = defaultdict(list)
        for commune in self.by_code.values():
            self._now[commune.district, fold(commune.name.proper)].append(commune)
            for name in commune.former:
                self._former[commune.district, fold(name)].append(commune)

    def candidates(self, district: str, text: str) -> tuple[ListedCommune, ...]:
        """Return every commune that the text may name; diacritics and case are ignored.

        A type that the text states chooses among communes of one name; alone it does not contradict the list, since
        a xã that became a phường keeps its name in older registers.
        """
        text = _without_district(district, text)
        kind, name = stated_kind(text)
        found = (
            self._now.get((district, name))
            or self._now.get((district, fold(text)))
            or self._former.get((district, name))
            or []
        )
        of_kind = [commune for commune in found if commune.name.kind is kind]
        return tuple(of_kind if len(found) > 1 and of_kind else found)

    def find(self, district: str, text: str) -> ListedCommune | None:
        """Return the commune when only one matches, else None."""
        found = self.candidates(district, text)
        return found[0] if len(found) == 1 else None

    def in_address(self, district: str, address: str) -> ListedCommune | None:
        """Return the one commune that an address names with its type; a village of the same name does not match."""
        folded = fold(address)
        names = [name for place, name in self._now if place == district and _names(folded, name)]
        longest = [
            name for name in names if not any(other != name and f"{other} ".startswith(f"{name} ") for other in names)
        ]
        found = [commune for name in longest for commune in self._now[district, name]]
        return found[0] if len(found) == 1 else None


def _without_district(code: str, text: str) -> str:
    """`xã An Hưng` of `xã An Hưng, huyện An Dương`: the district of the code may follow, no other place."""
    first, _, rest = re.sub(r"\s*[,(]\s*|\s+[-–]\s+", "\n", text.strip(" ).")).partition("\n")
    rest = rest.replace("\n", ", ")
    return first if rest and district_name(rest) == districts_by_code().get(code) else text


def _names(address: str, name: str) -> bool:
    return re.search(_IN_ADDRESS.format(name=re.escape(name)), address) is not None

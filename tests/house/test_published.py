"""A published version of the procedure is never edited; what is still being written may be."""

import re
from pathlib import Path

import pytest

from procedures.definition.loader import DEFAULT, ProcedureBroken
from procedures.definition.published import LOCK, faults, publish

SMALL = (Path(__file__).parents[1] / "procedures" / "small.yaml").read_text(encoding="utf-8")
NAME = "small@1"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A small procedure that is still being written."""
    (tmp_path / "former").mkdir()
    (tmp_path / DEFAULT).write_text(SMALL, encoding="utf-8")
    (tmp_path / LOCK).write_text(f"{NAME} unpublished\n", encoding="utf-8")
    return tmp_path


def edit(room: Path, old: str, new: str) -> None:
    path = room / DEFAULT
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_ours_are_as_they_were_published() -> None:
    assert faults() == []


def test_an_unpublished_text_may_change(room: Path) -> None:
    edit(room, "title:", "# written on\ntitle:")
    assert faults(room) == []


def test_a_published_text_may_not(room: Path) -> None:
    assert publish(room) == []
    assert faults(room) == []
    edit(room, "title:", "# written on\ntitle:")
    (fault,) = faults(room)
    assert "was edited" in fault
    assert len(publish(room)) == 1, "publishing again does not hide it"
    assert len(faults(room)) == 1


def test_a_successor_needs_its_hash_and_keeps_the_former_text(room: Path) -> None:
    publish(room)
    edit(room, 'version: "1"', 'version: "2"')
    assert {fault.split(":")[0] for fault in faults(room)} == {NAME, "small@2"}
    (room / "former" / f"{NAME}.yaml").write_text(SMALL, encoding="utf-8")
    assert publish(room) == []
    assert faults(room) == []


def test_a_former_text_bears_its_own_name(room: Path) -> None:
    publish(room)
    edit(room, 'version: "1"', 'version: "2"')
    (room / "former" / "other@1.yaml").write_text(SMALL, encoding="utf-8")
    publish(room)
    assert any("its own name" in fault for fault in faults(room))


def test_a_former_text_that_cannot_be_read_any_more_is_reported(room: Path) -> None:
    (room / "former" / "broken@1.yaml").write_text("procedure: x", encoding="utf-8")
    with pytest.raises(ProcedureBroken):
        faults(room)


SHIPPED = re.compile(r"from procedures\.definition\.loader import .*\bload\b")
MAY_SAY = {  # checks and previews of the product's own files, before any office
    "letters/checking.py",
    "letters/specimen.py",
    "cli/rules/procedures_file.py",
    "cli/rules/scenarios.py",
}


def test_rooms_ask_the_rulebook_not_the_package() -> None:
    """A case uses its own version, a menu the one in force: neither need be the shipped one."""
    root = Path(__file__).parents[2]
    rooms = ("web", "flows", "samples", "correspondence", "casework", "oversight", "notifications", "letters", "cli")
    found = [
        str(path.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if SHIPPED.search(path.read_text(encoding="utf-8"))
    ]
    assert set(found) == MAY_SAY

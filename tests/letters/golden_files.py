"""The golden letters: `python -m tests.letters.golden_files` writes them; a changed template is a diff to review."""

import sys
from pathlib import Path

from letters.catalogue import letter_types
from tests.letters.variants import texts, trees

GOLDEN = Path(__file__).parent / "golden"


def expected() -> dict[str, str]:
    """What each file must hold, by its name."""
    return {f"{name}.txt": texts(name) for name in letter_types()} | {
        f"{name}.yaml": trees(name) for name in letter_types()
    }


def write() -> int:
    """Write all of them, drop those of removed letters. Returns how many changed."""
    wanted, changed = expected(), 0
    for path in GOLDEN.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = GOLDEN / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            changed += 1
    return changed


if __name__ == "__main__":
    sys.stdout.write(f"{write()} files changed in {GOLDEN}; look at git diff\n")

"""`make fuzz`: `python -m tests.fuzz SECONDS FOLDER`. Coverage-guided by atheris; a finding is kept in FOLDER.

Where atheris cannot be installed (no wheel for this Python or machine), hypothesis looks for as long. It ends with a
line that docs/security.md can take: when, for how long, how much was tried, and what was found.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata, util
from pathlib import Path

from models.clock import HANOI, SystemClock

SLOW = "slow-unit"  # an input that took ten seconds, which a busy machine makes of any: kept to be looked at
GUIDED = util.find_spec("atheris") is not None
_FIGURES = re.compile(r"cov: (\d+)|stat::number_of_executed_units:\s*(\d+)")


def main(seconds: int, folder: Path) -> int:
    """Fuzz in a process of its own, which libFuzzer ends by itself, and sum up. Returns 0 where nothing was found."""
    folder.mkdir(parents=True, exist_ok=True)
    before, began = set(folder.iterdir()), SystemClock().now().astimezone(HANOI)
    command = [sys.executable, "-m", "tests.fuzz", str(seconds), str(folder), "alone"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace") as running:
        assert running.stderr is not None
        branches, runs = _figures(_shown(running.stderr))
    found = sorted(path.name for path in set(folder.iterdir()) - before if not path.name.startswith(SLOW))
    sys.stdout.write(summary(began, SystemClock().now().astimezone(HANOI), (branches, runs), running.returncode, found))
    return running.returncode


def summary(began: datetime, ended: datetime, figures: tuple[int, int], code: int, found: list[str]) -> str:
    """The line for the documents. `figures`: branches and runs; `code`: how the fuzzing process ended."""
    tool = "atheris" if GUIDED else "hypothesis"
    branches = f", {figures[0]:,} branches" if figures[0] else ""
    outcome = f"FINDING (exit code {code}): {', '.join(found) or 'see above'}" if code or found else "no finding"
    minutes, with_tool = (ended - began).total_seconds() / 60, f"{tool} {metadata.version(tool)}"
    return f"{ended:%d/%m/%Y %H:%M}: {minutes:.1f} minutes, {with_tool}, {figures[1]:,} runs{branches}, {outcome}.\n"


def _shown(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        sys.stderr.write(line)
        yield line


def _figures(lines: Iterator[str]) -> tuple[int, int]:
    """The last count of branches, and of runs, that libFuzzer printed."""
    last = {1: 0, 2: 0}
    for line in lines:
        for figure in _FIGURES.finditer(line):
            last[figure.lastindex or 1] = int(figure[figure.lastindex or 1])
    return last[1], last[2]


def fuzz(seconds: int, folder: Path) -> None:
    """Look for so many seconds; the process ends with the first finding."""
    if not GUIDED:
        by_hypothesis(seconds)
        return
    import atheris

    with atheris.instrument_imports(include=["register", "procedures", "casework", "audit_log", "letters"]):
        from tests.fuzz.targets import any_target
    with tempfile.TemporaryDirectory() as corpus:
        _write_seeds(Path(corpus))
        options = [
            f"-max_total_time={seconds}",
            "-timeout=30",
            "-rss_limit_mb=3000",
            "-max_len=60000",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", corpus], any_target)
        atheris.Fuzz()


def by_hypothesis(seconds: int) -> None:
    """Rounds of examples until the time is up; the first finding is raised with its smallest example."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from tests.fuzz.targets import any_target

    until, rounds, examples = time.monotonic() + seconds, 0, 2000
    while time.monotonic() < until:
        given(st.binary(max_size=4000))(settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )(any_target))()  # fmt: skip
        rounds += 1
    sys.stderr.write(f"stat::number_of_executed_units: {rounds * examples}\n")


def _write_seeds(corpus: Path) -> None:
    from tests.fuzz.seeds import seeds

    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number:03}").write_bytes(seed)


if __name__ == "__main__":
    if sys.argv[3:] == ["alone"]:
        fuzz(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))

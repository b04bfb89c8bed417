"""`make fuzz`: `python -m tests.fuzz SECONDS FOLDER`. Coverage-guided by atheris; a finding is kept in FOLDER.

Where atheris cannot be installed (no wheel for this Python or machine), hypothesis looks for as long.
"""

import sys
import tempfile
import time
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None


def main(seconds: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if atheris is None:
        by_hypothesis(seconds)
        return
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

    until, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        given(st.binary(max_size=4000))(settings(
            max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )(any_target))()  # fmt: skip
        rounds += 1
    sys.stdout.write(f"{rounds} rounds of 2000 examples, nothing found\n")


def _write_seeds(corpus: Path) -> None:
    from tests.fuzz.seeds import seeds

    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number:03}").write_bytes(seed)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

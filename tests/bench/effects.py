"""What an effect costs: notices of cases just opened, and the letters of an act, case after case and many together."""

import tempfile
from pathlib import Path
from time import process_time

from sqlalchemy import Engine

from flows.jobs.effects import drain, pending_cases
from models.database import engine, migrate, writing
from tests.acting import apply
from tests.bench.acts import CLOCK
from tests.web.web_office import build_office, login_of, new_case

CASES = 400
EVERY = 20_000  # as after an import of a city's register


def run() -> None:
    """Print milliseconds of processor time an effect, and seconds for 20,000."""
    for together in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            migrate(url)
            bind = engine(url)
            build_office(bind)
            with writing(bind) as connection:
                refs = [new_case(connection, f"HTX {number}", "HBG") for number in range(CASES)]
            _print("notices", together, bind)
            for ref in refs:
                apply(bind, ref, "accept_case", by=login_of("case_officer"), clock=CLOCK, data={"file_held": "true"})
                apply(bind, ref, "ask_agencies", by=login_of("case_officer"), clock=CLOCK, data={"tax_period": "2014"})
            _print("letters and notices", together, bind)
            bind.dispose()


def _print(what: str, together: bool, bind: Engine) -> None:
    refs = [ref for ref, _ in pending_cases(bind, CLOCK.now(), limit=2 * CASES)]
    parts = [refs] if together else [[ref] for ref in refs]
    start = process_time()
    done = sum(drain(bind, CLOCK, part)["done"] for part in parts)
    each = (process_time() - start) / done
    how = "many cases together" if together else "case after case"
    print(f"effects, {what}, {how}: {done}, {each * 1000:.2f} ms of processor each, {EVERY} in {EVERY * each:.0f} s")


if __name__ == "__main__":
    run()

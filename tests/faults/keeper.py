"""`python -m tests.faults.keeper NAME …`: the named children under the real supervisor, which starts the dead soon."""

import sys

from flows.runtime import services
from flows.runtime.supervisor import Pace
from models.settings import settings

QUICK = Pace(look_every=0.05, first_delay=0.05, longest_delay=0.4, steady_after=3.0)


def main(names: list[str]) -> None:
    supervisor = services.supervisor(settings(), QUICK, names)
    try:
        supervisor.start()
        supervisor.keep()
    finally:
        supervisor.stop()


if __name__ == "__main__":
    main(sys.argv[1:])

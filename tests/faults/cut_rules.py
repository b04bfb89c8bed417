"""`python -m tests.faults.cut_rules STATEMENT [PIN MARK]`: approves a version, or closes a day, and waits before a
statement begins."""

import sys
from datetime import date

from models.database import engine
from rule_changes.closing_days import NewClosing, adopt
from rule_changes.version_proposals import approve
from tests.casework.desk import CITY_LEGAL, CITY_MANAGER, LATER
from tests.faults.pausing import pause_before

STORM = NewClosing(date(2016, 3, 9), "city", None, "Bão", "1/QĐ")


def main(awaited: str, pin: str = "", mark: str = "") -> None:
    bind = engine()
    pause_before(bind, awaited)
    if pin:
        approve(bind, pin, by=CITY_LEGAL, seen=mark, clock=LATER)
    else:
        adopt(bind, [STORM], by=CITY_MANAGER, clock=LATER)


if __name__ == "__main__":
    main(*sys.argv[1:])

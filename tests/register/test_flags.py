"""Which units are flagged."""

from copy import deepcopy
from datetime import date

import pytest

from models.units import Grade, OperatingStatus, UnitKind
from register.flags import FlagsError, check_rule, flags_of, raised, rule
from tests.register.files import a_row

TODAY = date(2016, 3, 14)
OLD = {"founded_on": date(2005, 1, 1), "reregistered": False}


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        pytest.param({}, (), id="nothing known"),
        pytest.param({"grade": Grade.WEAK}, ("weak",), id="weak"),
        pytest.param({"grade": Grade.AVERAGE}, (), id="average"),
        pytest.param({"status": OperatingStatus.NOMINAL}, ("nominal",), id="nominal"),
        pytest.param({"status": OperatingStatus.STOPPED}, ("stopped",), id="stopped"),
        pytest.param({"stopped_on": date(2015, 3, 13)}, ("stopped",), id="stopped over twelve months ago"),
        pytest.param({"stopped_on": date(2015, 3, 14)}, (), id="stopped twelve months ago to the day"),
        pytest.param({"status": OperatingStatus.OPERATING_NOT_CONFORMING}, ("not_conforming",), id="not conforming"),
        pytest.param(OLD, ("not_conforming",), id="old and not re-registered"),
        pytest.param({**OLD, "founded_on": date(2013, 7, 1)}, (), id="founded under the new law"),
        pytest.param({**OLD, "reregistered": None}, (), id="not known whether re-registered"),
        pytest.param({**OLD, "kind": UnitKind.GROUP}, (), id="a cooperative group is not registered"),
        pytest.param({"status": OperatingStatus.UNREACHABLE}, ("unreachable",), id="unreachable"),
        pytest.param({"status": OperatingStatus.CLOSED, "grade": Grade.WEAK}, (), id="closed already"),
        pytest.param(
            {**OLD, "grade": Grade.WEAK, "status": OperatingStatus.NOMINAL},
            ("weak", "nominal", "not_conforming"),
            id="many",
        ),
    ],
)
def test_flags(values: dict[str, object], flags: tuple[str, ...]) -> None:
    assert flags_of(a_row(**values), TODAY) == flags


def test_a_flag_says_what_the_rule_read() -> None:
    (flag,) = raised(a_row(**OLD), TODAY)

    assert dict(flag.reads) == {"kind": UnitKind.COOPERATIVE, "founded_on": date(2005, 1, 1), "reregistered": False}
    assert flag.confidence == "verified"
    assert set(flag.label) == {"vi", "en"}


@pytest.mark.parametrize(
    "line",
    [{"field": "colour", "is": ["red"]}, {"field": "grade", "like": "yeu"}, {"field": "grade"}],
    ids=["unknown field", "unknown condition", "no condition"],
)
def test_a_rule_that_cannot_be_read_is_refused(line: dict[str, object]) -> None:
    broken = deepcopy(dict(rule()))
    broken["flags"][0]["any"] = [line]

    with pytest.raises(FlagsError):
        check_rule(broken)


def test_a_flag_without_its_source_is_refused() -> None:
    broken = deepcopy(dict(rule()))
    del broken["flags"][0]["source"]

    with pytest.raises(FlagsError):
        check_rule(broken)

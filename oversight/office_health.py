"""What the heads of an office have to know of its safety: the last good copy, and what the nightly checks found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from audit_log.time_stamps import Stamped, newest_stamp
from models.errors import CoopcaseError
from models.office_kind import REAL, kind_of
from models.settings import Settings
from models.tables import nightly_checks
from templates.formats import moment_vi
from templates.words import say, t

OLDEST_COPY = timedelta(hours=50)  # two nights and a slow start


@dataclass(frozen=True, slots=True)
class Health:
    """The state of copies and checks. `failure`: why the newest copy failed, as the code and parameters of
    an error.

    `verified_at`: the last night; `covered_at`: when all parts had been looked at; `faults`: [part, after, case, code,
    params] of each that is known, `fault_count` how many there are.
    """

    copies_wanted: bool
    copied_at: datetime | None
    copy: Mapping[str, Any]
    failed_at: datetime | None
    failure: Mapping[str, Any]
    check_failed_at: datetime | None
    verified_at: datetime | None
    covered_at: datetime | None
    stamped: Stamped | None
    fault_count: int
    faults: list[list[Any]]

    def warnings(self, now: datetime, lang: str) -> list[str]:
        """What needs a person, each in a sentence with what to do."""
        said = {
            "at": moment_vi(self.failed_at), "since": moment_vi(self.copied_at) or "—", "count": self.fault_count,
            "why": self._why(lang), "checked": moment_vi(self.check_failed_at),
        }  # fmt: skip
        return [t(f"health.{code}", lang, **said) for code in self._codes(now)]

    def summary(self, lang: str) -> str:
        """The state in one line, for the report: age of the last good copy, and of the last checks."""
        copied = t("health.copied", lang, at=moment_vi(self.copied_at)) if self.copied_at else t("health.no_copy", lang)
        if self.verified_at is None:
            return copied
        said = {"at": moment_vi(self.verified_at), "count": self.fault_count}
        whole = t("health.covered", lang, at=moment_vi(self.covered_at)) if self.covered_at else ""
        return " ".join(part for part in (copied, t("health.verified", lang, **said), whole, self._stamp(lang)) if part)

    def fault_texts(self, lang: str) -> list[str]:
        """The faults that the nightly checks know of."""
        return [t(f"casework.{code}", lang, ref=ref, **params) for _, _, ref, code, params in self.faults]

    def _stamp(self, lang: str) -> str:
        if self.stamped is None:
            return ""
        return t("health.stamped", lang, short=self.stamped.short, at=moment_vi(self.stamped.at))

    def _why(self, lang: str) -> str:
        if not self.failure:
            return ""
        return say(CoopcaseError(self.failure["code"], **self.failure["params"]), lang)

    def _codes(self, now: datetime) -> list[str]:
        found = []
        if self.copies_wanted and self.failed_at is not None:
            found.append("copy_failed")
        if self.copies_wanted and self.failed_at is None and self._is_old(now):
            found.append("copy_old" if self.copied_at else "copy_none")
        if self.check_failed_at is not None:
            found.append("check_failed")
        if self.fault_count:
            found.append("faults")
        return found

    def _is_old(self, now: datetime) -> bool:
        return self.copied_at is None or self.copied_at <= now - OLDEST_COPY


def health(connection: Connection, chosen: Settings) -> Health:
    """The state by the results that were kept. A real office without a folder for copies wants them all the same."""
    good, bad = _newest(connection, "backup", True), _newest(connection, "backup", False)
    checked, broken = _newest(connection, "verify", True), _newest(connection, "verify", False)
    failed = _is_newer(bad, good)
    found = checked.found if checked is not None else {}
    return Health(
        copies_wanted=chosen.backup_to is not None or kind_of(connection) == REAL,
        copied_at=good.at if good is not None else None,
        copy=good.found if good is not None else {},
        failed_at=bad.at if failed else None,
        failure=bad.found if failed else {},
        check_failed_at=broken.at if _is_newer(broken, checked) else None,
        verified_at=checked.at if checked is not None else None,
        covered_at=datetime.fromisoformat(found["ended_at"]) if found.get("ended_at") else None,
        stamped=newest_stamp(connection),
        fault_count=found.get("count", 0),
        faults=found.get("faults", []),
    )


def note_copy(connection: Connection, at: datetime, found: dict[str, Any]) -> None:
    """Keep that a copy was made on demand: it counts like one of the night."""
    connection.execute(nightly_checks.insert().values(kind="backup", at=at, ok=True, found=found))


def _is_newer(bad: Any, good: Any) -> bool:
    return bad is not None and (good is None or bad.id > good.id)


def _newest(connection: Connection, kind: str, ok: bool) -> Any:
    columns = nightly_checks.c
    found = select(nightly_checks).where(columns.kind == kind, columns.ok.is_(ok)).order_by(columns.id.desc())
    return connection.execute(found.limit(1)).first()

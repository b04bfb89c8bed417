"""The one invented proof of the sample office, kept with each case once."""

from datetime import datetime

from sqlalchemy import Connection

from casework.evidence_store import keep

PROOF = "Tệp chứng cứ mẫu của văn phòng thử nghiệm. Không có thật.\n".encode()
NAME = "chung-cu-mau.txt"


class Proofs:
    """The hash of the proof, with whatever case asks for it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: dict[int, str] = {}

    def of(self, case_id: int, *, by: str, now: datetime) -> str:
        if case_id not in self._kept:
            self._kept[case_id] = keep(self._connection, case_id, PROOF, NAME, by=by, now=now)
        return self._kept[case_id]

"""Two notes and an instruction on cases of an officer of the sample office; invented, and marked as such."""

from datetime import timedelta

from sqlalchemy import Connection, select

from casework.dossier.instructions import NewInstruction, give_instruction
from casework.dossier.notes import NewNote, write_note
from casework.office.people import actor
from models.clock import FrozenClock
from models.tables import case_rows, officers
from samples.histories import TODAY

OFFICER, MANAGER = "cv1.vbo", "tp.vbo"
CALLED = "Ông giám đốc hẹn nộp sổ kế toán ngày 14/03; gọi lại nếu chưa có (ghi chú mẫu)."
SEEN = "Trụ sở nay là kho gạch của hộ dân, biển hiệu cũ còn treo ở cổng sau (ghi chú mẫu)."
CHECK = "Xác minh lại địa chỉ trụ sở với UBND xã, báo cáo trước cuộc họp giao ban tuần này (ý kiến chỉ đạo mẫu)."


def write_notes(connection: Connection) -> None:
    """One note comes back on the sample's day, the other on none; the instruction is to be answered in four days."""
    first, second = _cases(connection)
    officer, manager = actor(connection, OFFICER), actor(connection, MANAGER)
    back = TODAY.strftime("%d/%m/%Y")
    write_note(connection, first, NewNote(CALLED, back), by=officer, clock=_days_ago(4))
    write_note(connection, second, NewNote(SEEN), by=officer, clock=_days_ago(3))
    due = (TODAY + timedelta(days=4)).strftime("%d/%m/%Y")
    give_instruction(connection, second, NewInstruction(OFFICER, CHECK, due), by=manager, clock=_days_ago(3))


def _cases(connection: Connection) -> list[str]:
    """The officer's two oldest open cases."""
    row = case_rows.c
    mine = select(row.ref).join(officers, officers.c.id == row.officer_id).where(officers.c.login == OFFICER)
    return list(connection.scalars(mine.where(row.closed_on.is_(None)).order_by(row.opened_on, row.ref).limit(2)))


def _days_ago(days: int) -> FrozenClock:
    return FrozenClock.on(TODAY - timedelta(days=days), 9)

"""Three cases that the sample office took over from paper: two with their gaps confirmed, one that waits for it."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, select

from casework.takeover.gaps import confirm_gaps_in
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over_in
from casework.unit_rows import name_keys
from models.clock import FrozenClock
from models.tables import units
from models.typed_rows import one_row
from models.typed_rows.case_shapes import RegisterRow
from samples.histories import TODAY

OFFICE, OFFICER, SECOND = "VBO", "cv1.vbo", "tp.vbo"
FIRST_ON, THEN_ON = TODAY - timedelta(days=4), TODAY - timedelta(days=3)
HALF_DONE: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("Hợp tác xã Dịch vụ nông nghiệp Hòa Bình", "C4", "Sổ văn bản và bản lưu năm 2015", {
        "decide_measure": "09/02/2015", "decide_measure.paper": "118/QĐ-UBND", "prove_ground": "20/04/2015",
        "prove_ground.ground": "a", "submit_dossier": "11/01/2016", "submit_dossier.paper": "07/TTr-TCKH",
        "decide_dissolution": "25/01/2016", "decide_dissolution.paper": "52/QĐ-UBND",
        "decide_dissolution.issuer": "UBND huyện Vĩnh Bảo", "decide_dissolution.served": "01/02/2016",
    }),
    ("Hợp tác xã Vận tải thủy sông Hóa", "V2", "Bản lưu của hợp tác xã", {
        "decide_measure": "05/10/2015", "resolve_dissolution": "22/02/2016", "notify_registrar": "26/02/2016",
    }),
    ("Hợp tác xã Cói Cộng Hiền", "R2", "Lời khai của chủ nhiệm", {"classify": "17/12/2014"}),
)  # fmt: skip


def take_over_half_done(connection: Connection) -> None:
    """Enter the units with their cases; nobody has confirmed yet what is not on file of the last one."""
    like = select(units).where(units.c.district_code == OFFICE, units.c.status == "B4").order_by(units.c.id).limit(1)
    model = one_row(RegisterRow, connection.execute(like))
    refs = []
    for number, (name, step, source, known) in enumerate(HALF_DONE):
        row = {**model, "name": name, **name_keys(name), "certificate_number": f"0207000{900 + number}"}
        row.pop("id")
        unit_id: int = connection.execute(units.insert().values(row).returning(units.c.id)).scalar_one()
        request = Request(unit_id, Known(step, source, known))
        refs.append(take_over_in(connection, request, by=OFFICER, clock=FrozenClock.on(FIRST_ON, 9)).ref)
    confirm_gaps_in(connection, refs[:-1], by=SECOND, clock=FrozenClock.on(THEN_ON, 9))

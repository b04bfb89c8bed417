"""What no letter can bear is refused where it comes in: an act, a letter's field, a register, an officer's name."""

import pytest

from casework.register_import import commit, preview
from letters.typed_text import unprintable_in
from models.database import writing
from models.errors import Refused, WrongInput
from models.tables import officers, units
from register.findings import say_finding
from tests.acting import apply
from tests.correspondence.paperwork import Paperwork
from tests.letters.hard import written
from tests.register.files import xlsx
from tests.web.web_office import CLOCK, Office, login_of


def test_a_letter_that_holds_one_from_before_is_not_handed_in(papers: Paperwork) -> None:
    assert unprintable_in(written("@article 協同")) == "協"
    letter = papers.drafted(deleted_on="25/03/2016")
    with writing(papers.bind) as connection:
        connection.execute(officers.update().where(officers.c.login == login_of("case_officer")).values(name="Lê 李"))
    with pytest.raises(Refused) as refused:
        papers.submitted(papers.drafted("tax_inquiry", reply_by_on="05/04/2016"))
    assert (refused.value.code, refused.value.params["character"]) == ("letter_unprintable", "李 (U+674E)")
    assert papers.submitted(letter)


def test_an_act_is_refused_at_its_field(papers: Paperwork) -> None:
    papers.do("accept_case", file_held=True)
    before = len(papers.facts())
    for place in ("Trụ sở 本社", "Trụ sở \u202e"):
        with pytest.raises(WrongInput) as found:
            apply(
                papers.bind, papers.ref, "send_visit_notice", by=login_of("case_officer"), clock=papers.clock,
                data={"visit_on": "25/03/2016", "place": place},
            )  # fmt: skip
        assert found.value.field == "place"
    assert len(papers.facts()) == before


def test_a_row_of_the_register_is_rejected_with_the_character_shown(small: Office) -> None:
    rows = [
        ["Tên hợp tác xã", "Quận, huyện", "Địa chỉ trụ sở", "Người đại diện"],
        ["Hợp tác xã Vận tải Sao Đỏ", "Hồng Bàng", "Số 1", "Ông Nguyễn Văn Mẫu"],
        ["Hợp tác xã 協同 Đông Á", "Hồng Bàng", "Số 2", "Bà Trần Thị Mẫu"],
        ["Hợp tác xã Gốm Sứ", "Hồng Bàng", "Số 3 ☐", "Ông Lê Văn Mẫu"],
    ]
    data, who = xlsx(("So", rows)), login_of("manager")
    plan = preview(small.bind, data, "so.xlsx", by=who).plan
    assert [row.name for row in plan.new] == ["Hợp tác xã Vận tải Sao Đỏ"]
    said = [say_finding(found) for row in plan.rejected for found in row.findings]
    assert len(said) == 2
    assert "協 (U+5354)" in said[0]
    assert "☐ (U+2610)" in said[1]
    commit(small.bind, data, "so.xlsx", by=who, clock=CLOCK)
    with small.bind.connect() as connection:
        names = connection.execute(units.select()).mappings().all()
    assert not [row["name"] for row in names if "協" in row["name"] or "Gốm" in row["name"]]

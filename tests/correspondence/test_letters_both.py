"""The lists and registers of letters read the same from SQLite and from PostgreSQL."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from casework.acts import annul
from casework.office.people import Actor, actor
from correspondence.delegations import Mandate, add, end, listed
from correspondence.incoming.awaited_answers import answers_to, awaited
from correspondence.incoming.incoming_register import Arrival, arrivals, record_step, register_incoming
from correspondence.letter_order import ORDERS
from correspondence.letter_queue import ListedLetter, letter_list_page, status_counts, waiting_count
from correspondence.number_book import book, book_count, books_of
from correspondence.office_registers import handover, incoming_of, outgoing
from correspondence.signed_versions import keep_signed, versions
from correspondence.stuck_letters import places_for, stuck
from flows.jobs.effects import drain
from models.database import reading, writing
from models.settings import settings
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, build_office, login_of


def waiting(connection: Connection, person: Actor, today: date) -> list[ListedLetter]:
    return letter_list_page(connection, person, today, limit=200, offset=0)[0]


@pytest.fixture
def papers(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return Paperwork(either_bind, build_office(either_bind).first)


@pytest.fixture
def asked(papers: Paperwork) -> int:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies")
    return papers.issued(papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="20/03/2016"))


def test_what_waits_is_counted_sorted_and_found_stuck(papers: Paperwork, asked: int) -> None:
    submitted = papers.submitted(papers.drafted(deleted_on="25/03/2016"))
    approved = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    late = TODAY + timedelta(days=30)
    with reading(papers.bind) as connection:
        clerk, manager = papers.person("clerk"), papers.person("manager")
        assert [row["id"] for row in waiting(connection, clerk, TODAY)] == [
            asked,
            approved,
        ]
        assert [(row["id"], row["since_on"]) for row in waiting(connection, manager, TODAY)] == [(submitted, TODAY)]
        assert waiting_count(connection, clerk, TODAY) == 2
        assert status_counts(connection, clerk) == {"issued": 1, "submitted": 1, "approved": 1}
        for sort in ("oldest", "newest"):
            rows, total = letter_list_page(connection, clerk, TODAY, status="all", sort=sort, limit=2, offset=1)
            assert (len(rows), total) == (2, 3)
        places = {row["id"]: row["place"] for row in stuck(connection, late, ["HBG"])}
        assert places == {asked: "issued", submitted: "submitted", approved: "approved"}
        assert len(places_for(connection, papers.person(login_of("manager", None)), late)) == 3


def test_pages_of_every_order_are_the_whole_list(papers: Paperwork, asked: int) -> None:
    """Pages beyond the middle are read from the end."""
    papers.submitted(papers.drafted(deleted_on="25/03/2016"))
    papers.approved(papers.drafted(deleted_on="25/03/2016"))
    with reading(papers.bind) as connection:
        manager = papers.person("manager")
        for sort in (*ORDERS, *(f"-{order}" for order in ORDERS)):
            whole, total = letter_list_page(connection, manager, TODAY, status="all", sort=sort, limit=9, offset=0)
            assert len(whole) == total == 3
            for size in (1, 2):
                parts = [
                    letter_list_page(connection, manager, TODAY, status="all", sort=sort, limit=size, offset=offset)[0]
                    for offset in range(0, 5, size)
                ]
                assert [row["id"] for part in parts for row in part] == [row["id"] for row in whole], (sort, size)


def test_answers_come_in_are_searched_and_recorded(papers: Paperwork, asked: int) -> None:
    clerk = papers.person("clerk")
    with writing(papers.bind) as connection:
        (waiting,) = awaited(connection, clerk, TODAY + timedelta(days=9))
        assert (waiting["id"], waiting["late"]) == (asked, True)
        assert waiting["addressees"] == ["Chi cục Thuế quận Hồng Bàng"]
        arrival = Arrival(
            "Chi cục Thuế", "Còn nợ 5%", TODAY, "1/CCT", None, "", asked, "agency_reply", [("a.pdf", b"%PDF-1")]
        )
        done = register_incoming(connection, clerk, arrival, clock=papers.clock)
        assert awaited(connection, clerk, TODAY) == []
        assert [item["id"] for item in answers_to(connection, asked)] == [done.id]
    with writing(papers.bind) as connection:
        record_step(connection, done.id, clerk, {"debt": 5}, clock=papers.clock)
    with reading(papers.bind) as connection:
        for text, count in (("5%", 1), (papers.ref, 1), ("1", 1), ("không có", 0)):
            rows, total = arrivals(connection, clerk, 2016, search=text)
            assert len(rows) == total == count
            assert arrivals(connection, clerk, 2016, search=text, limit=1, offset=1) == ([], count)
        assert arrivals(connection, clerk, 2016)[0][0]["stands"] in (True, 1)


def test_service_is_undone_and_books_are_read(papers: Paperwork, asked: int) -> None:
    papers.serve(asked, "post", "returned", tracking="1", reason="Vắng")
    papers.serve(asked, receiver="Bà Lan")
    served = papers.facts("letter_served")[0]["seq"]
    annul(papers.bind, papers.ref, served, by=login_of("clerk"), reason="Nhầm", clock=papers.clock)
    drain(papers.bind, papers.clock)
    assert papers.status(asked) == "undelivered"
    with writing(papers.bind) as connection:
        keep_signed(connection, asked, papers.person("clerk"), b"%PDF-1", "a.pdf", "", now=papers.clock.now())
        assert versions(connection, asked)[0]["record"] is None
    with reading(papers.bind) as connection:
        clerk = papers.person("clerk")
        assert books_of(connection, clerk) == [("HBG/finance_office", "others", 2016)]
        assert len(book(connection, clerk, year=2016)) == book_count(connection, clerk, year=2016) == 1
        for register in (outgoing, handover, incoming_of):
            assert register(connection, clerk, year=2016)


def test_delegations_are_kept(papers: Paperwork) -> None:
    with writing(papers.bind) as connection:
        leader = actor(connection, login_of("leader"))
        wanted = Mandate("second.hbg", "TL", "finance_office", TODAY, None, "1/QĐ", "Tổ trưởng")
        number = add(connection, wanted, by=leader, clock=papers.clock)
        end(connection, number, TODAY, "Thôi", by=leader, clock=papers.clock)
        (row,) = listed(connection, "HBG", TODAY)
    assert (row["stands"], row["last_on"]) == ("in_force", TODAY)

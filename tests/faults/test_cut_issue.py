"""A process is killed between the number of a paper and the act that takes effect by it: neither is there."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from casework.upkeep.integrity import verify
from correspondence.paper_integrity import verify_papers
from models.database import reading
from models.tables import book_entries
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office

pytestmark = pytest.mark.processes


def numbers(office: Office) -> int:
    with reading(office.bind) as connection:
        return connection.scalar(select(func.count()).select_from(book_entries)) or 0


def test_killed_between_number_and_act(office: Office) -> None:
    papers = Paperwork(office.bind, office.first)
    papers.do("accept_case", file_held=True)
    seq = papers.do("send_visit_notice", visit_on="25/03/2016")
    letter = papers.approved(papers.requested("visit_notice", seq))
    command = [sys.executable, "-m", "tests.faults.cut", str(letter)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        child.kill()
    assert (papers.status(letter), numbers(office), papers.facts("send_visit_notice")) == ("approved", 0, [])
    papers.issue(letter)
    assert (papers.row(letter)["number"], numbers(office), len(papers.facts("send_visit_notice"))) == (1, 1, 1)
    with reading(office.bind) as connection:
        assert [*verify(connection), *verify_papers(connection)] == []

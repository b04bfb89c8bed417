"""Service recorded under a former name of its verb or letter counts as under the present one."""

from datetime import date

from casework.as_of import NOW
from casework.ledger import load_case
from casework.sums.awaited_service import proofs_by_run
from correspondence.service.serving import attempts, left_undone
from models.database import reading
from tests.correspondence.paperwork import Paperwork
from tests.correspondence.service.test_letters_service import compulsory, issue, printed_request
from tests.renamed_parts import led_over


def test_an_issue_recorded_under_the_former_name_of_its_verb_is_not_left_undone(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    issue(papers, letter, 9201, papers.today)
    led_over(papers.bind, record_newspaper_issue="enter_newspaper_issue", newspaper_request="newspaper_order")
    with reading(papers.bind) as connection:
        assert left_undone(connection, papers.row(letter), attempts(connection, letter)) == []


def proofs(papers: Paperwork) -> list[tuple[str, str, date | None, int | None]]:
    with reading(papers.bind) as connection:
        found = proofs_by_run(connection, load_case(connection, papers.ref), NOW, "vi")["complaint_period", 1]
    return [(item.template, item.stage, item.on, item.letter) for item in found]


def test_a_proof_of_service_is_found_under_the_former_name_of_its_letter(papers: Paperwork) -> None:
    compulsory(papers)
    ((_, *before),) = proofs(papers)
    led_over(papers.bind, dissolution_decision="dissolution_order")
    assert proofs(papers) == [("dissolution_order", *before)]
    assert before[0] == "issued"

"""Facts and letters written under a former name of their verb or letter are found as under the present one."""

from datetime import date, timedelta

from sqlalchemy import update

from casework.ledger import load_case
from correspondence.incoming.awaited_answers import AwaitedAnswer, awaited
from correspondence.letter_data import LetterData
from correspondence.stuck_letters import stuck
from models.database import reading, writing
from models.tables import letter_rows
from rulebook.office_papers import papers_of
from tests.correspondence.batches import Batches
from tests.correspondence.paperwork import Paperwork
from tests.renamed_parts import PIN, led_over


def waiting(papers: Paperwork) -> list[AwaitedAnswer]:
    with reading(papers.bind) as connection:
        return awaited(connection, papers.person("clerk"), papers.today)


def asked(papers: Paperwork) -> int:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies", tax_period="2010-2014")
    return papers.issued(papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="25/03/2016"))


def test_a_letter_awaits_its_answer_under_its_former_name(papers: Paperwork) -> None:
    letter = asked(papers)
    led_over(papers.bind, tax_inquiry="tax_question")
    (found,) = waiting(papers)
    assert (found["id"], found["kind"], found["due_on"]) == (letter, "agency_reply", date(2016, 3, 25))


def test_an_answer_recorded_under_a_former_name_of_its_verb_has_come(papers: Paperwork) -> None:
    asked(papers)
    assert waiting(papers)
    papers.do("record_agency_reply", agency="tax", symbol="215/CCT", note="Không nợ")
    led_over(papers.bind, record_agency_reply="enter_agency_reply")
    assert waiting(papers) == []


def test_a_letter_to_be_printed_is_stuck_under_its_former_name(papers: Paperwork) -> None:
    letter = papers.issued(papers.handed_in_as_draft("newspaper_request"))
    papers.serve(letter, receiver="Tòa soạn")
    led_over(papers.bind, newspaper_request="newspaper_order")
    with reading(papers.bind) as connection:
        found = stuck(connection, papers.today + timedelta(days=60), ["HBG"])
        known = papers_of(connection, PIN)
    assert [row["place"] for row in found if row["id"] == letter] == ["printing"]
    assert known.printed == {"newspaper_request", "newspaper_order"}
    assert known.step_of("newspaper", "newspaper_request") == known.step_of("newspaper", "newspaper_order") is not None


def test_a_letter_quotes_another_that_was_drafted_under_another_name(papers: Paperwork) -> None:
    letter = papers.issued(papers.drafted("tax_inquiry", reply_by_on="25/03/2016"))
    led_over(papers.bind, tax_inquiry="tax_question")
    with writing(papers.bind) as connection:
        connection.execute(update(letter_rows).where(letter_rows.c.id == letter).values(template="tax_question"))
        loaded = load_case(connection, papers.ref)
        quoted = LetterData(connection)._numbers(loaded, None, ["tax_inquiry"])
    assert list(quoted) == ["tax_inquiry"]
    assert quoted["tax_inquiry"].startswith("01/")


def test_a_case_with_a_live_letter_under_another_name_gets_no_second_one(batches: Batches) -> None:
    papers = Paperwork(batches.bind, batches.refs[0])
    letter = papers.drafted("tax_inquiry", reply_by_on="25/03/2016")
    led_over(batches.bind, tax_inquiry="tax_question")
    with writing(batches.bind) as connection:
        connection.execute(update(letter_rows).where(letter_rows.c.id == letter).values(template="tax_question"))
    found = batches.looked_at("tax_inquiry", data={"reply_by_on": "2016-03-25"})
    reasons = {item.row["ref"]: item.reason for item in found.candidates}
    assert [reasons[ref] for ref in batches.refs] == ["has_live", ""]

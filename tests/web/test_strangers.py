"""Everything that another office has, asked for by every role at every address: as if it were not there.

The table is held against the router: a new address with the number of a thing in it fails until it is named here.
"""

import io
from collections.abc import Callable, Mapping

import pytest
from fastapi import FastAPI
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import select

from casework.money.lists import LISTS
from models.database import reading
from models.tables import kept_forecasts
from tests.web.strangers import SECRETS, Theirs, no_such, picture, theirs
from tests.web.test_access import routes_of
from tests.web.web_office import ROLES, Office, Visitor

As = Callable[..., Visitor]
Form = Mapping[str, str]
ACTS = (
    "fill",
    "submit",
    "approve",
    "return",
    "issue",
    "cancel",
    "discard",
    "serve",
    "signed",
    "mark",
    "esign",
    "recall",
)
BATCH_ACTS = ("fill", "submit", "approve", "return", "take_out", "drop", "cancel", "issue", "sign")
COUNCIL_ACTS = (
    "change", "seat", "replace", "empty", "approve", "serve", "release", "meeting", "task", "done",
)  # fmt: skip
JOINT_ACTS = ("join", "leave", "council", "values", "draft", "withdraw")
PERSON_ACTS = ("change", "leave", "back", "password")
READ: Mapping[str, tuple[str, ...]] = {
    "case": ("/cases/{case}", "/cases/{case}?as_of=10/03/2016&known_on=12/03/2016"),
    "sums": ("/cases/{case}/sums", "/cases/{case}/sums?as_of=10/03/2016"),
    "grid": ("/grid?verb=accept_case&case={case}", "/grid?verb=accept_case&like={case}"),
    "grid_form": ("/grid/form.xlsx?verb=accept_case&case={case}",),
    "operation": ("/operations/{operation}",),
    "outstanding_case": ("/outstanding/cases/{case}",),
    "money": ("/cases/{case}/money", "/cases/{case}/money?sold=1"),
    "money_file": ("/cases/{case}/money.xlsx", "/cases/{case}/money.csv"),
    "act": ("/cases/{case}/acts/accept_file",),
    "annul": ("/cases/{case}/facts/1/annul",),
    "reassign": ("/cases/{case}/reassign",),
    "absences_of_person": ("/office/absences/{login}",),
    "irregularity_accept": ("/cases/{case}/irregularities/{irregular}/accept",),
    "evidence": ("/cases/{case}/evidence/{sha}", "/cases/{own}/evidence/{sha}"),
    "proof": ("/cases/{case}/proof",),
    "note_new": ("/cases/{case}/notes",),
    "note": ("/cases/{case}/notes/{note}", "/cases/{own}/notes/{note}"),
    "instruct": ("/cases/{case}/instructions",),
    "instruction": ("/cases/{case}/instructions/{instruction}", "/cases/{own}/instructions/{instruction}"),
    "documents": ("/cases/{case}/documents",),
    "document": ("/cases/{case}/documents/{sha}", "/cases/{own}/documents/{sha}"),
    "document_file": ("/cases/{case}/documents/{sha}/file", "/cases/{own}/documents/{sha}/file"),
    "irregular_acts": ("/cases/{case}/irregularities",),
    "council": ("/councils/{council}",),
    "council_minutes": ("/councils/{council}/minutes/{meeting}",),
    "batch": ("/batches/{dissolution_batch}",),
    "annex": ("/batches/{dissolution_batch}/annex",),
    "obstacle_list": ("/obstacles/letter/{listed}",),
    "batch_act": ("/batches/{dissolution_batch}/acts/check_legality",),
    "unit": ("/register/{unit}",),
    "letter": ("/letters/{letter}", "/letters/{draft}"),
    "letters_ticked": ("/letters/ticked?do=print&letter={letter}", "/letters/ticked?do=print&letter={draft}"),
    "next_steps": ("/letters/next?letter={letter}", "/letters/next?letter={draft}"),
    "letter_pdf": ("/letters/{letter}/pdf", "/letters/{draft}/pdf"),
    "letter_docx": ("/letters/{letter}/docx", "/letters/{draft}/docx"),
    "letter_signed": ("/letters/{letter}/signed/{signed}",),
    "letter_new": ("/cases/{case}/letters/new",),
    "paper_form": ("/cases/{case}/forms/meeting_minutes.pdf", "/cases/{case}/forms/meeting_minutes.docx"),
    "bulk": ("/letters/bulk/{batch}",),
    "bulk_pdf": ("/letters/bulk/{batch}/pdf",),
    "bulk_zip": ("/letters/bulk/{batch}/zip",),
    "incoming_one": ("/incoming/{incoming}", "/incoming/{incoming_city}"),
    "incoming_file": ("/incoming/{incoming}/files/{incoming_sha}", "/incoming/{incoming_city}/files/{incoming_sha}"),
    "act_paper": ("/cases/{case}/papers/1",),
    "ink_scan": ("/letters/signed/{paper}/scan",),
    "earlier_scan": ("/earlier-papers/{earlier}/file",),
    "take_over_found": ("/take-over/cases/{case}",),
    "take_over_unit": ("/take-over/unit/{free_unit}", "/take-over/unit/{free_unit}?step=C4"),
    "closing_back": ("/office/closings/{closing}/back",),
    "person": ("/office/people/{login}",),
    "unfinished_one": ("/unfinished/{unfinished}",),
    "unfinished_file": ("/unfinished/{unfinished}/files/0",),
}  # fmt: skip
SENT: Mapping[str, tuple[tuple[str, Form], ...]] = {
    "note_new_now": (("/cases/{case}/notes", {"text": "x"}), ),
    "note_now": tuple((f"/cases/{{{ref}}}/notes/{{note}}/{act}", {"reason": "x"})
                      for ref in ("case", "own") for act in ("close", "strike")),
    "instruct_now": (("/cases/{case}/instructions", {"to": "case_officer.adg", "text": "x", "due_on": "20/03/2016"}),),
    "instruction_now": tuple((f"/cases/{{{ref}}}/instructions/{{instruction}}/{act}", {"text": "x", "reason": "x"})
                             for ref in ("case", "own") for act in ("answer", "withdraw")),
    "documents_now": (("/cases/{case}/documents", {"remark": "x"}),),
    "document_strike": (("/cases/{case}/documents/{sha}/strike", {"reason": "x"}),
                        ("/cases/{own}/documents/{sha}/strike", {"reason": "x"})),
    "act_now": (("/cases/{case}/acts/accept_file", {"seen": "1"}),),
    "grid_now": (("/grid?verb=accept_case&case={case}", {"line": "{case}", "f.file_held": "yes"}),
                 ("/grid?verb=accept_case&like={case}", {"more": "grid"})),
    "outstanding_now": (("/outstanding/cases/{case}", {"kind": "seal", "outcome": "missing", "reason": "x"}),),
    "outstanding_answer": (("/outstanding/999999/confirm", {}), ("/outstanding/999999/back", {"reason": "x"})),
    "serving_now": (("/letters/serve", {"way": "hand:served", "letter": "{letter}", "receiver.{letter}": "x"}),),
    "next_steps_now": tuple(("/letters/next", {"letter": f"{{{which}}}", f"mark.{{{which}}}": "submit:x"})
                          for which in ("letter", "draft")),
    "operation_undo": (("/operations/{operation}/undo", {"line": "{case}", "reason": "x"}),),
    "list_columns_now": (("/lists/{view}/columns", {"column": "unit"}),),
    "list_view_now": (("/lists/{view}/views", {"name": "x"}),),
    "list_view_act": tuple((f"/lists/views/{{view}}/{act}", {}) for act in ("start", "usual", "remove")),
    "money_upload": (("/cases/{case}/money/file", {}),),
    "money_replies": (("/cases/{case}/money/replies", {}),),
    "money_draft": (("/cases/{case}/money/draft", {}),),
    "money_list": tuple((f"/cases/{{case}}/money/{part}", {"rows": "x"}) for part in LISTS),
    "council_now": tuple((f"/councils/{{council}}/{act}", {"member": "{member}", "ref": "{case}", "reason": "x"})
                         for act in COUNCIL_ACTS),
    "batch_new": (("/batches", {"name": "x", "council": "{council}"}),),
    "batch_now": tuple((f"/batches/{{dissolution_batch}}/{act}",
                        {"cases": "{case}", "ref": "{case}", "council": "{council}", "reason": "x"})
                       for act in JOINT_ACTS),
    "annex_now": (("/batches/{dissolution_batch}/annex", {"note.HP-2016-0005": "x"}),),
    "batch_act_now": (("/batches/{dissolution_batch}/acts/check_legality", {"f.note": "x"}),),
    "annul_now": (("/cases/{case}/facts/1/annul", {"reason": "x"}),),
    "reassign_now": (("/cases/{case}/reassign", {"to": "case_officer.hbg", "reason": "x"}),),
    "obstacle_letter_now": (("/obstacles/letter", {"chosen": "{case}:tax_debt", "agency": "x"}),),
    "obstacle_list_now": (("/obstacles/letter/{listed}", {"chosen": "{case}:tax_debt"}),),
    "obstacles_now": (("/obstacles", {"do": "lift", "chosen": "{case}:tax_debt"}),),
    "absences_of_person_now": (("/office/absences/{login}", {"drop": "{absence}"}),
                               ("/office/absences/{login}", {"from_on": "15/03/2016", "to_on": "16/03/2016"})),
    "irregularities_now": (("/irregularities", {"chosen": "{case}:{irregular}", "reason": "x"}),),
    "irregularity_accept_now": (("/cases/{case}/irregularities/{irregular}/accept",
                                 {"body": "x", "paper": "1/x", "paper_on": "14/03/2016"}),),
    "letter_now": tuple((f"/letters/{{{which}}}/{act}", {"reason": "x", "remarks": "x", "on": "14/03/2016"})
                        for which in ("letter", "draft") for act in ACTS),
    "proof_now": (("/cases/{case}/proof", {}),),
    "letter_new_now": (("/cases/{case}/letters/new", {"template": "name_deletion_notice"}),),
    "bulk_now": tuple((f"/letters/bulk/{{batch}}/{act}", {"reason": "x", "letter": "{draft}"}) for act in BATCH_ACTS),
    "incoming_act": tuple((f"/incoming/{{{which}}}/{act}", {"ref": "{own}"})
                          for which in ("incoming", "incoming_city") for act in ("tie", "record")),
    "ink_back": (("/letters/signed/{paper}/return", {"remarks": "x"}), ("/letters/signed/{paper}/withdraw", {})),
    "act_paper_now": (("/cases/{case}/papers/1", {"symbol": "1/x", "signed_on": "14/03/2016", "signer": "x"}),),
    "act_paper_second": (("/cases/{case}/papers/1/confirm", {"entry": "1"}),
                         ("/cases/{case}/papers/1/return", {"entry": "1", "remarks": "x"})),
    "ink_now": (("/letters/signed", {"number.{draft}": "5", "signer": "x"}),),
    "numbers_now": (("/letters/numbers", {"number.{draft}": "5", "on": "14/03/2016"}),
                    ("/letters/numbers", {"batch": "{batch}"})),
    "ink_confirm_now": (("/letters/signed/confirm", {"paper": "{paper}"}),),
    "signatory_end": (("/office/signatories/{signatory}/end", {"reason": "x"}),),
    "book_now": (("/office/books/mode", {"book": "ADG/finance_office", "mode": "on_paper"}),
                 ("/office/books/start", {"book": "ADG/finance_office", "series": "others", "number": "5"})),
    "earlier_case": (("/earlier-papers/{earlier}/case", {"ref": "{own}"}),),
    "earlier_now": (("/earlier-papers", {"body": "x", "symbol": "1/x", "issued_on": "14/03/2016", "summary": "x",
                     "refs": "{case}"}),),
    "channel_now": tuple((f"/me/channels/{{channel}}/{act}", {}) for act in ("on", "off", "remove", "test")),
    "closing_back_now": (("/office/closings/{closing}/back", {"reason": "x", "seen": "x"}),),
    "person_now": tuple((f"/office/people/{{login}}/{act}", {"name": "x", "role": "admin", "district": "HBG",
                         "reason": "x", "hand_over_to": "case_officer.hbg"}) for act in PERSON_ACTS),
    "outbox_now": (("/office/messages/{message}/retry", {}), ("/office/messages/{message}/drop", {"reason": "x"})),
    "delegation_end": (("/office/delegations/{delegation}/end", {"reason": "x"}),),
    "unfinished_discard": (("/unfinished/{unfinished}/discard", {}),),
    "agency_now": (("/office/agencies/change", {"agency": "{agency}", "name": "x", "address": "x"}),
                   ("/office/agencies/remove", {"agency": "{agency}"})),
    "commune_now": (("/office/communes/change", {"code": "{commune}", "name": "x", "kind": "xa"}),
                    ("/office/communes/remove", {"code": "{commune}"}),
                    ("/office/communes/unit", {"unit": "{unit}", "commune": "{commune}"})),
    # and those that name a thing in what is sent
    "incoming_now": (("/incoming", {"from_body": "x", "summary": "x", "ref": "{case}"}),
                     ("/incoming", {"from_body": "x", "summary": "x", "answers": "{letter}"})),
    "delegation_now": (("/office/delegations", {"login": "{login}", "authority": "KT", "body": "district_committee",
                        "from_on": "14/03/2016"}),),
    "absence_now": (("/me/absence", {"drop": "{absence}"}), ("/me/absence", {"substitute": "{login}",
                     "from_on": "15/03/2016", "to_on": "16/03/2016"})),
    "take_over_unit_now": (("/take-over/unit/{free_unit}?step=C4", {"source": "x"}),),
    "corrections_now": (("/register/corrections", {"correction": "{case}:x", "source": "x"}),),
    "take_over_found_now": (("/take-over/cases/{case}", {"source": "x", "f.classify": "01/01/2015"}),),
    "take_over_gaps_now": (("/take-over/gaps", {"ref": "{case}"}),),
    "sharing_now": (("/reassign", {"to.{case}": "case_officer.hbg", "reason": "x"}),),
    "inbox_read": (("/inbox/read", {"message": "{message}"}),),
}  # fmt: skip
ALL_THE_CITYS = {"versions", "version", "version_file", "version_now", "reading_preview", "reading_now"}
OPEN_TO_ITS_OWNER = {"feed", "static"}
BY_YEAR = {"book_file"}  # whose books, the person says
KEPT_ON_READING = {"kept_forecast", "log_entry"}  # what a head's late page said of the own office, and its log
NAMES_NOBODYS = {  # nothing of an office's is named by what these are sent
    "sign_in_now", "sign_out", "language", "look", "me_now", "channel_add", "feed_renew", "password_now", "demo_step",
    "import_preview", "import_annotated", "import_commit", "import_heading", "import_headings", "citations_now",
    "person_new_now", "versions_now", "plan_now", "signatory_now", "take_over_file", "take_over_commit",
    "clock_now", "council_new",
    "closings_preview", "closings_adopt", "edition_now", "bulk_new_now",  # what they may reach is asked below
}  # fmt: skip


@pytest.fixture
def others(office: Office) -> Theirs:
    return theirs(office)


def test_every_address_with_a_number_in_it_is_in_the_table(anybody: Visitor) -> None:
    app = anybody.client.app
    assert isinstance(app, FastAPI)
    listed = routes_of(app)
    numbered = {route.name for route in listed if route.param_convertors}
    posted = {route.name for route in listed if "POST" in (route.methods or ())}
    assert numbered - ALL_THE_CITYS - OPEN_TO_ITS_OWNER - BY_YEAR <= set(READ) | set(SENT)
    assert posted == set(SENT) | NAMES_NOBODYS | (ALL_THE_CITYS & posted)


@pytest.mark.parametrize("role", ROLES)
def test_what_another_office_has_is_not_there(office: Office, as_role: As, others: Theirs, role: str) -> None:
    visitor, before = as_role(role), picture(office)
    found, missing = (Theirs({**names, "own": office.first}) for names in (others.names, no_such()))
    for path in (path for paths in READ.values() for path in paths):
        answer, none = visitor.get(found.path(path)), visitor.get(missing.path(path))
        assert answer.status_code in (403, 404), path
        _same_and_silent(answer, none, path)
    for path, form in (pair for pairs in SENT.values() for pair in pairs):
        answer, none = (
            visitor.send(named.path(path), {named.path(name): named.path(value) for name, value in form.items()})
            for named in (found, missing)
        )
        _same_and_silent(answer, none, path)
    _reach_out(visitor, office)
    _look_through(visitor, others)
    after = picture(office)
    assert [table for table in before if before[table] != after[table] and table not in KEPT_ON_READING] == []
    with reading(office.bind) as connection:
        assert set(connection.scalars(select(kept_forecasts.c.district))) <= {"HBG"}


def _same_and_silent(answer: Response, none: Response, path: str) -> None:
    """The answer is that of a thing that does not exist, with nothing of its content."""
    assert answer.status_code == none.status_code, path
    assert not [secret for secret in SECRETS if secret in answer.text], path


def _reach_out(visitor: Visitor, office: Office) -> None:
    """Batches, closing days and people for the other office."""
    sent = {"district": "ADG", "scope": "office", "template": "name_deletion_notice", "name": "x"}
    visitor.send("/letters/bulk/new", sent | {"do": "draft", "q": office.elsewhere})
    plan = '[{"on": "2016-03-22", "layer": "office", "district": "ADG", "reason": "x", "decision": "1"}]'
    visitor.send("/office/closings/adopt", {"plan": plan})
    visitor.send("/office/closings/adopt", {"plan": plan.replace('"office"', '"city"').replace('"ADG"', '""')})
    visitor.send("/office/calendar", {"seen": ""})
    visitor.send("/office/plans", {"district": "ADG", "number": "1/KH-UBND", "signed_on": "01/02/2016", "title": "x"})
    person = {"login": "moi.adg", "name": "Mới", "role": "manager", "district": "ADG", "title": "bà"}
    visitor.send("/office/people/new", person)


def _look_through(visitor: Visitor, others: Theirs) -> None:
    """Every page without a number in its address, asked for the other district."""
    app = visitor.client.app
    assert isinstance(app, FastAPI)
    pages = [route for route in routes_of(app) if "GET" in (route.methods or ()) and not route.param_convertors]
    for route in pages:
        for question in (f"?district=ADG&scope=office&q={others.names['case']}", "?status=all&as_of=10/03/2016"):
            text = visitor.get(route.path + question).text
            assert not [secret for secret in SECRETS if secret in text], route.path + question
    for kind in ("outgoing", "handover", "incoming"):
        sheet = visitor.get(f"/book/2016/{kind}.xlsx?issuer=ADG/district_committee")
        said = repr(list(load_workbook(io.BytesIO(sheet.content)).worksheets[0].values))
        assert not [secret for secret in SECRETS if secret in said], kind


def test_a_calendar_is_shut_by_its_new_address(office: Office, anybody: Visitor, as_role: As, others: Theirs) -> None:
    address = others.path("/feed/{feed}.ics")
    assert anybody.get(address).status_code == 200
    as_role("case_officer", "ADG").send("/me/feed")
    assert anybody.get(address).status_code == 404

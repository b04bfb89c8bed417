"""Who may open which page. A page that is not listed here is closed to every role."""

from collections.abc import Mapping

from fastapi import Request

EVERYBODY = frozenset({"case_officer", "manager", "leader", "legal", "clerk", "commune", "admin"})
HEADS = frozenset({"manager", "leader", "admin"})
DECIDERS = frozenset({"manager", "leader"})
IMPORTERS = frozenset({"manager", "admin", "case_officer"})
DRAFTERS = frozenset({"case_officer", "manager", "clerk", "commune"})
REGISTRARS = frozenset({"clerk", "case_officer", "manager"})
ISSUERS = frozenset({"clerk", "manager"})
TAKERS = frozenset({"case_officer", "manager"})
CONFIRMERS = frozenset({"case_officer", "manager", "leader"})
PROVERS = frozenset({"case_officer", "manager", "leader", "legal", "admin"})
CHECKERS = frozenset({"legal", "admin"})
RULERS = frozenset({"legal", "leader"})  # of the leaders only the city's: casework.interpretations
DATA_EDITORS = frozenset({"manager", "admin"})  # of the office itself or of the city: casework.office.data_rights
ADMIN = frozenset({"admin"})
CLERK = frozenset({"clerk"})
WRITERS = frozenset({"case_officer", "manager", "leader", "legal", "clerk"})  # of notes: casework.dossier.rights
READERS = WRITERS | ADMIN  # of notes and instructions
ADDERS = WRITERS | {"commune"}  # of documents
CITY = frozenset(
    {"versions", "versions_now", "version", "version_file", "version_now", "clock", "clock_now"}
)  # no district's business
OPEN = frozenset({"healthz", "static", "favicon", "robots", "sign_in", "sign_in_now", "language", "look", "feed"})

PAGES: Mapping[str, frozenset[str]] = {
    "home": EVERYBODY,
    "work": EVERYBODY,
    "calendar": EVERYBODY,
    "bulk_choose": EVERYBODY,
    "list_columns_now": EVERYBODY,
    "list_view_now": EVERYBODY,
    "list_view_act": EVERYBODY,
    "case": EVERYBODY,
    "sums": EVERYBODY,
    "money": EVERYBODY,
    "money_file": EVERYBODY,
    "money_upload": DRAFTERS,
    "money_replies": DRAFTERS,
    "money_draft": DRAFTERS,
    "money_list": DRAFTERS,
    "act": EVERYBODY,
    "act_now": EVERYBODY,
    "annul": EVERYBODY,
    "annul_now": EVERYBODY,
    "serving": DRAFTERS,
    "serving_file": DRAFTERS,
    "serving_now": DRAFTERS,
    "outstanding": EVERYBODY,
    "outstanding_file": EVERYBODY,
    "outstanding_case": EVERYBODY,
    "outstanding_now": REGISTRARS,
    "outstanding_answer": REGISTRARS | CONFIRMERS,
    "grid": EVERYBODY,
    "grid_now": EVERYBODY,
    "grid_form": EVERYBODY,
    "operations": EVERYBODY,
    "operation": EVERYBODY,
    "operation_undo": EVERYBODY,
    "reassign": HEADS,
    "reassign_now": HEADS,
    "report": HEADS,
    "report_file": HEADS,
    "risk": HEADS,
    "risk_file": HEADS,
    "changes": HEADS,
    "changes_file": HEADS,
    "work_file": EVERYBODY,
    "sharing": HEADS,
    "sharing_now": HEADS,
    "evidence": EVERYBODY,
    "note_new": WRITERS,
    "note_new_now": WRITERS,
    "note": READERS,
    "note_now": WRITERS,
    "instruct": DECIDERS,
    "instruct_now": DECIDERS,
    "instruction": READERS,
    "instruction_now": WRITERS,
    "instruction_list": READERS,
    "documents": ADDERS,
    "documents_now": ADDERS,
    "document": EVERYBODY,
    "document_file": EVERYBODY,
    "document_strike": ADDERS,
    "irregular_acts": EVERYBODY,
    "proof": PROVERS,
    "proof_now": PROVERS,
    "search": EVERYBODY,
    "search_hits": EVERYBODY,
    "units": EVERYBODY,
    "unit_file": EVERYBODY,
    "unit": EVERYBODY,
    "import_page": IMPORTERS,
    "import_preview": IMPORTERS,
    "import_annotated": IMPORTERS,
    "import_commit": IMPORTERS,
    "import_form": IMPORTERS,
    "import_headings": IMPORTERS,
    "import_heading": IMPORTERS,
    "take_over": TAKERS,
    "take_over_template": TAKERS,
    "take_over_unit": TAKERS,
    "take_over_unit_now": TAKERS,
    "take_over_file": TAKERS,
    "take_over_commit": TAKERS,
    "take_over_found": TAKERS,
    "take_over_found_now": TAKERS,
    "take_over_gaps": CONFIRMERS,
    "take_over_gaps_now": CONFIRMERS,
    "corrections": TAKERS,
    "corrections_now": TAKERS,
    "contradictions": HEADS,
    "late": HEADS,
    "obstacles": EVERYBODY,
    "obstacles_now": TAKERS,
    "forecast_method": HEADS,
    "irregularities": HEADS,
    "irregularities_now": DECIDERS,
    "irregularity_accept": DECIDERS,
    "irregularity_accept_now": DECIDERS,
    "letter_list": EVERYBODY,
    "letter": EVERYBODY,
    "letter_pdf": EVERYBODY,
    "letter_docx": EVERYBODY,
    "letter_signed": EVERYBODY,
    "letter_now": EVERYBODY,
    "bulk_list": EVERYBODY,
    "bulk_new": DRAFTERS,
    "bulk_new_now": DRAFTERS,
    "bulk": EVERYBODY,
    "bulk_now": EVERYBODY,
    "bulk_pdf": EVERYBODY,
    "bulk_zip": EVERYBODY,
    "letter_new": DRAFTERS,
    "paper_form": DRAFTERS,
    "letter_new_now": DRAFTERS,
    "number_book": EVERYBODY,
    "book_file": EVERYBODY,
    "act_paper": REGISTRARS,
    "act_paper_now": REGISTRARS,
    "act_paper_second": REGISTRARS,
    "numbers_page": ISSUERS,
    "numbers_now": ISSUERS,
    "ink_page": REGISTRARS,
    "ink_now": REGISTRARS,
    "ink_confirm": REGISTRARS,
    "ink_confirm_now": REGISTRARS,
    "ink_scan": EVERYBODY,
    "ink_back": REGISTRARS,
    "earlier_page": EVERYBODY,
    "earlier_now": REGISTRARS,
    "earlier_case": REGISTRARS,
    "earlier_scan": EVERYBODY,
    "incoming_page": EVERYBODY,
    "incoming_new": REGISTRARS,
    "incoming_now": REGISTRARS,
    "incoming_one": EVERYBODY,
    "incoming_act": EVERYBODY,
    "incoming_file": EVERYBODY,
    "citations": EVERYBODY,
    "citations_now": CHECKERS,
    "inbox": EVERYBODY,
    "inbox_read": EVERYBODY,
    "calculator": EVERYBODY,
    "help_page": EVERYBODY,
    "situations_page": EVERYBODY,
    "me": EVERYBODY,
    "me_now": EVERYBODY,
    "absence_now": EVERYBODY,
    "channel_add": EVERYBODY,
    "channel_now": EVERYBODY,
    "feed_renew": EVERYBODY,
    "week": HEADS,
    "outbox": HEADS,
    "outbox_now": HEADS,
    "office": EVERYBODY,
    "closings": HEADS,
    "closings_preview": HEADS,
    "closings_adopt": HEADS,
    "closing_back": HEADS,
    "closing_back_now": HEADS,
    "edition": HEADS,
    "edition_now": HEADS,
    "readings": EVERYBODY,
    "reading_preview": RULERS,
    "reading_now": RULERS,
    "people": HEADS,
    "person": ADMIN,
    "person_now": ADMIN,
    "person_new": ADMIN,
    "person_new_now": ADMIN,
    "absences_of_person": HEADS,
    "absences_of_person_now": HEADS,
    "password": EVERYBODY,
    "password_now": EVERYBODY,
    "delegations": EVERYBODY,
    "signatories": EVERYBODY,
    "signatory_now": HEADS | CLERK,
    "signatory_end": HEADS | CLERK,
    "books": EVERYBODY,
    "book_now": DATA_EDITORS | CLERK,
    "communes": EVERYBODY,
    "commune_now": DATA_EDITORS,
    "agencies": EVERYBODY,
    "agency_now": DATA_EDITORS,
    "plans": EVERYBODY,
    "plan_now": DATA_EDITORS,
    "delegation_now": HEADS,
    "delegation_end": HEADS,
    "versions": EVERYBODY,
    "versions_now": HEADS,
    "version": EVERYBODY,
    "version_file": EVERYBODY,
    "version_now": HEADS | CHECKERS,
    "clock": HEADS,
    "clock_now": HEADS,
    "demo_step": EVERYBODY,
    "unfinished_list": EVERYBODY,
    "unfinished_one": EVERYBODY,
    "unfinished_file": EVERYBODY,
    "unfinished_discard": EVERYBODY,
    "sign_out": EVERYBODY,
}


# The pages of what the office has settled, in the order of their tabs, each under /office/.
OFFICE: Mapping[str, str] = {
    "people": "/office/people", "delegations": "/office/delegations",
    "signatories": "/office/signatories", "books": "/office/books", "closings": "/office/closings",
    "edition": "/office/calendar", "communes": "/office/communes", "agencies": "/office/agencies",
    "plans": "/office/plans", "readings": "/office/readings", "week": "/office/week",
    "outbox": "/office/messages", "versions": "/office/versions",
}  # fmt: skip


def office_tabs(role: str, district: str | None) -> dict[str, str]:
    """The tabs of the office that a role may open, with their addresses."""
    return {name: path for name, path in OFFICE.items() if may_open(name, role, district)}


def may_open(page: str, role: str, district: str | None) -> bool:
    """Whether a role of a district's office (none: the city's own) may open a page."""
    return role in PAGES.get(page, frozenset()) and (district is None or page not in CITY)


def page_of(request: Request) -> str:
    """The name of the page asked for, as the table of access knows it."""
    return str(getattr(request.scope.get("route"), "name", ""))

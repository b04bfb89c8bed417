"""The addresses of every list, in each of its orders, filters and ends, by the role that opens it."""

from casework.lists.list_order import ORDERS as CASE_ORDERS
from correspondence.letter_order import ORDERS as LETTER_ORDERS
from oversight.lights import OPEN_LIGHTS
from tests.web.web_office import login_of

FAR = 99_999  # a page beyond the end: the list is counted, and its last page is linked
LAST = 1_250  # the last page of 50,000 rows of forty
OFFICE = "/work?scope=office"
WORKLIST = (
    "/work", "/work?view=home", "/work?scope=mine", OFFICE, f"{OFFICE}&p={LAST}", f"{OFFICE}&p={FAR}",
    *(f"{OFFICE}&sort={way}{order}" for order in CASE_ORDERS for way in ("", "-")),
    f"{OFFICE}&sort=unit&p={LAST}", f"{OFFICE}&sort=officer&p={LAST // 2}",
    *(f"{OFFICE}&light={light}" for light in OPEN_LIGHTS), f"{OFFICE}&late=true", f"{OFFICE}&coming=true",
    f"{OFFICE}&q=so+4321", f"{OFFICE}&q=htx+dich+vu", f"{OFFICE}&officer=cv1.hbg", f"{OFFICE}&officer=-",
    f"{OFFICE}&stage=selection", f"{OFFICE}&state=C4", f"{OFFICE}&obstacle=tax_debt", f"{OFFICE}&held=true",
    f"{OFFICE}&held=false", f"{OFFICE}&who=case_officer", f"{OFFICE}&unserved=true", f"{OFFICE}&closed=true",
    f"{OFFICE}&level=city", f"{OFFICE}&deadline=plan_target", f"{OFFICE}&bound=treatment_done",
)  # fmt: skip
OTHER_LISTS = (
    "/calendar", "/calendar?scope=office", "/calendar?scope=office&month=2016-06",
    "/register", f"/register?p={LAST}", "/register?q=dich+vu", "/register?q=so+43210", "/register?flagged=true",
    *(f"/register?sort={order}" for order in ("-name", "sector", "members", "certificate_number")),
    "/letters", "/letters?status=all", f"/letters?status=all&p={2 * LAST}", "/letters?q=43210",
    "/letters?status=served",
    *(f"/letters?status=all&sort={order}" for order in LETTER_ORDERS),
    "/incoming", f"/incoming?year=2015&p={LAST}", "/incoming?year=2015&q=thue", "/incoming?year=2015&sort=unit",
    "/incoming?year=2015&sort=from",
    "/obstacles", "/obstacles?scope=office", "/obstacles?scope=office&by=days", "/obstacles?scope=office&body=tax_debt",
    "/search?q=htx+dich+vu", "/search?q=43210", "/search?q=htx+dich+vu&kind=unit", "/search/hits?q=htx+dich",
    "/book", "/book?year=2016", "/inbox", "/inbox?p=20", "/outstanding", "/operations", "/instructions", "/councils",
    "/batches", "/letters/bulk", "/letters/serve", "/earlier-papers", "/grid", "/bulk?do=record",
    "/office/communes", "/office/agencies", "/office/delegations",
)  # fmt: skip
OF_HEADS = (
    "/late", f"/late?p={LAST}", "/late/report", "/late/risk", "/late/what-if", "/late/contradictions", "/late/method",
    "/reassign", "/irregularities", "/office/week", "/office/messages", "/office/messages?status=sent&p=100",
    "/office/people", "/take-over/gaps",
)  # fmt: skip
FILES = ("/work.csv?scope=office", "/register.csv", "/letters.csv?status=all", "/incoming.csv?year=2015")
OFFICER = "cv0.hbg"
PEOPLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (OFFICER, (*WORKLIST, *OTHER_LISTS)),
    (login_of("manager"), (*WORKLIST[:6], *OTHER_LISTS, *OF_HEADS, *FILES)),
    (login_of("leader"), ("/work", "/letters", *OF_HEADS)),
    (login_of("clerk"), ("/work", "/letters", "/letters/signed", "/letters/numbers", "/incoming", "/book")),
    (login_of("manager", None), (*WORKLIST[:6], *OTHER_LISTS, *OF_HEADS)),
)  # fmt: skip

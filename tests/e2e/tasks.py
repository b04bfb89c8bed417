"""Does the tasks of an office in a real browser and counts: `python -m tests.e2e.tasks [WORDS...]` writes the table.
The table is in docs/tasks.md; with WORDS only the lines of the tasks that have one of them are written anew.

The office is a copy of the sample office of COOPCASE_DATA, seeded there if the folder is empty. A task begins on the
home page of its person, signed in; a figure of the rival is of a spreadsheet, Word and the telephone.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Page, ViewportSize, sync_playwright

from cli.run import seed
from models.database import engine, reading, writing
from models.office_clock import clock_of
from models.settings import settings
from samples.paths import PATHS
from templates.words import t
from tests.acting import apply_in
from tests.conftest import BROWSERS, free_port
from tests.e2e.browsing import serving
from tests.e2e.keystroke_level import SECONDS, Hand
from tests.e2e.pictures import sign_in
from tests.e2e.taking_over import confirm_forty, known_units, take_over_forty
from tests.e2e.task_counts import counted
from tests.e2e.task_counts import table as table_of_counts

DOCUMENT = Path(__file__).parents[2] / "docs" / "tasks.md"
PICTURE = PROOF = Path(__file__).parents[2] / "docs" / "pictures" / "work.png"  # any picture serves as one of a paper
OFFICER, HEAD, CLERK = "cv1.vbo", "tp.vbo", "vt.vbo"
CLOSING = "main table a.unit:has-text('Báo cáo kết thúc hồ sơ')"
VISITOR, OTHER_VISITOR = "cv3.kan", "cv1.kan"
MEASURER, CLASSIFIED = "cv1.kan", "HP-2014-0121"
ASKER, ASKED = "cv2.tlg", "HP-2014-0096"  # the tax office was asked
NUMBERER = "vt.chi"
WINDOW: ViewportSize = {"width": 1280, "height": 860}


@dataclass(frozen=True)
class Task:
    """What a person wants, how it is done, and the seconds that the rival takes (and by which way, if not timed)."""

    name: str
    login: str
    do: Callable[[Hand], None]
    rival: float | None
    by: str = ""
    before: Callable[[Page, str], None] | None = None  # what another person has done when it begins

    def done(self, page: Page, site: str) -> Hand:
        if self.before is not None:
            self.before(page, site)
        sign_in(page, site, self.login)
        page.wait_for_url("**/work**")
        hand = Hand(page)
        self.do(hand)
        return hand


def _is_done(hand: Hand, address: str = "done=") -> None:
    """The page that says so has come; else the task counts as not done."""
    if address not in hand.page.url:
        raise Error(f"{address} is not in {hand.page.url}")


def _today(hand: Hand) -> None:
    hand.read()
    hand.read()


VISIT = 'main a.act[href$="/acts/record_visit"]'


def _photographed(page: Page, site: str) -> None:
    """The minutes were photographed at the seat: a task of its own."""
    sign_in(page, site, VISITOR)
    page.wait_for_url("**/work**")
    case = str(page.get_attribute(VISIT, "href")).partition("/acts/")[0]
    page.goto(site + case)
    page.set_input_files("#dropped", PROOF)
    page.wait_for_url("**/documents?added=1**")


def _visit(hand: Hand) -> None:
    hand.open(VISIT)
    _visit_form(hand)


def _visit_dropped(hand: Hand) -> None:
    hand.drop_on(f"tr:has({VISIT.removeprefix('main ')})", PROOF)
    _visit_form(hand)


def _visit_form(hand: Hand) -> None:
    """Day, who was met and the minutes are there; the focus is on what was found."""
    hand.press("ArrowDown")
    hand.press("Tab Space")
    hand.go("Control+Enter")
    _is_done(hand)


def _classified(_: Page, __: str) -> None:
    """The case has come to the step before a measure, which asks nothing and is done with it."""
    with writing(engine()) as connection:
        clock = clock_of(connection)
        step = next(step for step in PATHS["dissolved_compulsory"] if step.verb == "classify")
        data = step.fields(clock.today())
        apply_in(connection, CLASSIFIED, "classify", by=MEASURER, clock=clock, data=data, evidence=[])


def _measure(hand: Hand) -> None:
    hand.open(f'main a.act[href="/cases/{CLASSIFIED}/acts/start_proposal"]')
    hand.press("c")
    hand.press("Tab ArrowDown")
    hand.go("Control+Enter")
    _is_done(hand)


def _letter(hand: Hand) -> None:
    hand.open('main a.act[href^="/letters"]')
    if hand.page.url.endswith("/letters"):
        hand.open("main table a.unit")
    hand.open("button[name=then]")


def _proof(hand: Hand) -> None:
    """The proof is dropped on the line of its letter, and who took it over is the one who is offered first."""
    hand.drop_on(f"main tr:has(a.unit[href^='/letters/']):has-text('{t('letters.status_issued', 'vi')}')", PROOF)
    hand.press("ArrowDown")
    hand.go("Control+Enter")
    _is_done(hand, "did=serve")


def _obstacle(hand: Hand) -> None:
    hand.go("j j o")
    hand.press("n")
    hand.go("Control+Enter")
    _is_done(hand)


def _obstacles(hand: Hand) -> None:
    hand.go("l")
    hand.go("x o")
    hand.press("m")
    hand.go("Control+Enter")
    hand.go("Enter")
    _is_done(hand, "/operations/")


def _answers(hand: Hand) -> None:
    """The keys lead to the desk and down to the body that answered; its cases are ticked, a usual text is offered."""
    hand.go("v")
    bodies = hand.page.locator("main a.unit").all_inner_texts()
    place = next(place for place, name in enumerate(bodies, start=1) if "Chi cục Thuế" in name)
    hand.go("j " * place + "a")
    hand.press("ArrowDown")
    hand.go("Control+Enter")
    _is_done(hand, "done=answer")


def _evidence(hand: Hand) -> None:
    hand.open("main table a.unit")
    with hand.page.expect_navigation():
        hand.drop("#dropped", PROOF)
    hand.loaded()
    _is_done(hand, "added=1")


def _photo(hand: Hand) -> None:
    """On a phone the field opens the camera: it is chosen, and the picture is taken and kept."""
    hand.page.set_viewport_size({"width": 390, "height": 844})
    hand.open("main table a.unit")
    with hand.page.expect_navigation():
        hand.attach("#dropped", PICTURE)
    hand.loaded()
    _is_done(hand, "/documents?")
    hand.page.set_viewport_size(WINDOW)


def _find(hand: Hand) -> None:
    hand.find("dong tam")
    hand.read()


def _why(hand: Hand) -> None:
    hand.open("main table a.unit")
    hand.read()


def _late(hand: Hand) -> None:
    hand.open('nav a[href="/late"]')
    hand.read()


def _reassign(hand: Hand) -> None:
    """The keys lead to the people of the office and down to the one who is ill; a usual reason is offered."""
    hand.go("r")
    people = hand.page.locator("main tr:has(a.act) a.unit").evaluate_all("links => links.map((link) => link.href)")
    place = next(place for place, link in enumerate(people, start=1) if link.endswith("officer=cv2.vbo"))
    hand.go("j " * place + "a")
    hand.press("ArrowDown")
    hand.go("Control+Enter")
    _is_done(hand, "/operations/")


def _submitted(page: Page, site: str) -> None:
    sign_in(page, site, "cv3.vbo")
    page.goto(site + "/letters")
    page.click(CLOSING)
    page.click("button[name=then]")


def _approve(hand: Hand) -> None:
    hand.open(CLOSING)
    hand.open('form[action$="/approve"] button')


def _number(hand: Hand) -> None:
    hand.open('main a.act[href^="/letters"]')
    hand.open('form[action$="/issue"] button')
    if not hand.page.locator("strong.status.issued").count():
        raise Error("the letter has no number")


def _reply(hand: Hand) -> None:
    """The agency that was asked is the first of the form; number and symbol are asked for too, and may stay empty."""
    hand.open(f'main .others a[href="/cases/{ASKED}/acts/record_agency_reply"]')
    hand.press("Space")
    hand.go("Control+Enter")
    _is_done(hand)


def _report(hand: Hand) -> None:
    hand.open('nav a[href="/late"]')
    hand.open('main a[href="/late/report"]')


def _undo(hand: Hand) -> None:
    hand.open('nav a[href="/late"]')
    hand.open('main a[href="/reassign"]')
    hand.open('main a[href="/operations"]')
    hand.open("main table a")
    if hand.page.locator("#reason").count():
        hand.type("#reason", "Nhầm")
    hand.open('form[action$="/undo"] button')


def _view(hand: Hand) -> None:
    hand.open('main a[href="/work?scope=mine&light=late"]')
    if not hand.page.locator("#view-name").is_visible():
        hand.click("details.tools > summary")
    hand.type("#view-name", "Chậm")
    hand.open("form:has(#view-name) button:not([name])")


def _phone(hand: Hand) -> None:
    hand.find("982170")
    hand.read()


BY_HAND = "MPBB, 3 s to read, 9 × (MPBB + 12 K) by hand"
NUMBERED_BY_HAND = "the book: MPBB, H, M, 3 K, M, 2 K, M, 30 K; Word: 2 × (MPBB, H, M, 3 K)"
TASKS = (
    Task("See what is mine today", OFFICER, _today, 20),
    Task("Record a visit, its minutes photographed at the seat", VISITOR, _visit, 20, before=_photographed),
    Task("Record a visit, its minutes dropped from a folder", OTHER_VISITOR, _visit_dropped, 20),
    Task("Propose a measure", MEASURER, _measure, 10, before=_classified),
    Task("Put a paper on a case", OFFICER, _evidence, 10),
    Task("Submit a letter that was drafted by itself", OFFICER, _letter, 180),
    Task("Record the proof of service of a letter", CLERK, _proof, 40),
    Task("Record an obstacle", OFFICER, _obstacle, 8),
    Task("Find a unit by half its name, without accents", OFFICER, _find, 6.2, "Ctrl F, H, M, 8 K, Enter, M"),
    Task("Record the same for nine cases", OFFICER, _obstacles, 15),
    Task("See why a case does not move", OFFICER, _why, 120),
    Task("See where cases are late, and why", HEAD, _late, 180),
    Task("Share out the cases of an officer who is ill", HEAD, _reassign, 180),
    Task("Approve a letter", HEAD, _approve, 10, before=_submitted),
    Task("Number and issue a letter", NUMBERER, _number, 27, NUMBERED_BY_HAND),
    Task("Record an agency's reply", ASKER, _reply, 14, "Ctrl F, H, M, 8 K, Enter, M; MPBB, H, M, 12 K"),
    Task("One page for the chairman", HEAD, _report, 3600),
    Task("Will the date of the plan be made", HEAD, _late, None),
    Task("Undo what was done for several cases", HEAD, _undo, 57, BY_HAND),
    Task(
        "Put a photograph on a case, by phone", OFFICER, _photo, 26, "to oneself: 5 × MPBB, R; saved: 3 × MPBB, H, 14 K"
    ),
    Task("Record one answer for many cases", OFFICER, _answers, 108, "thirty: 30 × (MPBB, H, paste 2 K)"),
    Task("Save a list as it is filtered", OFFICER, _view, 16, "save as: 3 × MPBB, H, 14 K, MPBB"),
    Task(
        "Take over forty half-done cases by a workbook",
        OFFICER,
        take_over_forty,
        936,
        "224 cells in a sheet of one's own, which then computes nothing",
        before=known_units,
    ),
    Task("Confirm, as the second person, what is not on file of the forty", HEAD, confirm_forty, None),
    Task("Find a unit by the end of a telephone number", OFFICER, _phone, 5.6, "Ctrl F, H, M, 6 K, Enter, M"),
)


def measured(page: Page, site: str, wanted: Sequence[str]) -> Iterator[tuple[Task, Hand | None]]:
    """The tasks whose names have one of these words (without words: all) with what they took; none for one undone."""
    for task in (task for task in TASKS if not wanted or any(word in task.name for word in wanted)):
        try:
            yield task, task.done(page, site)
        except Error as error:
            sys.stderr.write(f"{task.name}: {str(error).splitlines()[0]} at {page.url}\n")
            yield task, None


def table(results: list[tuple[Task, Hand | None]], known: str) -> str:
    """The results as Markdown; a task that was not counted keeps the line that it has in `known`."""
    lines = [
        "| Task | Clicks | Fields | Pages | Coopcase, s | Excel, Word, telephone, s |",
        "|---|---|---|---|---|---|",
    ]
    counted = {task.name: (task, hand) for task, hand in results}
    before = {line.split(" | ")[0].removeprefix("| "): line for line in known.splitlines()}
    for name in (task.name for task in TASKS):
        if name not in counted:
            lines += [before[name]] if name in before else []
            continue
        task, hand = counted[name]
        rival = "not possible" if task.rival is None else f"{task.rival:g}" + (f" ({task.by})" if task.by else "")
        own = f"{hand.clicks} | {hand.fields} | {hand.loads} | {hand.seconds:.1f}" if hand else "– | – | – | not done"
        lines.append(f"| {task.name} | {own} | {rival} |")
    return "\n".join(lines)


def _between(said: str, mark: str, lines: str) -> str:
    """The document with other lines after a mark, up to the next end."""
    return re.sub(rf"(<!-- {mark} -->\n).*?(<!-- end -->)", lambda m: m[1] + lines + "\n" + m[2], said, flags=re.DOTALL)


def write(results: list[tuple[Task, Hand | None]], counts: list[tuple[str, int]]) -> None:
    """Put both tables between their marks in the document."""
    said = DOCUMENT.read_text(encoding="utf-8")
    times = ", ".join(f"{name} {seconds:g}" for name, seconds in SECONDS.items())
    said = _between(said, "table", table(results, said))
    rows = (line.removeprefix("| ").split(" | ") for line in said.splitlines())
    seconds = {cells[0]: cells[4] for cells in rows if len(cells) > 5}
    said = _between(said, "counted", table_of_counts(counts, seconds))
    DOCUMENT.write_text(re.sub(r"Seconds: .*", f"Seconds: {times}.", said), encoding="utf-8")


if __name__ == "__main__":
    seed()
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as box:
        copied = shutil.copytree(settings().data, Path(box) / "var")
        os.environ["COOPCASE_DATA"] = str(copied)
        settings.cache_clear()
        engine.cache_clear()
        with reading(engine()) as seeded:
            done_before = counted(seeded)
        with serving(free_port()) as served, sync_playwright() as play:
            opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            context = opened.new_context(viewport=WINDOW)
            context.set_default_timeout(30_000)
            write(list(measured(context.new_page(), served, sys.argv[1:])), done_before)
            opened.close()

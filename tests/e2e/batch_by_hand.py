"""People at a browser who carry a batch of dissolutions by its pages and its grids; what their hands do is counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flows.jobs.effects import drain
from models.clock import FrozenClock
from models.database import engine, writing
from models.office_clock import set_demo_day
from templates.formats import date_vi
from tests.e2e.browsing import Browser
from tests.e2e.keystroke_level import Hand, seconds_of
from tests.web.web_office import login_of
from web.labels import letter_name

COPY = "MPBPBMHKK"  # a range of cells marked in the spreadsheet by pressing at its ends, and the two keys that copy it
PASTE = "HMPBBHKK"  # the first cell of the table, and the two keys that paste
_PASTED = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@dataclass
class BatchByHand:
    """The page of a batch, the browser of the person who acts, and what every act took."""

    browser: Browser
    batch: int
    acts: int = 0
    operators: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return seconds_of("".join(self.operators))

    @property
    def today(self) -> str:
        return date_vi(self.browser.today)

    def later(self, days: int) -> None:
        self.browser.today += timedelta(days=days)
        with writing(engine()) as connection:
            set_demo_day(connection, self.browser.today)

    def act(self, verb: str, role: str = "case_officer", *, proven: bool = False, **typed: str) -> str:
        """An act on every case of the batch; returns the address that it leads to."""
        hand = self._at_batch(role)
        self._follow(hand, f'a[href="/batches/{self.batch}/acts/{verb}"]')
        self._fill(hand, typed)
        if proven:
            hand.attach("#evidence", self.browser.proof)
        return self._recorded(hand, "form.sheet button.first")

    def grid(self, verb: str, column: str, own: Mapping[str, str], role: str = "case_officer", *,
             only: bool = False, **typed: str) -> None:  # fmt: skip
        """An act in its table: what differs is pasted from a spreadsheet, looked at, and recorded for all or none.

        `only`: for the cases of `own` alone; few are ticked after the tick of all was taken away, of many the others
        are unticked.
        """
        hand = self._at_batch(role)
        self._follow(hand, f'a[href^="/grid?verb={verb}&"]')
        self._fill(hand, typed)
        boxes = self.browser.page.locator("main table input[name=line]")
        rows = [str(box.get_attribute("value")) for box in boxes.all()]
        if only:
            self._tick(hand, rows, own)
        first = self.browser.page.locator(f'[name="f.{column}.{rows[0]}"]')
        first.evaluate(_PASTED, "\n".join(own.get(ref, "") for ref in rows) + "\n\n")
        hand.operators += [*COPY, *PASTE]
        hand.attach("#evidence", self.browser.proof)
        hand.open('form button.first[name=more][value="preview"]')
        hand.read()
        self._recorded(hand, "form .row button.first:not([name])")

    def _follow(self, hand: Hand, link: str) -> None:
        """A link of the page, among the acts of the step or in the fold of the others."""
        if not self.browser.page.locator(f"main {link}").first.is_visible():
            hand.click(f"main details:has({link}) > summary")
        hand.open(f"main {link}")

    def _tick(self, hand: Hand, rows: list[str], wanted: Collection[str]) -> None:
        few = 2 * len(wanted) < len(rows)
        if few:
            hand.click("[data-tick-all=line]")
        for ref in rows:
            if (ref in wanted) == few:
                self.browser.page.click(f'input[name=line][value="{ref}"]')
                hand.operators += ["P", "B", "B"]

    def issue(self, address: str, signer: str, **typed: str) -> None:
        """A joint letter is filled in and handed in, signed and numbered, each by its own person."""
        hand = self._at("case_officer", address)
        self._fill(hand, typed)
        self._recorded(hand, 'form[action$="/fill"] button[name=then]')
        for role, act in ((signer, "approve"), ("clerk", "issue")):
            hand = self._at(role, address)
            self._recorded(hand, f'form[action$="/{act}"] button')

    def serve(self, address: str, way: str, **typed: str) -> None:
        """One attempt for all cases of a joint letter, with one proof."""
        hand = self._at("case_officer", address)
        form = f"#serve-{way}"
        if not self.browser.page.locator(form).is_visible():
            hand.click("details.others > summary")
            hand.click(f"details.way:has({form}) > summary")
        for name, text in typed.items():
            if self.browser.page.input_value(f"{form}-{name}") != text:
                hand.type(f"{form}-{name}", text)
        hand.attach(f"{form}-evidence", self.browser.proof)
        self._recorded(hand, f"{form} button")

    def letter(self, template: str) -> str:
        """The address of a joint letter that the page of the batch lists, once what the acts ask for is drafted."""
        drain(engine(), FrozenClock.on(self.browser.today, 10))
        self._at_batch("case_officer")
        link = self.browser.page.locator('main a[href^="/letters/"]', has_text=letter_name(template, "vi")).last
        return str(link.get_attribute("href"))

    def _at_batch(self, role: str) -> Hand:
        return self._at(role, f"/batches/{self.batch}")

    def _at(self, role: str, address: str) -> Hand:
        """A person at a page, reached by a press from the list of what waits."""
        self.browser.be(login_of(role))
        self.browser.page.goto(self.browser.site + address)
        hand = Hand(self.browser.page)
        hand.operators += ["M", "P", "B", "B", "R"]
        return hand

    def _fill(self, hand: Hand, typed: Mapping[str, str]) -> None:
        for name, text in typed.items():
            target = f'[name="f.{name}"]'
            kind = hand.page.locator(target).first.evaluate("element => element.type")
            if kind == "radio":
                hand.click(f'{target}[value="{text}"]')
            elif kind == "select-one":
                hand.choose(target)
                hand.page.select_option(target, text)
            else:
                hand.type(target, text)

    def _recorded(self, hand: Hand, button: str) -> str:
        """The press that records it: the page that follows says nothing is wrong."""
        hand.open(button)
        wrong = self.browser.page.locator("main .note.bad, main .wrong").all_inner_texts()
        assert not wrong, (self.browser.page.url, wrong)
        self.operators += hand.operators
        self.acts += 1
        return self.browser.page.url.removeprefix(self.browser.site)

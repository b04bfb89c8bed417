"""Takes the pictures of README and guide from the sample office: `python -m tests.e2e.pictures` (needs Chromium).

The office is that of COOPCASE_DATA, seeded there if the folder is empty; nothing in it is changed.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from cli.run import seed
from samples.invented_people import PASSWORD
from tests.conftest import BROWSERS, free_port
from tests.e2e import guide_document
from tests.e2e.browsing import serving
from tests.letters.pictures import beside
from tests.letters.pictures import pages as letter_pages

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 860}
DECISION = "Quyết định giải thể bắt buộc"
TO_THE_SUMS = 1285  # the height of the page of a pay-out down to the end of its computation
OFFICER, HEAD, CASE = "cv1.vbo", "tp.vbo", "table.cases a.unit"


def sign_in(page: Page, site: str, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button:not([name])")


def take(page: Page, name: str, height: int = SIZE["height"]) -> None:
    """The page down to a height, in few colours, so that the file stays small."""
    drawn = Image.open(io.BytesIO(page.screenshot(full_page=height > SIZE["height"]))).convert("RGB")
    drawn = drawn.crop((0, 0, drawn.width, min(height, drawn.height)))
    drawn.quantize(64, Image.Quantize.FASTOCTREE).save(FOLDER / f"{name}.png", optimize=True)


def pictures(page: Page, site: str) -> None:
    sign_in(page, site, HEAD)
    page.goto(f"{site}/late")
    take(page, "late")
    sign_in(page, site, OFFICER)
    page.goto(f"{site}/work")
    take(page, "work")
    page.keyboard.press("/")
    page.keyboard.type("htx dvnn thanh", delay=40)
    page.wait_for_selector("[role=option]")
    take(page, "search")
    page.goto(f"{site}/work")
    page.click(CASE)
    take(page, "case")
    together(page, site)


def together(page: Page, site: str) -> None:
    """The latest batch: its decision with the annex, and the pay-out of its first case."""
    page.goto(f"{site}/batches")
    page.click('main a[href^="/batches/"]')
    batch = page.url
    decision = page.get_attribute(f'main a[href^="/letters/"]:has-text("{DECISION}")', "href")
    drawn = letter_pages(page.request.get(f"{site}{decision}/pdf").body(), 6)
    beside([drawn[0], drawn[-1]]).save(FOLDER / "batch_decision.png", optimize=True)
    page.goto(batch)
    case = page.get_attribute('main table a.unit[href^="/cases/"]', "href")
    page.goto(f"{site}{case}/money")
    take(page, "pay_out", TO_THE_SUMS)


if __name__ == "__main__":
    guide_document.DOCUMENT.write_text(guide_document.document(), encoding="utf-8")
    seed()
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    with serving(free_port()) as served, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pictures(opened.new_page(viewport=SIZE), served)
        opened.close()

"""The officers' guide as a document with pictures: the text of the product, each picture under its heading."""

from pathlib import Path

from procedures.definition.loader import load
from procedures.named_terms import terms_of
from web.account.help_pages import guide

DOCUMENT = Path(__file__).parents[2] / "docs" / "huong-dan-can-bo.md"
PICTURES = {
    "### Bắt đầu buổi làm việc": ("work", "Việc của tôi: việc chờ tôi, hạn luật định, đang chờ nơi khác"),
    "### Đưa hồ sơ đi tiếp": ("case", "Một hồ sơ: đang chờ gì, việc cần thực hiện, thời hạn"),
    "### Văn bản": ("search", "Ô tìm ở đầu mỗi trang"),
    "## Trưởng phòng, lãnh đạo": ("late", "Quá hạn, chậm tiến độ, và khả năng hoàn thành đúng mốc"),
}


def document() -> str:
    """The guide in Vietnamese, under the procedure of this release."""
    lines = guide("vi", terms_of(load())).splitlines()
    shown = [line for given in lines for line in (given, *_picture(given))]
    return "\n".join(shown) + "\n"


def _picture(heading: str) -> tuple[str, ...]:
    if heading not in PICTURES:
        return ()
    name, caption = PICTURES[heading]
    return "", f"![{caption}](pictures/{name}.png)"

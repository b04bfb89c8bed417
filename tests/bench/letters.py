"""A thousand letters drafted, signed, numbered and kept, beside a plain Word template filled a thousand times."""

import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

from letters.output.press import cores
from models.clock import stopwatch

LETTERS = 1_000
CONVERTED = 20  # letters given to LibreOffice in one call


def run() -> None:
    """Print letters a second and memory of both ways, and their ratios."""
    steps, memory = apart(_chain)
    total = sum(seconds for _, seconds, _ in steps)
    for name, seconds, peak in steps:
        _say(f"bulk {name:18} {seconds:8.2f} s   peak {peak:5.0f} MB")
    ours = LETTERS / total
    busy = resource.getrusage(resource.RUSAGE_CHILDREN)
    _say(f"bulk of {LETTERS}       {total:8.2f} s   {ours:7.1f} letters/s   peak {memory:5.0f} MB   {cores()} cores")
    _say(f"processor time     {busy.ru_utime + busy.ru_stime:8.2f} s, the making of the office's cases included")
    seconds, template = apart(_templates)
    theirs = LETTERS / seconds
    _say(f"Word template      {seconds:8.2f} s   {theirs:7.1f} letters/s   peak {template:5.0f} MB   DOCX alone")
    _say(f"ratio              letters/s {ours / theirs:5.2f}   memory {memory / template:5.2f}")
    _libre_office(ours)


def apart(work: Callable[[], Any]) -> tuple[Any, float]:
    """What some work answers, and the peak of memory of the process of its own that did it."""
    with get_context("spawn").Pool(1) as pool:
        found: tuple[Any, float] = pool.apply(_measured, (work,))
        return found


def _measured(work: Callable[[], Any]) -> tuple[Any, float]:
    return work(), _peak()


def _peak() -> float:
    """The most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _chain() -> list[tuple[str, float, float]]:
    """Seconds of each step of a batch and the peak of memory after it, in an office of a thousand cases."""
    with _office() as (batches, refs):
        found = []

        def lap(name: str, step: Callable[[], Any]) -> Any:
            start = stopwatch()
            answer = step()
            found.append((name, stopwatch() - start, _peak()))
            return answer

        batch = lap("draft", lambda: batches.drafted(refs=refs)).batch
        lap("submit", lambda: batches.submitted(batch))
        lap("approve", lambda: batches.approved(batch))
        lap("issue, PDFs kept", lambda: batches.issued(batch))
        lap("look at the list", lambda: batches.view(batch))
        lap("one PDF to print", lambda: _printed(batches, batch))
        return found


def _printed(batches: Any, batch: int) -> int:
    from correspondence.bulk.bulk_prints import batch_letters, batch_pdf
    from models.database import reading

    with reading(batches.bind) as connection:
        letters = batch_letters(connection, batch, batches.person("clerk"), batches.today)
    return len(batch_pdf(letters))


@contextmanager
def _office() -> Iterator[tuple[Any, list[str]]]:
    from models.database import engine, migrate
    from models.settings import settings
    from tests.correspondence.batches import Batches
    from tests.web.web_office import build_office

    with tempfile.TemporaryDirectory() as folder:
        os.environ["COOPCASE_DATA"] = folder
        settings.cache_clear()
        url = f"sqlite:///{Path(folder) / 'letters.db'}"
        migrate(url)
        batches = Batches(engine(url), [])
        build_office(batches.bind)
        yield batches, batches.more(LETTERS)
        batches.bind.dispose()


def _templates() -> float:
    """Seconds for the same number of letters from a Word template."""
    form, start = _form(), stopwatch()
    for place in range(LETTERS):
        _filled(form, place)
    return stopwatch() - start


def _form() -> bytes:
    """A notice of one page as an office keeps it in Word."""
    document: Any = Document()
    for line in (
        "PHÒNG TÀI CHÍNH - KẾ HOẠCH", "Số: {{ number }}/TB-TCKH", "THÔNG BÁO", "Về việc kiểm tra {{ unit }}",
        "Thời gian: {{ on }}.", "Địa điểm: {{ place }}.", "Đề nghị hợp tác xã chuẩn bị các tài liệu sau:",
        "a) Giấy chứng nhận đăng ký, con dấu, điều lệ;", "b) Danh sách thành viên và sổ đăng ký thành viên;",
        "c) Nghị quyết, biên bản đại hội thành viên gần nhất;", "d) Báo cáo tài chính hai năm gần nhất;",
        "TRƯỞNG PHÒNG", "{{ signer }}",
    ):  # fmt: skip
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _filled(form: bytes, place: int) -> bytes:
    template = DocxTemplate(io.BytesIO(form))
    day = date(2016, 3, 25).strftime("%d/%m/%Y")
    said = {"number": place + 1, "unit": f"HTX Dịch vụ {place}", "on": day, "place": "trụ sở", "signer": "Lê Mẫu"}
    template.render(said, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def _libre_office(ours: float) -> None:
    """The template way as PDF, as our records are; where LibreOffice is not installed, that is said."""
    program = shutil.which("soffice")
    if program is None:
        _say("LibreOffice is not installed: the template way makes no PDF here")
        return
    with tempfile.TemporaryDirectory() as folder:
        form, paths = _form(), [Path(folder) / f"{place}.docx" for place in range(CONVERTED)]
        start = stopwatch()
        for place, path in enumerate(paths):
            path.write_bytes(_filled(form, place))
        command = [program, "--headless", "--convert-to", "pdf", "--outdir", folder, *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HOME": folder})
        theirs = CONVERTED / (stopwatch() - start)
    _say(f"template, PDF      {theirs:7.1f} letters/s   ratio {ours / theirs:5.1f}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    run()

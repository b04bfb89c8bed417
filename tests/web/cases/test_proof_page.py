"""The proof of a case: pressing its button puts the log in order, reading it changes nothing."""

import io
import zipfile
from collections.abc import Callable

from audit_log.sequencer import unordered
from models.database import reading
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def waiting(office: Office) -> int:
    with reading(office.bind) as connection:
        return unordered(connection)


def test_only_the_button_puts_the_log_in_order(office: Office, as_role: As) -> None:
    manager, path = as_role("manager"), f"/cases/{office.first}/proof"
    assert f'action="{path}"' in manager.get(f"/cases/{office.first}").text
    before = waiting(office)
    manager.get(path)
    assert waiting(office) >= before > 0, "read alone, it orders nothing"
    done = manager.send(path, {})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert waiting(office) == 0
    found = manager.get(path)
    assert found.status_code == 200
    with zipfile.ZipFile(io.BytesIO(found.content)) as file:
        assert office.first in file.read("index.html").decode()

"""The cases of the sample office that show a situation of the guide, by the key of the situation."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from models.setting_keys import SAMPLE_CASES
from models.tables import settings_table


def note_sample_cases(connection: Connection, refs: Mapping[str, Sequence[str]]) -> None:
    """Keep the references of the cases, once for an office."""
    connection.execute(settings_table.insert().values(key=SAMPLE_CASES, value=json.dumps(refs)))


def sample_cases(connection: Connection) -> Mapping[str, Sequence[str]]:
    """Return the references by situation; none in an office that is no sample."""
    kept = connection.scalar(select(settings_table.c.value).where(settings_table.c.key == SAMPLE_CASES))
    found: Mapping[str, Sequence[str]] = json.loads(kept) if kept else {}
    return found

"""What acts are to those who are notified of them, in procedure texts that do not say it: versions 1 to 3."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml
from procedures.schema import Procedure

BEFORE_VERSION_4 = "news_before_version_4.yaml"


def with_news(procedure: Procedure) -> Procedure:
    """Return the procedure; a text in which no verb has `news` gets that of the acts of versions 1 to 3."""
    if any(verb.news for verb in procedure.verbs.values()):
        return procedure
    known = {name: news for name, news in _older().items() if name in procedure.verbs}
    changed = {name: procedure.verbs[name].model_copy(update={"news": news}) for name, news in known.items()}
    return procedure.model_copy(update={"verbs": {**procedure.verbs, **changed}}) if changed else procedure


@cache
def _older() -> Mapping[str, str]:
    found: Mapping[str, str] = read_yaml(files("procedures").joinpath(BEFORE_VERSION_4).read_text(encoding="utf-8"))
    return found

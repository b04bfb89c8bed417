"""The situations of the guide: every act, term and scenario that a row names is there."""

from itertools import chain

from procedures.definition.loader import load
from procedures.named_terms import terms_of
from procedures.scenario_runs.reading import read_suite, shipped_files
from templates.situations import situations

LISTED = list(chain.from_iterable(group.situations for group in situations()))


def test_every_row_is_there_once_under_its_group() -> None:
    keys = [item.key for item in LISTED]
    assert len(keys) == len(set(keys))
    assert all(group.situations for group in situations())


def test_every_act_is_one_of_the_procedure() -> None:
    assert {act for item in LISTED for act in item.acts} <= set(load().verbs)
    assert all(item.acts for item in LISTED), "a way has acts"


def test_every_text_is_filled_by_the_terms_of_the_procedure() -> None:
    terms = terms_of(load())
    texts = [(pair[lang], lang) for item in LISTED for pair in (item.when, item.way) for lang in ("vi", "en")]
    assert all("{{" not in terms.filled(text, lang) for text, lang in texts)


def test_every_way_is_proven_by_a_scenario_that_passes_through_its_acts() -> None:
    scenarios = {key: placed for path in shipped_files() for key, placed in read_suite(path).scenarios.items()}
    for item in LISTED:
        assert item.scenarios, item.key
        assert not [key for key in item.scenarios if key not in scenarios or scenarios[key].scenario.pending], item.key

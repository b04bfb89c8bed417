"""The table of situations: one line for each scenario, in Markdown."""

from collections.abc import Iterator, Sequence

from procedures.scenario_runs.reading import PlacedScenario, Suite
from procedures.schema import Words

_HEADINGS = {
    "vi": ("Tình huống", "Kịch bản", "Kết cục", "Từ chối"),
    "en": ("Situation", "Scenario", "Ends in", "Refused on the way"),
}


def table_of(suites: Sequence[Suite], language: str) -> str:
    """Return the tables of some files: situation, key, last expected state or outcome, codes of refusals."""
    return "\n".join(line for suite in suites for line in _table(suite, language)) + "\n"


def _table(suite: Suite, language: str) -> Iterator[str]:
    if not suite.own:
        return
    heading = suite.situation or Words(vi=suite.file, en=suite.file)
    yield f"### {heading[language]}\n\n`{suite.file}`\n"
    yield f"| {' | '.join(_HEADINGS[language])} |"
    yield "|---|---|---|---|"
    for key in suite.own:
        placed = suite.scenarios[key]
        cells = (placed.scenario.title[language], f"`{key}`", _end(placed), _refusals(placed))
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
    yield ""


def _end(placed: PlacedScenario) -> str:
    expected = [placed.scenario.expect, *(item.step.expect for item in reversed(placed.steps))]
    ends = (one.outcome or one.state for one in expected if one is not None)
    end = next((f"`{one}`" for one in ends if one and one != "none"), "")
    return f"{end} (pending)".strip() if placed.scenario.pending else end


def _refusals(placed: PlacedScenario) -> str:
    codes = [item.step.refused.code for item in placed.steps if item.step.refused is not None]
    return ", ".join(f"`{code}`" for code in dict.fromkeys(codes))

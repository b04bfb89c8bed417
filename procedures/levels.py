"""Levels of the offices that carry cases: one office in each district, and one over all of them."""

from functools import cached_property

from procedures.parts import Labelled, Part


class LevelRule(Labelled):
    """A level. `above`: that of the office over its offices, of which there is one in each district."""

    above: str = ""


class WithLevels(Part):
    """What has two levels; texts that do not name theirs get those of versions 1 to 5."""

    levels: dict[str, LevelRule] = {}

    @cached_property
    def top_level(self) -> str:
        return next((key for key, rule in self.levels.items() if not rule.above), "")

    @cached_property
    def lower_level(self) -> str:
        return next((key for key, rule in self.levels.items() if rule.above), "")

    def level_of_office(self, district: str | None) -> str:
        """The level of the office of a district, or of the one over all of them."""
        return self.lower_level if district else self.top_level

    def office_at(self, level: str, district: str | None) -> str | None:
        """The district whose office carries a case of a level; None: the office over all of them does."""
        return district if level == self.lower_level else None

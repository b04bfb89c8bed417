"""What papers that go out and come in are in the case, as data: procedures/papers.yaml."""

from functools import cache
from importlib.resources import files

import yaml

from procedures.schema import Part


class ServiceStep(Part):
    """A way of service that is a verb of the procedure for some letters; `takes` names its fields by the verb's."""

    letters: tuple[str, ...]
    verb: str
    takes: dict[str, str]


class Papers(Part):
    printed: frozenset[str]
    serving: dict[str, ServiceStep]

    def step_of(self, way: str, template: str) -> ServiceStep | None:
        """The verb that an attempt of service is, if it is one."""
        found = self.serving.get(way)
        return found if found is not None and template in found.letters else None


@cache
def papers() -> Papers:
    return Papers.model_validate(yaml.safe_load(files("procedures").joinpath("papers.yaml").read_text("utf-8")))

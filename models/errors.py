"""One family of errors; the doors turn them into sentences, exit codes and pages."""


class CoopcaseError(Exception):
    """`code` is a key of the words under `errors.`; `params` fill its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class WrongInput(CoopcaseError):
    """A value that cannot be taken; `field` names it as the caller knows it."""

    def __init__(self, field: str, code: str, **params: object) -> None:
        super().__init__(code, field=field, **params)
        self.field = field


class InputErrors:
    """The faults of several checks, told at once: the first is raised, and `also` of it has the others.

    with gathered: a check    takes the WrongInput of the check; what comes after the block still runs
    gathered.raise_if_any()           raises them, if there are any
    """

    def __init__(self) -> None:
        self.wrong: list[WrongInput] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, WrongInput):
            return False
        self.wrong += [error, *error.params.pop("also", ())]  # type: ignore[misc]
        return True

    def raise_if_any(self) -> None:
        if self.wrong:
            self.wrong[0].params["also"] = self.wrong[1:]
            raise self.wrong[0]


class Refused(CoopcaseError):
    """A rule of the procedure or of access says no."""


class NotFound(CoopcaseError):
    """What was named does not exist, or the asker may not know that it does."""


class Conflict(CoopcaseError):
    """Somebody else changed it meanwhile."""

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


class Refused(CoopcaseError):
    """A rule of the procedure or of access says no."""


class NotFound(CoopcaseError):
    """What was named does not exist, or the asker may not know that it does."""


class Conflict(CoopcaseError):
    """Somebody else changed it meanwhile."""

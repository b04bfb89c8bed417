"""The error classes of the application; the command line and the pages turn them into messages."""

from typing import Any


class CoopcaseError(Exception):
    """Base class. `code`: a key of the words under `errors.`; `params`: parameters of its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class WrongInput(CoopcaseError):
    """An invalid value; `field` is its name in the caller's form or command."""

    def __init__(self, field: str, code: str, **params: object) -> None:
        super().__init__(code, field=field, **params)
        self.field = field

    @property
    def every(self) -> "tuple[WrongInput, ...]":
        """The error itself and the others that were found with it."""
        also: Any = self.params.get("also", ())
        return self, *also


class InputErrors:
    """Collects WrongInput errors of several checks, so that a form reports all of them at once.

    Example:
        errors = InputErrors()
        with errors:  # collects an error; the code after the block still runs
            check_name(name)
        errors.raise_if_any()  # raises the first; its `params["also"]` has the others
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
    """A rule of the procedure or of access control forbids it."""


class NotFound(CoopcaseError):
    """The named object does not exist, or the user may not know that it does."""


class Conflict(CoopcaseError):
    """Another user changed it meanwhile."""

"""The command line `coopcase …`; each topic registers its own commands (`cli/command_index.py`)."""

import gc
import os
import sys

import typer

from cli.lazy_group import LazyGroup

app = typer.Typer(
    name="coopcase", cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def _coopcase() -> None:
    """Carry weak cooperatives from the day they are flagged to a closed file."""


def main() -> None:
    """Run a command; a CoopcaseError becomes one line and an exit code, never a traceback."""
    os.umask(0o077)  # what is written is this account's alone, the children's files too
    gc.disable()  # until the command is imported (LazyGroup): modules are kept; searching them costs 0.4 s
    try:
        app()
    except Exception as error:
        from cli.exit_codes import ending_of  # a command that succeeds needs none of it

        ending = ending_of(error, os.environ.get("COOPCASE_LANG", "vi"))
        if ending is None:
            raise
        sys.stderr.write(ending.text)
        sys.exit(ending.code)


if __name__ == "__main__":
    main()

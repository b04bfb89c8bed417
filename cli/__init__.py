"""The command line: Typer commands. They hold no rule."""

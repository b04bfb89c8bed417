"""The command line: Typer commands without rules of their own."""

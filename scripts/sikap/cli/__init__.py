"""The `sikap` command: arguments, printing, exit codes; everything else is in `sikap.steps`.

Only click is imported before a command runs, so that `sikap --help` answers at once.
"""

from sikap.cli.main import main

__all__ = ["main"]

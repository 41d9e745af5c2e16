"""What every step gives back: its figures, its problems, and lines for people.

How far long work is: told to whoever watches.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from sikap.errors import Problem

STAGES = logging.getLogger("sikap.stages")
"""Told at each stage of long work; the command shows it on a terminal."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a step; subclasses add its figures as fields.

    ``problems`` are records that were set aside or checks that failed; a step that could not run
    at all raises instead. ``failed`` decides between exit codes 0 and 1.
    """

    problems: tuple[Problem, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield what a person should read, without the problems."""
        yield from ()

    @property
    def failed(self) -> bool:
        """Whether the command should exit with 1."""
        return False


def how_to_load(
    where: str, rows: Mapping[str, Mapping[str, int]], revision: str | None = None
) -> str:
    """The line that says how to load a release: the last of its configs that has rows."""
    config = [name for name, splits in rows.items() if any(splits.values())][-1]
    named = f', revision="{revision}"' if revision is not None else ""
    return f'load it: load_dataset("{where}", "{config}"{named})'


def from_here(path: Path) -> str:
    """A path that works in the working folder: relative where it lies below it, else whole."""
    path, here = path.resolve(), Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


T = TypeVar("T")


class Progress(Protocol):
    """Passes items on and shows how far the work is; ``what`` names the items."""

    def __call__(self, items: Iterable[T], what: str, /) -> Iterable[T]:
        """Give back the items, one by one."""


def silent(items: Iterable[T], what: str, /) -> Iterable[T]:  # noqa: ARG001
    """Show nothing."""
    return items

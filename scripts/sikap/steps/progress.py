"""How far long work is: told to whoever watches."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Passes items on and shows how far the work is; ``what`` names the items."""

    def __call__(self, items: Iterable[T], what: str, /) -> Iterable[T]:
        """Give back the items, one by one."""


def silent(items: Iterable[T], what: str, /) -> Iterable[T]:  # noqa: ARG001
    """Show nothing."""
    return items

"""How a place that holds a release is told to people."""

from pathlib import Path

from sikap.release.publish.locations import is_folder
from sikap.steps.report import from_here
from sikap.storage.urls import Url


def shown_place(place: str) -> str:
    """The place as it may be printed: a path from here, a URL without its password."""
    if "://" in place:
        return Url(place).url
    return from_here(Path(place)) if is_folder(place) else place

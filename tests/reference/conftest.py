"""The tests of this folder need the reference data and are skipped where there are none."""

import os
from pathlib import Path

import pytest

from reference.files import FOLDER, LOCATION

REASON = f"there are no reference data beside the checkout ({LOCATION} can name their folder)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the folder without its data, but never where the environment names a folder."""
    if FOLDER.is_dir() or LOCATION in os.environ:
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=REASON), append=False)

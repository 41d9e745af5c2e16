"""The reference data beside the checkout, which tests that need it skip without."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """A file or folder of the reference data; skips where there is none."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"the reference data {path} is not beside the checkout")
    return found


def shared_rows(path: str) -> list[dict[str, Any]]:
    """The rows of a JSONL file of the reference data."""
    return [
        json.loads(line) for line in shared(path).read_text(encoding="utf-8").split("\n") if line
    ]

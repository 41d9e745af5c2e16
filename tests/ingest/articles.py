"""Articles for tests: made of a text, or read from the reference data beside the checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from sikap.records import Article
from sikap.store import sha256

SHARED = Path(__file__).resolve().parents[3] / "shared"


def article(text: str, article_id: str = "a", language: str = "id") -> Article:
    """An article that holds a text."""
    return Article(
        article_id=article_id,
        text=text,
        text_sha256=sha256(text),
        raw_sha256=sha256(text),
        source=f"{article_id}.txt",
        language=language,
        encoding="utf-8",
        normalised=(),
    )


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

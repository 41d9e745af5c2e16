"""The reference data, which lie beside the checkout or where SIKAP_REFERENCE_DATA says."""

import json
import os
from pathlib import Path
from typing import Any

LOCATION = "SIKAP_REFERENCE_DATA"
"""The variable that names the folder of the reference data."""
FOLDER = Path(os.environ.get(LOCATION, Path(__file__).resolve().parents[3] / "shared"))
NEWS = "data/news/id_articles.jsonl"
ARTICLE = "seed/000_e6b9f93865852c3a.txt"


def reference_path(name: str) -> Path:
    """A file or folder of the reference data."""
    return FOLDER / name


def reference_text(name: str) -> str:
    """The text of a file of the reference data."""
    return reference_path(name).read_text(encoding="utf-8")


def reference_rows(name: str) -> list[dict[str, Any]]:
    """The rows of a JSONL file of the reference data."""
    return [json.loads(line) for line in reference_text(name).split("\n") if line]

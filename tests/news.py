"""News about invented events: an article for tests, and those of the dataset of this repository."""

from pathlib import Path

ARTICLE = Path(__file__).with_name("kapal-telaga-wiranggu.txt")
TEXT = ARTICLE.read_text(encoding="utf-8")
KINDS = {"body": 12, "dateline": 1, "heading": 1, "related_link": 3}
"""How many sentences of each kind a reader sees in the article."""

RAW = Path(__file__).resolve().parents[1] / "dataset" / "raw"
DATASET_TEXTS = tuple(path.read_text(encoding="utf-8") for path in sorted(RAW.glob("*.txt")))

"""Random edits of real articles: nothing is lost, and nothing lands on other words."""

import pytest

from reference.files import NEWS, reference_path, reference_rows
from rounds.edits import EDITS
from rounds.test_anchors_trials import STATES, ingested, resegmented, run, told


def real_texts() -> list[str]:
    seed = [
        path.read_text(encoding="utf-8") for path in sorted(reference_path("seed").glob("*.txt"))
    ]
    news = [row["text"] for row in reference_rows(NEWS)]
    return [ingested(text).text for text in (*seed, *news)]


@pytest.mark.scale
def test_a_thousand_edits_of_real_articles_lose_nothing() -> None:
    counts = run(real_texts(), 1000, seed=2)
    told("1,000 trials on real articles", counts)
    assert all(counts[state] for state in STATES)
    assert all(counts[f"edit: {edit.__name__}"] for edit in EDITS)


@pytest.mark.scale
@pytest.mark.parametrize("language", ["en", "zh"])
def test_other_rules_of_segmentation_lose_nothing_in_real_articles(language: str) -> None:
    counts = resegmented(real_texts(), language, seed=4)
    told(f"real articles cut by the rules of {language}", counts)
    assert all(counts[state] for state in ("kept", "moved", "orphaned"))

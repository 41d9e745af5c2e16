"""The snippets of the card do what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

RELEASE = Path(__file__).resolve().parents[3] / "dataset" / "release"
SNIPPETS = re.findall(
    r"^```python\n(.*?)^```$", (RELEASE / "README.md").read_text(encoding="utf-8"), re.M | re.S
)


def test_the_card_has_a_snippet_for_sentences_tags_stance_and_a_view() -> None:
    assert len(SNIPPETS) == 4


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_of_the_card_runs(snippet: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", snippet.replace("PATH-OR-NAME", str(RELEASE))],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()

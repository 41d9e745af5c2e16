"""The Python in the guide runs and gives what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "agreement.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_there_are_snippets() -> None:
    assert SNIPPETS


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_runs_and_its_figures_are_so(snippet: str) -> None:
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

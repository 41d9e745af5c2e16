"""Raw articles to sentence records: the first half of the flow.

Usage: python scripts/make_records.py [PROJECT]
"""

import sys
from pathlib import Path

from sikap import ingest_articles, open_project, segment_articles


def main(root: Path) -> None:
    """Make sentence records of the raw articles of the project in a folder."""
    project = open_project(root)
    for report in (ingest_articles(project), segment_articles(project)):
        print(*report.lines(), *report.problems, sep="\n")


# The processes that both steps start read this file too.
if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

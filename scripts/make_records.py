"""Raw articles to sentence records: the first half of the flow.

Usage: python scripts/make_records.py [PROJECT]
"""

import sys
from pathlib import Path

from sikap.project import open_project
from sikap.steps.ingest import ingest
from sikap.steps.segment import segment_articles

project = open_project(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

for report in (ingest(project), segment_articles(project)):
    print(*report.lines(), *report.problems, sep="\n")

"""One round on Label Studio: run it again and again while people annotate.

Usage: python scripts/annotate_round.py ROUND [PROJECT]
"""

import sys
from pathlib import Path

from sikap import open_project, plan_round, pull_round, push_round, read_status, settle_rounds

round_id = sys.argv[1]
project = open_project(Path(sys.argv[2] if len(sys.argv) > 2 else "."))

print(*plan_round(project, round_id).lines(), sep="\n")
print(*push_round(project, round_id).lines(), sep="\n")
print(*read_status(project, round_id).lines(), sep="\n")

for report in (pull_round(project, round_id), settle_rounds(project)):
    print(*report.lines(), *report.problems, sep="\n")

"""One round on Label Studio: run it again and again while people annotate.

Usage: python scripts/annotate_round.py ROUND [PROJECT]
"""

import sys
from pathlib import Path

from sikap.project import open_project
from sikap.steps.rounds.plan import plan
from sikap.steps.rounds.pull import pull
from sikap.steps.rounds.push import push
from sikap.steps.rounds.settle import settle_rounds
from sikap.steps.rounds.status import status

round_id = sys.argv[1]
project = open_project(Path(sys.argv[2] if len(sys.argv) > 2 else "."))

print(*plan(project, round_id).lines(), sep="\n")
print(*push(project, round_id).lines(), sep="\n")
print(*status(project, round_id).lines(), sep="\n")

for report in (pull(project, round_id), settle_rounds(project)):
    print(*report.lines(), *report.problems, sep="\n")

"""From the files of the project to dataset/release: what `make release` runs.

The exports of the rounds are in the repository, so no Label Studio is needed. Every step can be
run again; the second time nothing changes.

Usage: python scripts/release.py [PROJECT]
"""

import sys
from pathlib import Path

from sikap.errors import SikapError
from sikap.project import open_project
from sikap.steps.articles.ingest import ingest
from sikap.steps.articles.segment import segment_articles
from sikap.steps.releases.release import release
from sikap.steps.releases.verify import verify
from sikap.steps.rounds.agree import agree_rounds
from sikap.steps.rounds.pull import replay
from sikap.steps.rounds.settle import settle_rounds


def main(root: Path) -> int:
    """Run every step on the project in a folder and verify the release; give the exit code."""
    try:
        project = open_project(root)
        for step in (ingest, segment_articles, replay, agree_rounds, settle_rounds, release):
            report = step(project)
            print(*report.lines(), *report.problems, sep="\n")
        verified = verify(project.release)
    except SikapError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(*verified.lines(), *verified.problems, sep="\n")
    return int(verified.failed)


# The processes that ingest and segment start read this file too.
if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))

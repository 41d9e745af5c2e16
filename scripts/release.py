"""From the files of the project to dataset/release: what `make release` runs.

The exports of the rounds are in the repository, so no Label Studio is needed. Every step can be
run again; the second time nothing changes.

Usage: python scripts/release.py [PROJECT]
"""

import sys
from pathlib import Path

from sikap import (
    SikapError,
    build_release,
    ingest_articles,
    measure_agreement_of_rounds,
    open_project,
    replay_rounds,
    segment_articles,
    settle_rounds,
    verify_release,
)


def main(root: Path) -> int:
    """Run every step on the project in a folder and verify the release; give the exit code."""
    try:
        project = open_project(root)
        for step in (
            ingest_articles,
            segment_articles,
            replay_rounds,
            measure_agreement_of_rounds,
            settle_rounds,
            build_release,
        ):
            report = step(project)
            print(*report.lines(), *report.problems, sep="\n")
        verified = verify_release(project.release)
    except SikapError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(*verified.lines(), *verified.problems, sep="\n")
    return int(verified.failed)


# The processes that ingest and segment start read this file too.
if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))

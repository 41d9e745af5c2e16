"""`sikap ingest` or `sikap segment` on many processes or many machines: the same bytes.

Usage: python scripts/on_many.py ingest|segment [PROJECT] --executor local|ray|slurm --tasks N …

Run it again after anything went wrong: tasks that came to their end are not done twice. What it
needs, and how a cluster is set up, stands in docs/scale.md.
"""

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sikap import IngestRequest, SikapError, open_project
from sikap.settings import columns_of

if TYPE_CHECKING:
    from sikap.steps.articles.distributed import Work

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("step", choices=("ingest", "segment"))
parser.add_argument("project", nargs="?", default=".", type=Path)
parser.add_argument("--executor", choices=("local", "ray", "slurm", "merge"), default="local")
parser.add_argument("--tasks", type=int, default=8, help="into how many parts the work is cut")
parser.add_argument("--workers", type=int, default=2, help="how many tasks run at once")
parser.add_argument("--folder", default="", help="where shards lie: a path or URL that all see")
parser.add_argument("--address", default="127.0.0.1:6379", help="of the head of a Ray cluster")
parser.add_argument("--partition", default="cpu", help="of the Slurm cluster")
parser.add_argument("--time", default="02:00:00", help="how long Slurm lets a task run")
parser.add_argument("--qos", default="", help="the quality of service that Slurm is asked for")
parser.add_argument("--memory", type=int, default=2, help="gigabytes that a task may take")
parser.add_argument(
    "--venv", default=f"{sys.prefix}/bin/activate", help="what a Slurm task sources"
)
of_ingest = parser.add_argument_group("of ingest, as for the command")
of_ingest.add_argument("--from", nargs="+", default=(), dest="places", metavar="PLACE")
of_ingest.add_argument("--language")
of_ingest.add_argument("--column", action="append", default=[], metavar="FIELD=NAME")
of_ingest.add_argument("--format", help="what files named one by one are")
of_ingest.add_argument("--encoding", default="")
of_ingest.add_argument("--update", action="store_true")


def main() -> None:
    """Plan, run, merge."""
    given = parser.parse_args()
    from sikap.steps.articles import distributed

    project = open_project(given.project)
    if given.step == "segment":
        work = distributed.segment_work(project, given.tasks, given.folder)
        if run(work, given):
            print(*distributed.merge_segments(project, work).lines(), sep="\n")
        return
    request = IngestRequest(
        language=given.language,
        columns=columns_of(given.column),
        format=given.format,
        encoding=given.encoding,
    )
    sources = distributed.ingest_work(project, given.tasks, given.folder, given.places, request)
    if run(sources, given):
        report = distributed.merge_ingested(project, sources, update=given.update)
        print(*report.problems, *report.lines(), sep="\n")


def run(work: "Work", given: argparse.Namespace) -> bool:
    """Have the tasks done; False where they only wait in a queue."""
    from sikap.distributed.executors import LocalExecutor, RayExecutor, SlurmExecutor

    pipeline = list(work.pipeline)  # filters and statistics of datatrove can stand between
    shared = {"tasks": given.tasks, "workers": given.workers, "logging_dir": work.logs}
    if given.executor == "local":
        LocalExecutor(pipeline, **shared).run()
    elif given.executor == "ray":
        import ray

        ray.init(given.address, log_to_driver=False, logging_level=logging.ERROR)
        RayExecutor(pipeline, mem_per_cpu_gb=given.memory, **shared).run()
    elif given.executor == "slurm":
        SlurmExecutor(
            pipeline,
            job_name=f"sikap-{given.step}",
            time=given.time,
            partition=given.partition,
            qos=given.qos,
            venv_path=given.venv,
            mem_per_cpu_gb=given.memory,
            **shared,
        ).run()
        print("when all tasks have ended: the same command with --executor merge")
        return False
    return True


if __name__ == "__main__":
    try:
        main()
    except SikapError as error:
        sys.exit(str(error))

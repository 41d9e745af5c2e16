"""Which articles are copies of each other."""

from pathlib import Path

from sikap.ingest.duplicates import copies
from sikap.project import Project
from sikap.records import Article
from sikap.steps.progress import Progress
from sikap.store import decode_lines, read_bytes


def clusters(
    project: Project,
    articles_file: Path,
    processes: int,  # noqa: ARG001
    progress: Progress,  # noqa: ARG001
) -> dict[str, str]:
    """The first id of its cluster for each article that has copies."""
    file = project.name(project.articles)
    articles = decode_lines(read_bytes(articles_file, file, ""), Article, file)
    return {id_: group[0] for group in copies(articles) for id_ in group}

"""Projects of invented articles, or of the reference articles, for runs on many processes."""

import json
from pathlib import Path

from datatrove.pipeline.base import PipelineStep

from reference import shared_rows
from sikap.project import Project
from sikap.records import Article
from sikap.scale.executors import LocalExecutor
from sikap.settings import Settings
from sikap.steps.scaled import Work
from sikap.steps.segment import segment_articles
from sikap.store import encode_lines, sha256

SETTINGS = Settings(
    name="uji", title="Uji", summary="", language="id", licence="CC-BY-4.0", version="1.0.0"
)
TEXT = (
    "JUDUL NOMOR {0}\nKOTA SINGA - Rapat ke-{0} dibuka. “Kami siap,” kata Bu Wati.\n\n"
    "Baca juga: Jembatan {0}\nIa pulang."
)


def article(article_id: str, text: str, outlet: str | None = None) -> Article:
    return Article(
        article_id=article_id,
        text=text,
        text_sha256=sha256(text),
        raw_sha256=sha256(text),
        source=f"{article_id}.txt",
        language="id",
        outlet=outlet,
        encoding="utf-8",
        normalised=("nfc",),
    )


def project_of(root: Path, articles: list[Article]) -> Project:
    project = Project(root, SETTINGS)
    project.dataset.mkdir(parents=True)
    project.articles.write_bytes(encode_lines(articles))
    return project


def invented(root: Path, count: int = 40) -> Project:
    """Articles of very unlike lengths, so that parts hold one, many or none."""
    rows = [
        article(f"a{number:03}", "\n".join([TEXT.format(number)] * (1 + number % 7 * 5)))
        for number in range(count)
    ]
    return project_of(root, rows)


def referenced(root: Path) -> Project:
    """The reference articles, as JSONL gives them; skips where they are absent."""
    rows = shared_rows("data/news/id_articles.jsonl")
    texts = [str(row.get("text") or row.get("content") or json.dumps(row)) for row in rows]
    return project_of(root, [article(f"r{n:04}", text) for n, text in enumerate(texts)])


def plain(project: Project) -> bytes:
    """What the plain command writes; it is taken away again."""
    segment_articles(project)
    data = project.sentences.read_bytes()
    project.sentences.unlink()
    return data


def with_step(work: Work, step: PipelineStep) -> list[PipelineStep]:
    """The pipeline with a step between the articles and the segmentation."""
    first, *rest = work.pipeline
    return [first, step, *rest]


def run_here(work: Work, workers: int, step: PipelineStep | None = None) -> None:
    pipeline = with_step(work, step) if step else list(work.pipeline)
    LocalExecutor(pipeline, tasks=work.tasks, workers=workers, logging_dir=work.logs).run()

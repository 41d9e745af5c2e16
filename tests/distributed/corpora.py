"""Projects of invented articles, for runs on many processes."""

import json
from pathlib import Path

from datatrove.pipeline.base import PipelineStep

from sikap.distributed.executors import LocalExecutor
from sikap.project import Project
from sikap.records import Article
from sikap.settings import Settings
from sikap.steps.articles.distributed import Work
from sikap.steps.articles.segment import segment_articles
from sikap.storage.files import encode_lines, sha256

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


def plain(project: Project) -> bytes:
    """What the plain command writes; it is taken away again."""
    segment_articles(project)
    data = project.sentences.read_bytes()
    project.sentences.unlink()
    return data


def sources_of(root: Path, count: int = 30) -> Project:
    """Texts, one with metadata, JSONL and CSV; some bad documents, and one id said three times."""
    project = Project(root, SETTINGS)
    write(project, "isi/satu.txt", TEXT.format(1) + "\nTelepon 0812-3456-7890.")
    write(project, "isi/satu.json", '{"outlet": "Harian Contoh", "published": "2026-03-02"}')
    write(project, "isi/dua.txt", TEXT.format(2))
    write(project, "isi/sama.txt", TEXT.format(2))
    (project.raw / "isi" / "rusak.txt").write_bytes(b"\x00\xff\x00")
    write(project, "isi/kosong.txt", "")
    write(project, "isi/gambar.png", "bukan teks")
    rows = [{"article_id": f"j{n:02}", "text": TEXT.format(n)} for n in range(count)]
    lines = [json.dumps(row) for row in (*rows, rows[3])]
    write(project, "baris.jsonl", "\n".join([*lines, "{rusak", '{"article_id": "tanpa"}', ""]))
    table = "".join(f'c{n:02},"{TEXT.format(n)}"\n' for n in range(count))
    write(project, "tabel.csv", f"id,isi\n{table}isi/dua,Teks lain.\n")
    return project


def write(project: Project, name: str, text: str) -> None:
    path = project.raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def frozen(project: Project) -> list[bytes]:
    """The files that ingest writes."""
    files = (project.articles, project.rejects, project.warnings)
    return [file.read_bytes() for file in files]


def with_step(work: Work, step: PipelineStep) -> list[PipelineStep]:
    """The pipeline with a step after the one that reads."""
    first, *rest = work.pipeline
    return [first, step, *rest]


def run_here(work: Work, workers: int, step: PipelineStep | None = None) -> None:
    pipeline = with_step(work, step) if step else list(work.pipeline)
    LocalExecutor(pipeline, tasks=work.tasks, workers=workers, logging_dir=work.logs).run()

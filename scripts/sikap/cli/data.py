"""Commands on articles, sentences and releases."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sikap.cli.output import progress, reports

if TYPE_CHECKING:
    from sikap.project import Project
    from sikap.steps.report import Report

PATH = click.Path(path_type=Path)


def project_of(start: Path) -> "Project":
    """The project that the command works on."""
    from sikap.project import open_project

    return open_project(start)


@click.command()
@click.argument("folder", type=PATH)
@click.option(
    "--licence",
    default="unknown",
    show_default=True,
    metavar="SPDX",
    help="Licence that the dataset will be under, for example CC-BY-4.0.",
)
@reports
def init(folder: Path, licence: str) -> "Report":
    """Make a new dataset project in FOLDER."""
    from sikap.steps.init import init_project

    return init_project(folder, licence)


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--language", help="Language of articles whose metadata name none.")
@click.option("--update", is_flag=True, help="Accept another text for an article seen before.")
@click.pass_obj
@reports
def ingest(start: Path, paths: tuple[Path, ...], language: str | None, update: bool) -> "Report":
    """Freeze raw articles (default: dataset/raw) into articles.jsonl."""
    from sikap.steps.ingest import ingest as step

    project = project_of(start)
    return step(project, paths, language=language, update=update, progress=progress)


@click.command()
@click.pass_obj
@reports
def segment(start: Path) -> "Report":
    """Cut articles into sentence records, sentences.jsonl."""
    from sikap.steps.segment import segment_articles

    return segment_articles(project_of(start), progress=progress)


@click.command()
@click.option("--version", help="Version number; default: the one in pyproject.toml.")
@click.option(
    "--open",
    "open_labels",
    type=click.Choice(["refuse", "null"]),
    help="What to do where annotators disagree and nobody has decided.",
)
@click.option("--check", is_flag=True, help="Build beside it, compare bytes, write nothing.")
@click.pass_obj
@reports
def release(
    start: Path,
    version: str | None,
    open_labels: Literal["refuse", "null"] | None,
    check: bool,
) -> "Report":
    """Build dataset/release, which load_dataset loads."""
    from sikap.steps.release import release as step

    return step(project_of(start), version=version, open_labels=open_labels, check=check)


@click.command()
@click.argument("folder", type=PATH, required=False)
@click.pass_obj
@reports
def verify(start: Path, folder: Path | None) -> "Report":
    """Recompute all that the release in FOLDER (default: the project's) claims, from its bytes.

    Checks checksums, schemas, columns, features, offsets, references, splits, labels (settled anew
    from the annotation rows), the card, the page, and the figures between the markers of the
    datasheet. It cannot tell who annotated, nor whether somebody recomputed everything.
    """
    from sikap.steps.verify import verify as step

    return step(folder or project_of(start).release)


@click.command()
@click.argument("name")
@click.option("--article", "what", flag_value="article", help="NAME is the id of an article.")
@click.option("--annotator", "what", flag_value="annotator", help="NAME is a pseudonym.")
@click.option("--reason", default="", help="Why, in a sentence; kept in dataset/withdrawn.jsonl.")
@click.pass_obj
@reports
def withdraw(
    start: Path, name: str, what: Literal["article", "annotator"] | None, reason: str
) -> "Report":
    """Leave an article, or all that an annotator said, out of everything made from now on.

    A tombstone without text stays in dataset/withdrawn.jsonl. Files that still hold the text or
    the work are listed: deleting them, also from git's history, is up to you.
    """
    from sikap.steps.withdraw import withdraw as step

    return step(project_of(start), name, what=what, reason=reason)


COMMANDS = (init, ingest, segment, release, verify, withdraw)

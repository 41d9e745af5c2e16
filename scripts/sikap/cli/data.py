"""Commands on articles and sentences, and the one that builds a release."""

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
@click.option("--draft", is_flag=True, help="Leave unsaid what people must say; not to publish.")
@click.option("--check", is_flag=True, help="Build beside it, compare bytes, write nothing.")
@click.option(
    "--replace",
    is_flag=True,
    help="The release there was never published: write over it whatever its number.",
)
@click.pass_obj
@reports
def release(
    start: Path,
    version: str | None,
    open_labels: Literal["refuse", "null"] | None,
    draft: bool,
    check: bool,
    replace: bool,
) -> "Report":
    """Build dataset/release, which load_dataset loads.

    Refuses a version that is too small for what changed since the release that is there.
    """
    from sikap.steps.release import release as step

    project = project_of(start)
    return step(
        project,
        version=version,
        open_labels=open_labels,
        draft=draft,
        check=check,
        replace=replace,
    )


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--changelog", is_flag=True, help="Print the changelog entry, as Markdown.")
@reports
def diff(old: str, new: str, changelog: bool) -> "Report":
    """Show what changed from the release OLD to NEW, and which version that calls for.

    PATCH: the rows are the same. MINOR: every old row is there as it was. MAJOR: rows were edited,
    removed or moved between splits. Exits with 1 where NEW has too small a version.
    """
    from sikap.steps.diff import diff as step

    return step(old, new, changelog=changelog)


@click.command()
@click.argument("folder", type=PATH)
@click.argument("output", type=PATH)
@reports
def conll(folder: Path, output: Path) -> "Report":
    """Write the tagged sentences of the release in FOLDER as CoNLL files below OUTPUT."""
    from sikap.steps.conll import conll as step

    return step(folder, output)


COMMANDS = (init, ingest, segment, release, diff, conll)

"""Commands that make a project, build releases, and compare them."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click

from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.project import Project
    from sikap.steps.report import Report

PATH = click.Path(path_type=Path)


class Wishes(TypedDict):
    """The options of `release` that are its step's as well."""

    version: str | None
    open_labels: Literal["refuse", "null"] | None
    draft: bool
    check: bool
    replace: bool


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
@click.option("--version", help="Version number; default: the one in pyproject.toml.")
@click.option(
    "--open",
    "open_labels",
    type=click.Choice(["refuse", "null"]),
    help="What to do where annotators disagree and nobody has decided.",
)
@click.option(
    "--text",
    type=click.Choice(["full", "standoff"]),
    help="Whether to ship the texts of the articles; default: as in pyproject.toml.",
)
@click.option(
    "--drop-urls/--keep-urls",
    default=None,
    help="Leave the addresses of articles out of a stand-off release, or keep them.",
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
    text: Literal["full", "standoff"] | None,
    drop_urls: bool | None,
    **wishes: Unpack[Wishes],
) -> "Report":
    """Build dataset/release, which load_dataset loads.

    Articles whose licence is not in allowed_licences stop it. With --text standoff no text, title
    or token is shipped, only ids, offsets, labels and digests; what is built is searched for pieces
    of the articles before it is written. Refuses a version that is too small for what changed since
    the release that is there.
    """
    from sikap.steps.release import release as step

    return step(project_of(start).with_texts(text, drop_urls=drop_urls), **wishes)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--changelog", is_flag=True, help="Print the changelog entry, as Markdown.")
@reports
def diff(old: str, new: str, changelog: bool) -> "Report":
    """Show what changed from release OLD to NEW.

    With the version that this calls for. PATCH: rows are the same. MINOR: every old row is there as
    it was. MAJOR: rows were edited, removed or moved between splits. Exits with 1 where NEW has too
    small a version. OLD and NEW are folders, names on the Hub or URLs, as for verify.
    """
    from sikap.steps.diff import diff as step

    return step(old, new, changelog=changelog)


@click.command()
@click.argument("folder", type=PATH)
@click.argument("output", type=PATH)
@reports
def conll(folder: Path, output: Path) -> "Report":
    """Write the tagged sentences of a release as CoNLL files.

    The release is in FOLDER, the files go below OUTPUT.
    """
    from sikap.steps.conll import conll as step

    return step(folder, output)


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
    """Leave an article, or an annotator's work, out from now on.

    A tombstone without text stays in dataset/withdrawn.jsonl. Files that still hold the text or
    the work are listed: deleting them, also from git's history, is up to you.
    """
    from sikap.steps.withdraw import withdraw as step

    return step(project_of(start), name, what=what, reason=reason)


@click.command()
@click.argument("standoff")
@click.argument("raw", type=PATH)
@click.option("--output", type=PATH, required=True, help="Folder to write the release to.")
@reports
def rehydrate(standoff: str, raw: Path, output: Path) -> "Report":
    """Put texts back into a stand-off release.

    STANDOFF is a folder, a name on the Hub or a URL, as for verify.

    RAW is the folder of your own articles: plain texts named by their ids, with metadata in .json
    files beside them. Each text is held to its published digest. Where none has changed the result
    is the full release, byte for byte; else what can still be found for sure is kept, the loss is
    told, and the exit code is 1.
    """
    from sikap.steps.rehydrate import rehydrate_release

    return rehydrate_release(standoff, raw, output)


COMMANDS = (init, release, diff, conll, rehydrate, withdraw)

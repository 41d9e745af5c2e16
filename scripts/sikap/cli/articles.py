"""Commands that make sentences of raw articles."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli.output import progress, reports
from sikap.cli.releases import project_of

if TYPE_CHECKING:
    from sikap.steps.report import Report


def processes_option(command: Callable[..., None]) -> Callable[..., None]:
    """``--processes``: how many work at once."""
    return click.option(
        "--processes",
        type=click.IntRange(min=1),
        metavar="N",
        help="Work on N processes; default: all processors. The files are the same for any N.",
    )(command)


def _columns(_: click.Context, __: click.Parameter, entries: tuple[str, ...]) -> dict[str, str]:
    """The columns by the fields that they hold."""
    from sikap.settings import columns_of

    return columns_of(entries)


@click.command()
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option(
    "--language",
    metavar="TAG",
    help="Language of articles whose metadata name none, such as en; default: the project's.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    callback=_columns,
    help="Column of tables that holds a field, such as text=isi; FIELD= for none.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "html", "jsonl", "csv", "tsv", "parquet"]),
    help="What standard input, and files that are named, are; default: by name, else by content.",
)
@click.option("--encoding", default="", help="Encoding of the files, where it is not to be found.")
@click.option(
    "--update",
    is_flag=True,
    help="Accept another text or other metadata for an article seen before.",
)
@processes_option
@click.pass_obj
@reports
def ingest(
    start: Path, places: tuple[str, ...], *, update: bool, processes: int | None, **options: object
) -> "Report":
    """Freeze raw articles into articles.jsonl.

    PLACE is a file, a folder, a pattern in quotes, a URL, or - for standard input; without it these
    are all in dataset/raw. Texts, web pages, JSONL, CSV, TSV and Parquet are read, packed or not.
    What cannot be used is in dataset/rejects.jsonl, what is doubtful in dataset/warnings.jsonl. The
    exit code is 1 only where nothing could be used.
    """
    import msgspec

    from sikap.articles.chunks import IngestRequest
    from sikap.steps.articles.ingest import ingest_articles as step

    request = msgspec.convert(options, IngestRequest)
    project = project_of(start)
    return step(project, places, request, update=update, processes=processes, progress=progress)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID …]")
@click.option("--explain", is_flag=True, help="Show what each rule for blocks matched.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    help="How many articles to explain, drawn by lot; default: 20.",
)
@click.option("--seed", type=int, help="Of the lot; default: 0.")
@processes_option
@click.pass_obj
@reports
def segment(
    start: Path,
    ids: tuple[str, ...],
    sample: int | None,
    seed: int | None,
    processes: int | None,
    *,
    explain: bool,
) -> "Report":
    """Cut articles into sentence records, sentences.jsonl.

    With --explain nothing is written: it shows on a sample, or on the articles ID, which rule of
    which file made each heading, link, dateline and so on, and how often each rule did. Of articles
    ID it shows the body too.
    """
    if explain:
        from sikap.steps.articles.explain import explain_segmentation as explain_step

        return explain_step(project_of(start), ids, sample=sample or 20, seed=seed or 0)
    if ids or sample is not None or seed is not None:
        raise click.UsageError("ID, --sample and --seed go with --explain")
    from sikap.steps.articles.segment import segment_articles

    return segment_articles(project_of(start), progress, processes)


@click.command()
@click.pass_obj
@reports
def copies(start: Path) -> "Report":
    """Show which articles are copies, and what differs.

    Nothing is changed: withdraw leaves an article out. What a copy is the settings say.
    """
    from sikap.steps.articles.near_duplicates_report import report_near_duplicates

    return report_near_duplicates(project_of(start), progress=progress)


COMMANDS = (ingest, segment, copies)

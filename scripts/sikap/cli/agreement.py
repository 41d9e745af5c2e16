"""The command that measures agreement in anybody's table; it needs no project."""

from pathlib import Path

import click

from sikap.cli.output import show, show_json
from sikap.cli.releases import PATH
from sikap.cli.rounds import computing


@click.command()
@click.argument("table", type=PATH)
@click.option("--item", metavar="COLUMN", help="What was rated; default: item.")
@click.option("--annotator", metavar="COLUMN", help="Who rated it; default: annotator.")
@click.option(
    "--label", multiple=True, metavar="COLUMN", help="Ratings; may be repeated; default: label."
)
@click.option("--start", metavar="COLUMN", help="With --end: rows are spans, this is their start.")
@click.option("--end", metavar="COLUMN", help="The end of spans, not within them.")
@click.option("--cluster", metavar="COLUMN", help="What items were drawn by, such as articles.")
@click.option("--by", metavar="COLUMN", help="Parts to compare with each other, such as rounds.")
@click.option(
    "--pass", "pass_", metavar="COLUMN", help="Its lower value counts, its next is a repeat."
)
@click.option("--time", metavar="COLUMN", help="When it was rated: seconds or ISO 8601.")
@click.option("--text", metavar="COLUMN", help="The text of the item, to be shown.")
@click.option("--wide", is_flag=True, help="A row is an item, a column an annotator.")
@click.option("--annotators", metavar="A,B,…", help="Columns of a wide table; default: all others.")
@click.option(
    "--level",
    multiple=True,
    metavar="[COLUMN=]LEVEL",
    help="nominal (default), ordinal, interval, ratio; of sets masi (default), jaccard.",
)
@click.option(
    "--values", multiple=True, metavar="[COLUMN=]A,B,…", help="The whole scale, lowest first."
)
@click.option("--separator", metavar="TEXT", help="Cells hold sets; this parts their members.")
@click.option(
    "--missing", multiple=True, metavar="TEXT", help="Cells that mean no rating, beside empty ones."
)
@click.option(
    "--delimiter",
    type=click.Choice(["comma", "semicolon", "tab", "bar"]),
    help="Of CSV; default: as in the header.",
)
@computing
@click.option("--output", type=PATH, metavar="DIR", help="Folder to write the report to.")
@click.option("--json", "as_json", is_flag=True, help="Print agreement.json instead of text.")
def agreement(*, table: Path, output: Path | None, as_json: bool, **options: object) -> None:
    """Measure agreement in any table of ratings.

    TABLE is a CSV, TSV, JSONL or Parquet file with a row for each rating (item, annotator, label),
    or with --wide a row for each item; or an export of Label Studio as JSON. Other columns are
    ignored. No project is needed.

    Empty cells are no ratings. Labels that differ only in case, spaces and the like are told and
    never merged. What each figure means is in docs/agreement.md.
    """
    import msgspec

    from sikap.agreement.study import Options
    from sikap.agreement.tables.column_roles import TableRequest
    from sikap.steps.table_agreement import measure_table_agreement as step

    analysis = {name: options.pop(name) for name in Options.__struct_fields__}
    report = step(
        table,
        msgspec.convert(options, TableRequest),
        msgspec.convert(analysis, Options),
        output=output,
    )
    if as_json:
        show_json(report.agreement)
    else:
        show(report, as_json=False)

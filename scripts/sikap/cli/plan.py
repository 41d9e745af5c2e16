"""The command that plans an annotation round."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli.output import reports
from sikap.cli.releases import project_of

if TYPE_CHECKING:
    from sikap.steps.report import Report

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("round_id", metavar="ID")
@click.option(
    "--purpose",
    type=click.Choice(["calibration", "production", "adjudication"]),
    default="production",
    show_default=True,
    help="Adjudication beats production beats calibration when labels are settled.",
)
@click.option(
    "--annotator", "annotators", multiple=True, help="A pseudonym; repeat. Default: all people."
)
@click.option("--overlap", type=click.IntRange(1), help="Annotators of every item; default: all.")
@click.option(
    "--calibration",
    type=click.IntRange(0),
    default=0,
    help="So many items go to everybody, whatever the overlap.",
)
@click.option(
    "--repeats",
    type=click.IntRange(0),
    default=0,
    help="So many of their items each gets a second time, untold.",
)
@click.option(
    "--gold", type=FILE, help="Known answers: JSONL of answers, or lines of labels.jsonl."
)
@click.option(
    "--among",
    type=click.Choice(["new", "all", "open"]),
    default="new",
    show_default=True,
    help="Sentences that no earlier round had, all, or those with open decisions.",
)
@click.option("--items", type=FILE, help="Only sentences of this list: a sentence_id a line.")
@click.option("--sample", type=click.IntRange(0), help="Draw so many; default: all.")
@click.option(
    "--draw",
    type=click.Choice(["random", "articles", "least-covered"]),
    default="random",
    show_default=True,
    help="Sentences, whole articles (--sample counts these), or those with fewest annotators.",
)
@click.option(
    "--stratify", metavar="FIELD", help="Draw in proportion to a field of sentences or articles."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all draws.")
@click.option(
    "--blindness",
    type=click.Choice(["separated", "shared", "isolated"]),
    default="separated",
    show_default=True,
    help="A project for each annotator, one for all, or a server for each.",
)
@click.option("--dry-run", is_flag=True, help="Show loads, pairs and hours; write nothing.")
@click.pass_obj
@reports
def plan(start: Path, round_id: str, *, dry_run: bool, **options: object) -> "Report":
    """Fix what round ID is: which sentences, who judges them.

    Labelling config and guidelines are fixed with them.
    """
    import msgspec

    from sikap.rounds.planning.request import RoundRequest
    from sikap.steps.rounds.plan import plan_round as step

    request = msgspec.convert(options, RoundRequest)
    return step(project_of(start), round_id, request, dry_run=dry_run)

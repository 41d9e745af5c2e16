"""Commands on what annotators see differently; they join the group ``round``."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sikap.cli.data import project_of
from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.steps.report import Report


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.argument("new", metavar="NEW")
@click.option(
    "--annotator", "names", multiple=True, required=True, help="Who decides; repeat for several."
)
@click.option(
    "--what",
    type=click.Choice(["all", "open"]),
    default="all",
    show_default=True,
    help="All disagreements, or what the majority leaves open.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Shuffles the versions."
)
@click.option(
    "--blindness",
    type=click.Choice(["separated", "shared", "isolated"]),
    default="separated",
    show_default=True,
    help="A project for each annotator, one for all, or a server for each.",
)
@click.option("--dry-run", is_flag=True, help="Say what the round would be; write nothing.")
@click.pass_obj
@reports
def adjudicate(  # noqa: PLR0913, PLR0917 -- one for each option
    start: Path,
    round_id: str,
    new: str,
    names: tuple[str, ...],
    what: Literal["all", "open"],
    seed: int,
    blindness: Literal["separated", "shared", "isolated"],
    dry_run: bool,
) -> "Report":
    """Plan the round NEW over what the annotators of ROUND see differently.

    Adjudicators see the competing versions without names; what they submit is decided.
    """
    from sikap.steps.adjudication import adjudicate as step

    return step(
        project_of(start),
        round_id,
        new,
        annotators=names,
        what=what,
        seed=seed,
        blindness=blindness,
        dry_run=dry_run,
    )


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a Markdown page with all cases to this file.",
)
@click.pass_obj
@reports
def reasons(start: Path, round_id: str, output: Path | None) -> "Report":
    """Sum up why annotators differed, as the adjudicators of ROUND said."""
    from sikap.steps.reasons import reasons as step

    return step(project_of(start), round_id, output)


COMMANDS = (adjudicate, reasons)

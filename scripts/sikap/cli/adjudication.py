"""Commands on what annotators see differently; they join the group ``round``."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sikap.cli.output import reports
from sikap.cli.releases import project_of

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
    """Plan round NEW over what annotators of ROUND differ on.

    Adjudicators see the competing versions without names; what they submit is decided.
    """
    from sikap.steps.rounds.adjudicate import adjudicate_round as step

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
    """Sum up why annotators differed, as said in ROUND.

    ROUND is one that 'round adjudicate' planned.
    """
    from sikap.steps.rounds.reasons import export_reasons as step

    return step(project_of(start), round_id, output)


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.argument("output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--control", help="Only the votes on this control of the config; default: all.")
@click.pass_obj
@reports
def votes(start: Path, round_id: str, output: Path, control: str | None) -> "Report":
    """Write the votes of ROUND to FILE, for aggregation models.

    It is CSV; its columns are task, worker and label, as crowd-kit takes them.
    """
    from sikap.steps.rounds.votes import export_votes

    return export_votes(project_of(start), round_id, output, control)


@click.command()
@click.argument("new", metavar="NEW")
@click.argument("tables", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "of", metavar="ROUND", required=True, help="The round of the votes.")
@click.option("--annotator", required=True, help="Whose answers they are: of the kind model.")
@click.option(
    "--purpose",
    type=click.Choice(["calibration", "adjudication"]),
    default="calibration",
    show_default=True,
    help="As calibration they decide nothing, as adjudication they do.",
)
@click.pass_obj
@reports
def import_votes(
    start: Path,
    new: str,
    tables: tuple[Path, ...],
    of: str,
    annotator: str,
    purpose: Literal["calibration", "adjudication"],
) -> "Report":
    """Make round NEW of a model's answers to the votes.

    They are the work of one more annotator.

    Each FILE is a CSV table with the columns task and agg_label.
    """
    from sikap.steps.rounds.votes import import_votes as step

    return step(project_of(start), new, tables, of=of, annotator=annotator, purpose=purpose)


COMMANDS = (adjudicate, reasons, votes, import_votes)

"""The command that says how far annotators agree, and the options of whatever computes that."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from sikap.cli.data import project_of
from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.steps.report import Report

F = TypeVar("F", bound=Callable[..., object])


def computing(command: F) -> F:
    """Add the options of `agreement.study.Options`, by their names and with their defaults."""
    options = (
        click.option(
            "--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the drawing."
        ),
        click.option(
            "--replicates",
            type=click.IntRange(0),
            default=1000,
            show_default=True,
            help="How often to draw anew for the intervals.",
        ),
        click.option(
            "--confidence",
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            default=0.95,
            show_default=True,
            help="Of the intervals.",
        ),
        click.option(
            "--width",
            type=click.FloatRange(0, min_open=True),
            default=0.1,
            show_default=True,
            help="How wide intervals may be: what would that take?",
        ),
        click.option(
            "--unused",
            type=click.Choice(["count", "ignore"]),
            default="count",
            show_default=True,
            help="Whether values of a scale count that nobody gave.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("round_id", metavar="ID")
@computing
@click.pass_obj
@reports
def agree(
    start: Path,
    round_id: str,
    seed: int,
    replicates: int,
    confidence: float,
    width: float,
    unused: Literal["count", "ignore"],
) -> "Report":
    """Say how far the annotators of round ID agree, and why not.

    Writes agreement.json and report.html to the folder of the round.
    """
    from sikap.agreement.study import Options
    from sikap.steps.agree import agree as step

    options = Options(
        seed=seed, replicates=replicates, confidence=confidence, width=width, unused=unused
    )
    return step(project_of(start), round_id, options)

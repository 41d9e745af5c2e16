"""Commands on annotation rounds.

The command that says how far annotators agree, and the options of whatever computes that.

The command that lets labels follow when texts change.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from sikap.cli import adjudication
from sikap.cli.output import reports, show, watch
from sikap.cli.plan import plan
from sikap.cli.releases import project_of

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
def agree(start: Path, round_id: str, **options: object) -> "Report":
    """Say how far the annotators of round ID agree, and why not.

    Writes agreement.json and report.html to the folder of the round.
    """
    import msgspec

    from sikap.agreement.study import Options
    from sikap.steps.rounds.agree import measure_agreement as step

    return step(project_of(start), round_id, msgspec.convert(options, Options))


if TYPE_CHECKING:
    from sikap.steps.report import Report


@click.group("round")
def round_() -> None:
    """Run an annotation round, step by step.

    The steps: plan, push, status, pull, agree, adjudicate, push and pull again, settle.
    """


round_.add_command(plan)
round_.add_command(agree)


@round_.command()
@click.argument("round_id", metavar="ID")
@click.option(
    "--predictions",
    type=click.Path(path_type=Path),
    help="JSONL of what a model says of the items; annotators find it filled in.",
)
@click.pass_obj
@reports
def push(start: Path, round_id: str, predictions: Path | None) -> "Report":
    """Send the items of round ID to Label Studio, each once."""
    from sikap.cli.output import bar
    from sikap.steps.rounds.push import push_round as step
    from sikap.storage.files import read_bytes

    project, name = project_of(start), str(predictions or "")
    data = read_bytes(predictions, name, "name a file of predictions") if predictions else None
    with bar("tasks") as told:
        return step(project, round_id, predictions=data, predictions_file=name, told=told)


@round_.command()
@click.argument("round_id", metavar="ID")
@click.option(
    "--watch",
    "seconds",
    type=click.FloatRange(min=1),
    is_flag=False,
    flag_value=10,
    metavar="[SECONDS]",
    help="Look again after every 10 or SECONDS seconds, until Ctrl-C.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_obj
def status(start: Path, round_id: str, seconds: float | None, as_json: bool) -> None:
    """Show how far each annotator of round ID is, and how fast."""
    from sikap.steps.rounds.status import read_status as step

    project = project_of(start)
    if seconds is None:
        show(step(project, round_id), as_json=as_json)
    else:
        watch(lambda: step(project, round_id), seconds, as_json=as_json)


@round_.command()
@click.argument("round_id", metavar="ID")
@click.option(
    "--export",
    type=click.Path(path_type=Path),
    help="A JSON export of Label Studio, read instead of the server.",
)
@click.option(
    "--accept-deletions",
    is_flag=True,
    help="Go on although everything that was pulled before is gone.",
)
@click.option(
    "--annotator",
    "owner",
    metavar="NAME",
    help="Whose project --export is of; must be said of a server of an isolated round.",
)
@click.pass_obj
@reports
def pull(
    start: Path, round_id: str, export: Path | None, accept_deletions: bool, owner: str | None
) -> "Report":
    """Bring back what was annotated in round ID, again and again."""
    from sikap.steps.rounds.pull import pull_round as step
    from sikap.storage.files import read_bytes

    project = project_of(start)
    data = read_bytes(export, str(export), "name an existing export") if export else None
    if owner is not None and data is None:
        raise click.UsageError("--annotator says whose project --export FILE is of: name the file")
    return step(project, round_id, export=data, owner=owner, accept_deletions=accept_deletions)


@round_.command()
@click.pass_obj
@reports
def settle(start: Path) -> "Report":
    """Settle all rounds into labels.jsonl; list what is open.

    Exits with 1 while something is.
    """
    from sikap.steps.rounds.settle import settle_rounds

    return settle_rounds(project_of(start))


for command in adjudication.COMMANDS:
    round_.add_command(command)

COMMANDS = (round_,)


@click.command()
@click.option(
    "--accept",
    "accepted",
    metavar="OLD=NEW",
    multiple=True,
    help="Decide that sentence OLD of rounds is now sentence NEW; repeat.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, write nothing.")
@click.pass_obj
@reports
def reanchor(start: Path, accepted: tuple[str, ...], dry_run: bool) -> "Report":
    """Find the sentences of rounds again in changed texts.

    Needed after articles or their segmentation changed.

    What is not kept goes into dataset/anchors.jsonl; annotations that cannot follow for sure go
    into dataset/orphans.jsonl.
    """
    from sikap.steps.rounds.reanchor import reanchor_rounds as step

    return step(project_of(start), _pairs(accepted), dry_run=dry_run)


def _pairs(accepted: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for given in accepted:
        old, _, new = given.partition("=")
        if not (old and new) or pairs.get(old, new) != new:
            raise click.BadParameter(f"{given!r}: give one OLD=NEW each", param_hint="--accept")
        pairs[old] = new
    return pairs

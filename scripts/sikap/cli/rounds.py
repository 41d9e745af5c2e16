"""Commands on annotation rounds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli import adjudication
from sikap.cli.agree import agree
from sikap.cli.data import project_of
from sikap.cli.output import reports, show, watch
from sikap.cli.plan import plan

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
    from sikap.steps.push import push as step
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
    from sikap.steps.status import status as step

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
    from sikap.steps.pull import pull as step
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
    from sikap.steps.settle import settle_rounds

    return settle_rounds(project_of(start))


for command in adjudication.COMMANDS:
    round_.add_command(command)

COMMANDS = (round_,)

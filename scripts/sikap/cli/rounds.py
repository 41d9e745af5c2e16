"""Commands on Label Studio and annotation rounds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli import adjudication
from sikap.cli.data import project_of
from sikap.cli.output import reports
from sikap.cli.plan import plan

if TYPE_CHECKING:
    from sikap.steps.report import Report


@click.command()
@click.option(
    "--port",
    type=int,
    default=8080,
    show_default=True,
    envvar="SIKAP_STUDIO_PORT",
    help="Port on 127.0.0.1 (or SIKAP_STUDIO_PORT).",
)
@click.pass_obj
def studio(start: Path, port: int) -> None:
    """Run a Label Studio for this project until Ctrl-C.

    It listens on 127.0.0.1 only; its data and its random password are in .sikap/studio.
    """
    from sikap.steps.server import run

    try:
        for line in run(project_of(start), port):
            click.echo(line)
    except KeyboardInterrupt:
        click.echo("stopped")


@click.group()
def annotators() -> None:
    """Say which Label Studio user is behind a pseudonym (kept out of git)."""


@annotators.command()
@click.argument("annotator")
@click.pass_obj
@reports
def add(start: Path, annotator: str) -> "Report":
    """Make an account for ANNOTATOR on the project's own Label Studio, and link it.

    Its password is put into .sikap/accounts.json.
    """
    from sikap.steps.server import add_annotator

    return add_annotator(project_of(start), annotator)


@annotators.command()
@click.argument("annotator")
@click.argument("user")
@click.pass_obj
@reports
def link(start: Path, annotator: str, user: str) -> "Report":
    """Link ANNOTATOR to USER, an e-mail address or user number of Label Studio."""
    from sikap.steps.annotators import link as step

    return step(project_of(start), annotator, user)


@click.group("round")
def round_() -> None:
    """Run an annotation round: plan, push, status, pull, adjudicate, settle."""


round_.add_command(plan)


@round_.command()
@click.argument("round_id", metavar="ID")
@click.pass_obj
@reports
def push(start: Path, round_id: str) -> "Report":
    """Send the items of round ID to Label Studio, each exactly once."""
    from sikap.steps.studio import push as step

    return step(project_of(start), round_id)


@round_.command()
@click.argument("round_id", metavar="ID")
@click.pass_obj
@reports
def status(start: Path, round_id: str) -> "Report":
    """Show how far each annotator of round ID is."""
    from sikap.steps.studio import status as step

    return step(project_of(start), round_id)


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
@click.pass_obj
@reports
def pull(start: Path, round_id: str, export: Path | None, accept_deletions: bool) -> "Report":
    """Bring what was annotated in round ID back, every span certified."""
    from sikap.steps.pull import pull as step
    from sikap.store import read_bytes

    project = project_of(start)
    data = read_bytes(export, str(export), "name an existing export") if export else None
    return step(project, round_id, export=data, accept_deletions=accept_deletions)


@round_.command()
@click.pass_obj
@reports
def settle(start: Path) -> "Report":
    """Settle all rounds into labels.jsonl; list what is open and then exit 1."""
    from sikap.steps.rounds import settle_rounds

    return settle_rounds(project_of(start))


for command in adjudication.COMMANDS:
    round_.add_command(command)

COMMANDS = (studio, annotators, round_)

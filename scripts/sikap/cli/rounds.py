"""Commands on Label Studio and annotation rounds."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sikap.cli import adjudication
from sikap.cli.data import project_of
from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.steps.report import Report

Purpose = Literal["calibration", "production", "adjudication"]


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


@round_.command()
@click.argument("round_id", metavar="ID")
@click.option(
    "--purpose",
    type=click.Choice(["calibration", "production", "adjudication"]),
    default="production",
    show_default=True,
    help="Adjudication beats production beats calibration when labels are settled.",
)
@click.option("--annotator", "names", multiple=True, help="A pseudonym; repeat. Default: all.")
@click.option("--sample", type=click.IntRange(1), help="Draw so many sentences; default: all.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the draw.")
@click.option(
    "--among",
    type=click.Choice(["new", "all", "open"]),
    default="new",
    show_default=True,
    help="Sentences that no earlier round had, all, or those with open decisions.",
)
@click.option(
    "--blindness",
    type=click.Choice(["separated", "shared", "isolated"]),
    default="separated",
    show_default=True,
    help="A project for each annotator, one for all, or a server for each.",
)
@click.pass_obj
@reports
def plan(  # noqa: PLR0913, PLR0917 -- one for each option
    start: Path,
    round_id: str,
    purpose: Purpose,
    names: tuple[str, ...],
    sample: int | None,
    seed: int,
    among: Literal["new", "all", "open"],
    blindness: Literal["separated", "shared", "isolated"],
) -> "Report":
    """Fix what round ID is to be: sentences, annotators, config, guidelines."""
    from sikap.steps.rounds import plan as step

    project = project_of(start)
    return step(
        project,
        round_id,
        purpose=purpose,
        annotators=names,
        sample=sample,
        seed=seed,
        among=among,
        blindness=blindness,
    )


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

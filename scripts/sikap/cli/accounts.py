"""Commands on Label Studio servers and the people who work there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli.output import reports
from sikap.cli.releases import project_of

if TYPE_CHECKING:
    from sikap.steps.report import Report


@click.command()
@click.option(
    "--port",
    type=int,
    default=8080,
    show_default=True,
    envvar="SIKAP_STUDIO_PORT",
    help="Port on 127.0.0.1 (or SIKAP_STUDIO_PORT); with --annotator the first of several.",
)
@click.option(
    "--annotator",
    "names",
    multiple=True,
    metavar="NAME",
    help="Run a server for this annotator alone, for isolated rounds; repeat.",
)
@click.pass_obj
def studio(start: Path, port: int, names: tuple[str, ...]) -> None:
    """Run a Label Studio for this project until Ctrl-C.

    It listens on 127.0.0.1 only; its data and its random password are in .sikap/studio. With
    --annotator there is one for each who is named, in .sikap/studios/NAME, at --port and the ports
    after it, registered for isolated rounds; all are stopped together.
    """
    from sikap.steps.rounds.servers import run_servers

    try:
        for line in run_servers(project_of(start), port, names):
            click.echo(line)
    except KeyboardInterrupt:
        click.echo("stopped")


@click.group()
def annotators() -> None:
    """Say who is behind a pseudonym, and where they work.

    This is kept in .sikap/, out of git.
    """


@annotators.command()
@click.argument("annotator")
@click.option(
    "--isolated", is_flag=True, help="On the annotator's own server, not the one that all share."
)
@click.pass_obj
@reports
def add(start: Path, annotator: str, isolated: bool) -> "Report":
    """Make an account for ANNOTATOR on a local server, and link it.

    It is on the project's own Label Studio. Its password is put into .sikap/accounts.json.
    """
    from sikap.steps.rounds.accounts import add_annotator

    return add_annotator(project_of(start), annotator, isolated=isolated)


@annotators.command()
@click.argument("annotator")
@click.argument("user")
@click.pass_obj
@reports
def link(start: Path, annotator: str, user: str) -> "Report":
    """Link ANNOTATOR to USER of a Label Studio elsewhere.

    USER is an e-mail address or a user number. A number on ANNOTATOR's own server of isolated
    rounds is written ANNOTATOR/NUMBER.
    """
    from sikap.steps.rounds.annotators import link_annotator as step

    return step(project_of(start), annotator, user)


@annotators.command()
@click.argument("annotator")
@click.argument("url")
@click.pass_obj
@reports
def server(start: Path, annotator: str, url: str) -> "Report":
    """Send the isolated rounds of ANNOTATOR to URL.

    There must be a Label Studio of this annotator's alone. LABEL_STUDIO_API_KEY must hold a token
    of yours there. It is tried, and kept in .sikap/servers.json, which only you can read.
    """
    from sikap.steps.rounds.servers import register_server

    return register_server(project_of(start), annotator, url)


COMMANDS = (studio, annotators)

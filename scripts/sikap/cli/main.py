"""The root of the command, and how errors become exit codes.

0 done; 1 a check found problems; 2 wrong usage or bad input, nothing written; 3 an outside service
failed, safe to run again.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli import accounts, agreement, articles, releases, rounds
from sikap.cli.output import show_json, show_problems, show_stages
from sikap.version import __version__

if TYPE_CHECKING:
    from sikap.errors import SikapError

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--project",
    "start",
    type=FOLDER,
    default=Path(),
    help="Folder of the dataset project; default: the nearest one upwards from here.",
)
@click.pass_context
def cli(context: click.Context, start: Path) -> None:
    """From raw news articles to annotated, validated, byte-reproducible datasets."""
    context.obj = start


for command in (
    *articles.COMMANDS,
    *releases.COMMANDS,
    *accounts.COMMANDS,
    *rounds.COMMANDS,
    agreement.agreement,
):
    cli.add_command(command)
rounds.round_.add_command(rounds.reanchor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command, by default with the arguments of the process, and exit with its code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    show_stages()
    try:
        cli.main(list(arguments), prog_name="sikap", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("interrupted; run the command again to finish", err=True)
        sys.exit(130)
    except Exception as error:
        from sikap.errors import SikapError

        if isinstance(error, SikapError):
            _explain(error, as_json="--json" in arguments)
            sys.exit(error.exit_code)
        if isinstance(error, OSError):
            click.echo(f"[disk] {error}; make room or give leave, then run again", err=True)
            sys.exit(2)
        raise


def _explain(error: "SikapError", *, as_json: bool) -> None:
    if as_json:
        show_json({"problems": error.problems})
    else:
        show_problems(error.problems)

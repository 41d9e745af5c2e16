"""The command that lets labels follow when texts change."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli.data import project_of
from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.steps.report import Report


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
    from sikap.steps.reanchor import reanchor as step

    return step(project_of(start), _pairs(accepted), dry_run=dry_run)


def _pairs(accepted: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for given in accepted:
        old, _, new = given.partition("=")
        if not (old and new) or pairs.get(old, new) != new:
            raise click.BadParameter(f"{given!r}: give one OLD=NEW each", param_hint="--accept")
        pairs[old] = new
    return pairs

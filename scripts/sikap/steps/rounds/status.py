"""How far a round is on its servers: read anew each time, and nothing is written."""

import time
from collections.abc import Iterator

import msgspec

from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.project import Project
from sikap.records import Round
from sikap.rounds.planning.gold import gold_scores
from sikap.rounds.progress import Progress, progress
from sikap.steps.project_files import read_remaining, read_round
from sikap.steps.report import Report
from sikap.steps.rounds.export import annotations_in, export_from_servers
from sikap.steps.rounds.servers import places


class At(msgspec.Struct, frozen=True, kw_only=True):
    """Where a project of a round is, and whose it is: null for everybody's."""

    annotator: str | None
    project_id: int
    url: str


class StatusReport(Report, frozen=True, kw_only=True):
    """How far a round is: all of it, each annotator, and where each annotates."""

    round_id: str
    items: int
    drafts: int
    annotators: tuple[Progress, ...]
    projects: tuple[At, ...]

    def lines(self) -> Iterator[str]:
        """Yield a line on the round, one for each annotator, and where that one annotates.

        The next step follows once nothing is left.
        """
        yield f"round {self.round_id}: {self.items} items, {self.drafts} drafts"
        at = {one.annotator: one.url for one in self.projects}
        if None in at:
            yield f"all annotate at {at[None]}"
        for one in self.annotators:
            yield f"{one.annotator}: {', '.join(_figures(one))}"
            if one.annotator in at:
                yield f"  at {at[one.annotator]}"
        if not any(one.left for one in self.annotators):
            yield f"next: sikap round pull {self.round_id}"


def read_status(
    project: Project, round_id: str, client: Client | None = None, at: float | None = None
) -> StatusReport:
    """How far each annotator is, read from the server; ``at`` is now, in seconds since 1970.

    Raises InputError where a project of the round is missing or has another config, ServiceError
    where a server fails.
    """
    project = project.snapshot()
    files = read_round(project, round_id)
    pulled = annotations_in(project, files, export_from_servers(project, files, client))
    left = read_remaining(project, round_id)
    scores = gold_scores(left.gold, left.items, pulled.annotations, project.scheme())
    return StatusReport(
        round_id=round_id,
        items=len(left.items),
        drafts=pulled.drafts,
        annotators=progress(
            left.manifest,
            left.items,
            pulled.annotations,
            pulled.begun,
            {name: one.score for name, one in scores.items()},
            time.time() if at is None else at,
        ),
        projects=tuple(_where(project, files.manifest, client)),
        problems=pulled.problems,
    )


def _where(project: Project, manifest: Round, client: Client | None) -> Iterator[At]:
    known = {one.annotator: one.project_id for one in manifest.projects}
    for place in places(project, manifest, client):
        number = known.get(place.annotator)
        number = number or sync.existing(place, manifest).project_id
        url = f"{place.client.url}/projects/{number}"
        yield At(annotator=place.annotator, project_id=number, url=url)


def _figures(one: Progress) -> Iterator[str]:
    yield f"{one.submitted} of {one.planned} submitted"
    yield f"{one.skipped} skipped"
    if one.drafts is not None:
        yield f"{one.drafts} drafts"
    yield f"{one.left} left"
    if one.pace is not None:
        yield f"{one.pace:g} an hour"
    if one.seconds is not None:
        yield f"median {one.seconds:g} s"
    if one.finish is not None:
        yield f"done by {one.finish[:16].replace('T', ' ')} UTC without a break"
    if one.gold is not None:
        yield f"gold {one.gold:.2f}"

"""Sum up why annotators differed, for the authors of the next guidelines."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sikap.errors import InputError, Problem, raise_if
from sikap.label_studio.client import connect
from sikap.label_studio.pages.adjudication import NOTE, REASON
from sikap.label_studio.wire.exports import decode_export
from sikap.label_studio.wire.tasks import task_item_id
from sikap.project import Project
from sikap.rounds.adjudication.reasons import Case, Row, cases, markdown, table
from sikap.steps.project_files import RoundFiles, read_notes, read_remaining
from sikap.steps.report import Report, from_here
from sikap.steps.rounds.settle import wrong_annotations
from sikap.storage.files import write_bytes

EXPORT = "export.json"


class ReasonsReport(Report, frozen=True, kw_only=True):
    """How often each reason was given, of all cases, by kind of disagreement and by label."""

    round_id: str
    table: tuple[Row, ...]
    cases: tuple[Case, ...]
    written: str

    def lines(self) -> Iterator[str]:
        """Yield a line for each row of the table, and where the page is."""
        yield f"round {self.round_id}: {len(self.cases)} decisions"
        if not self.cases:
            yield f"next: sikap round pull {self.round_id}, once something is decided"
            return
        for row in self.table:
            counts = ", ".join(f"{count} {reason}" for reason, count in row.reasons.items())
            yield f"{row.what}: {counts}"
        if self.written:
            yield f"the cases are in {self.written}"
        else:
            yield "the cases themselves: --output FILE.md"


def export_reasons(project: Project, round_id: str, output: Path | None = None) -> ReasonsReport:
    """Sum up the reasons that the adjudicators of a round gave; ``output`` gets a Markdown page.

    Links to tasks are in it where the round was pushed and it is known which server that was.
    Raises InputError where the round shows no competing versions.
    """
    project = project.snapshot()
    files = read_remaining(project, round_id)
    if files.manifest.digests.versions is None:
        found = "the round was not planned over disagreements, so it has no reasons"
        fix = "name a round that 'sikap round adjudicate' planned"
        raise InputError(Problem(code="no-versions", id=round_id, found=found, fix=fix))
    scheme = project.scheme()
    raise_if(wrong_annotations([files], scheme))
    given = [one for one in read_notes(project, round_id) if one.control in {REASON, NOTE}]
    links = _links(project, files)
    found_cases = cases(files.items, files.versions, files.annotations, given, scheme, links)
    if output is not None:
        write_bytes(output, markdown(round_id, found_cases).encode())
    return ReasonsReport(
        round_id=round_id,
        table=tuple(table(found_cases)),
        cases=tuple(found_cases),
        written=from_here(output) if output is not None else "",
    )


def _links(project: Project, files: RoundFiles) -> Mapping[tuple[str, str], str]:
    """Where the task of each item and annotator is; nothing where the server is not known.

    An isolated round has several servers, so there a number alone names no task.
    """
    export = project.round(files.manifest.round_id) / EXPORT
    manifest = files.manifest
    if not (manifest.projects and export.is_file()) or manifest.design.blindness == "isolated":
        return {}
    try:
        url = connect(project.studio).url
    except InputError:
        return {}
    numbers = {one.project_id for one in manifest.projects}
    links: dict[tuple[str, str], str] = {}
    for task in filter(None, decode_export(export.read_bytes())):
        item, owner = task_item_id(task["data"]), task.get("owner")
        number = task.get("id")
        if item is None or number is None or task.get("project") not in numbers:
            continue
        link = f"{url}/projects/{task['project']}/data?task={number}"
        names = [owner] if owner else [entry.annotator for entry in manifest.roster]
        links |= {(item, name): link for name in names}
    return links

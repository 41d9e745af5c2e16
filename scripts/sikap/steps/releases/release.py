"""Build the release folder from the files of the project, or check that it is as it would be."""

from collections.abc import Iterator, Mapping

from sikap.errors import ChecksError, Problem, raise_if
from sikap.project import Project
from sikap.release.data.class_balance import missing_classes
from sikap.release.data.splits import Ledger, Quarantined
from sikap.release.files.build import DATASHEET, SUMS
from sikap.release.publish.locations import SIGNATURE
from sikap.steps.releases.assemble import OpenLabels, Wanted, assemble
from sikap.steps.releases.previous_release import judge_next, refused
from sikap.steps.releases.splits import tied
from sikap.steps.report import STAGES, Report, from_here, how_to_load
from sikap.steps.rounds.reanchored import Tally
from sikap.storage.files import encode_json, lock, write_bytes
from sikap.storage.folder import read_folder, write_folder


class ReleaseReport(Report, frozen=True, kw_only=True):
    """What the release holds: rows by config and split; what people have left unsaid in a draft.

    ``calls_for`` is the version that it should have if the release before it was published; null
    where its own is high enough. ``followed`` tells what became of sentences of rounds.
    ``problems`` are warnings: classes that a split lacks, and agreement below thresholds that only
    warn, or, of a draft, below any.
    """

    folder: str
    version: str
    rows: dict[str, dict[str, int]]
    open: int
    draft: bool
    unanswered: tuple[str, ...]
    changed: bool
    calls_for: str | None
    stale_baselines: bool
    quarantined: tuple[Quarantined, ...]
    followed: Tally

    def lines(self) -> Iterator[str]:
        """Yield the configs with their rows, and how to load one."""
        state = "built" if self.changed else "is as it was"
        yield f"{self.folder} {self.version} {state}; {self.open} decisions are open"
        for config, splits in self.rows.items():
            yield f"  {config:12} " + ", ".join(f"{split} {n}" for split, n in splits.items())
        if self.draft:
            yield f"a draft, not to be published; {len(self.unanswered)} statements are missing"
        if self.calls_for:
            yield f"what changed beside the rows calls for {self.calls_for} if this number is out"
        if self.stale_baselines:
            yield "baselines.json is of other rows and left out: run 'make baselines', then this"
        yield from self.followed.lines()
        for one in self.quarantined:
            yield f"{one.article_id} is in quarantine, left out: it would tie {tied(one)} together"
        yield how_to_load(self.folder, self.rows)


def build_release(
    project: Project,
    *,
    version: str | None = None,
    open_labels: OpenLabels | None = None,
    draft: bool = False,
    check: bool = False,
    replace: bool = False,
) -> ReleaseReport:
    """Build dataset/release/; with ``check`` build beside it, compare bytes and write nothing.

    Where the settings say ``standoff`` it holds no text of an article, and with ``drop_urls`` no
    address of one. ``replace`` says that the release there was never published, so that its number
    binds nobody. Raises InputError where the project's files are wrong, decisions are open and not
    to be shipped as null, an article's licence does not allow it to be given on, people have not
    said all that they must, or agree less than they should, and no ``draft`` is asked for, or the
    version is too small for what changed since the release that is there; ChecksError where
    ``check`` finds other bytes, or a stand-off release would hold a text.
    """
    with lock(project.lock):
        wanted = Wanted(version=version, open_labels=open_labels, draft=draft)
        built = assemble(project, wanted)
        files = _with_kept_signature(project, built.files)
        changed, judged = False, None
        if check:
            _compare(project, files, built.ledger)
        else:
            STAGES.info("comparing with the release that is there, writing")
            judged = None if replace else judge_next(project.release, files)
            if judged is not None:
                raise_if(refused(judged, project.name(project.release), named=version is not None))
            write_bytes(project.ledger, encode_json(built.ledger))
            write_bytes(project.datasheet, files[DATASHEET])
            changed = write_folder(project.release, files)
    manifest = built.manifest
    return ReleaseReport(
        folder=from_here(project.release),
        version=manifest.dataset.version,
        rows=manifest.facts.rows,
        open=built.undecided,
        draft=draft,
        unanswered=built.unanswered,
        changed=changed,
        calls_for=judged.needed if judged is not None and not judged.suffices else None,
        stale_baselines=built.stale_baselines,
        quarantined=manifest.quarantined,
        followed=built.followed,
        problems=(*missing_classes(manifest.facts.balance), *built.too_low),
    )


def _with_kept_signature(project: Project, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, with the signature that lies there where it is of the same checksums.

    One of other checksums says nothing any more and goes with the old release.
    """
    sums, signature = project.release / SUMS, project.release / SIGNATURE
    if signature.is_file() and sums.is_file() and sums.read_bytes() == files[SUMS]:
        return files | {SIGNATURE: signature.read_bytes()}
    return files


def _compare(project: Project, files: dict[str, bytes], ledger: Ledger) -> None:
    folder = project.name(project.release)
    there = {f"{folder}/{name}": data for name, data in read_folder(project.release).items()}
    given = {f"{folder}/{name}": data for name, data in files.items()}
    given[project.name(project.ledger)] = encode_json(ledger)
    given[project.name(project.datasheet)] = files[DATASHEET]
    for path in (project.ledger, project.datasheet):
        there[project.name(path)] = path.read_bytes() if path.is_file() else b""
    problems = list(not_reproduced(there, given))
    if problems:
        raise ChecksError(problems)


def not_reproduced(there: Mapping[str, bytes], given: Mapping[str, bytes]) -> Iterator[Problem]:
    """Name every file that is not what the project's files give."""
    found = "it is not what the project's files give"
    fix = "build the release again, or find out who changed it"
    for name in sorted({*there, *given}):
        if there.get(name) != given.get(name):
            yield Problem(code="not-reproduced", file=name, found=found, fix=fix)

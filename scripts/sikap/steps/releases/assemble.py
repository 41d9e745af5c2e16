"""The files of a release from the files of a project, in memory: nothing is written here.

What people answer in datasheet.toml, and the datasheet that becomes of it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version as installed
from typing import Any, Literal

import msgspec

from sikap.agreement.thresholds import REFUSED
from sikap.errors import InputError, Problem, raise_if
from sikap.patterns import VERSION
from sikap.project import Project
from sikap.records import Annotation, Round
from sikap.release.data.content import Content, Inputs, Meta
from sikap.release.data.splits import Ledger
from sikap.release.documents.datasheet import answers_of, compose, missing_blocks
from sikap.release.documents.required_statements import unlicensed, unsaid, unsaid_problems
from sikap.release.files.build import MANIFEST, Release, build
from sikap.release.files.manifest_claims import Claims
from sikap.release.files.parquet import from_parquet
from sikap.release.standoff.stand_off_files import build_stand_off
from sikap.rounds.settle import open_problems
from sikap.settings import Settings
from sikap.steps.project_files import RoundFiles, read_baselines
from sikap.steps.releases.inputs import Records, border_problems, read_inputs
from sikap.steps.releases.splits import draw, sentence_leaks, without_articles
from sikap.steps.report import STAGES
from sikap.steps.rounds.reanchored import Tally
from sikap.steps.rounds.settle import labels_of
from sikap.steps.rounds.thresholds import gate_problems, setting_problems
from sikap.storage.files import decode_json, decode_text, encode_lines, lock, read_bytes, sha256
from sikap.version import __version__


def read_answers(project: Project) -> Mapping[str, Any]:
    """The table of datasheet.toml; raises InputError where it is missing or no TOML."""
    name = project.name(project.answers)
    fix = "write it: 'sikap init' puts one with every question into a new project"
    text = decode_text(read_bytes(project.answers, name, fix), name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = f"it is not TOML: {error}"
        problem = Problem(code="answers", file=name, found=found, fix="correct it")
        raise InputError(problem) from error


def composed(
    project: Project, content: Content, answers: Mapping[str, Any], *, draft: bool
) -> Content:
    """The content with its datasheet; raises InputError for answers that cannot be used."""
    file = project.name(project.answers)
    text = compose(content.meta.title, answers, file, draft=draft)
    return msgspec.structs.replace(content, datasheet=text, draft=draft)


DECIDING = (
    *("datasets", "jinja2", "polars", "pyarrow", "pyyaml", "rensa", "sentencex"),
    "tokenizers",
)
OpenLabels = Literal["refuse", "null"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a release beside the settings; None means what these say.

    Without ``gate`` no threshold of agreement is looked at.
    """

    version: str | None = None
    open_labels: OpenLabels | None = None
    draft: bool = False
    gate: bool = True


class Assembled(msgspec.Struct, frozen=True, kw_only=True):
    """A release in memory, and what is told of how it was built.

    ``undecided`` counts open decisions, ``unanswered`` names what people have not said, ``too_low``
    are thresholds that were not reached and did not refuse it; ``stale_baselines`` are of other
    rows and left out; ``followed`` tells of changed sentences.
    """

    files: dict[str, bytes]
    manifest: Release
    ledger: Ledger
    undecided: int
    unanswered: tuple[str, ...]
    too_low: tuple[Problem, ...]
    stale_baselines: bool
    followed: Tally


def versions() -> dict[str, str]:
    """The installed versions that decide the bytes of a release."""
    return {"sikap": __version__, **{name: installed(name) for name in DECIDING}}


def assemble(project: Project, wanted: Wanted) -> Assembled:
    """Build the release that a project's files give; whoever calls it holds the lock.

    Where the settings say ``standoff`` it holds no text of an article, and with ``drop_urls`` no
    address of one. Raises InputError where the files are wrong, decisions are open and not to be
    shipped as null, an article's licence does not allow it to be given on, or, where no draft is
    wanted, people have not said all that they must or annotators agree less than they should;
    ChecksError where a stand-off release holds a text.
    """
    raise_if(_version_problems(wanted.version))
    project = project.snapshot()
    raise_if(setting_problems(project.settings, project.scheme()))
    STAGES.info("reading the project, grouping its articles")
    records = read_inputs(project)
    content, ledger = _drawn(project, wanted.version, records)
    settings = project.settings
    full = settings.text == "full"
    problems = list(unlicensed(content.articles, settings.allowed_licences)) if full else []
    problems += sentence_leaks(project, content)
    undecided = list(open_problems(content.labels))
    if (wanted.open_labels or settings.open_labels) == "refuse":
        problems += undecided
    too_low = _too_low(settings, content) if wanted.gate else []
    if not wanted.draft:
        problems += [one for one in too_low if one.code == REFUSED]
    content = composed(project, content, read_answers(project), draft=wanted.draft)
    missing = unsaid(content.meta, answers_of(content.datasheet))
    if not wanted.draft:
        problems += unsaid_problems(missing, "pyproject.toml", project.name(project.answers))
    problems += missing_blocks(content.datasheet, project.name(project.datasheet))
    raise_if(problems)
    STAGES.info("building %s sentences", f"{len(content.sentences):,}")
    files = build(content) if full else build_stand_off(content, drop_urls=settings.drop_urls)
    manifest = decode_json(files[MANIFEST], Release, MANIFEST)
    return Assembled(
        files=files,
        manifest=manifest,
        ledger=ledger,
        undecided=len(undecided),
        unanswered=missing,
        too_low=tuple(too_low),
        stale_baselines=content.baselines is not None and manifest.baselines is None,
        followed=records.current.tally,
    )


def _too_low(settings: Settings, content: Content) -> list[Problem]:
    articles = {one.sentence_id: one.article_id for one in content.sentences}
    return gate_problems(
        settings, content.rounds, content.annotations, content.passes, articles, content.scheme
    )


def rebuild(project: Project, like: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that the project gives for a release such as ``like``: of the same version.

    It has texts and addresses where ``like`` has them. Open decisions go in as null, as they must
    be where ``like`` was released with them; thresholds of agreement are of no
    matter here. Raises InputError where the project's files are wrong.
    """
    claims = decode_json(like[MANIFEST], Claims, MANIFEST)
    project = project.with_texts(claims.text, drop_urls=_without_urls(like))
    with lock(project.lock):
        wanted = Wanted(version=claims.version, open_labels="null", draft=claims.draft, gate=False)
        return assemble(project, wanted).files


def _without_urls(files: Mapping[str, bytes]) -> bool:
    """Whether a release leaves out the addresses of articles."""
    tables = (data for name, data in files.items() if name.startswith("data/articles/"))
    try:
        return any(from_parquet(data)["source"].null_count for data in tables)
    except (ValueError, KeyError):
        return False  # a damaged table, which is named elsewhere


def _version_problems(version: str | None) -> Iterator[Problem]:
    if version is not None and not VERSION.fullmatch(version):
        yield Problem(code="version", found=f"version {version!r}", fix="write it as 1.2.3")


def _drawn(project: Project, version: str | None, records: Records) -> tuple[Content, Ledger]:
    """The content but for its datasheet, without what is in quarantine, and the ledger."""
    raise_if((*border_problems(project, records), *records.current.problems))
    drawn = draw(project, records.articles)
    gone = {one.article_id for one in drawn.quarantined}
    released = msgspec.structs.replace(
        records,
        articles=[one for one in records.articles if one.article_id not in gone],
        sentences=[one for one in records.sentences if one.article_id not in gone],
        rounds=without_articles(records.rounds, records.sentences, gone),
    )
    content = _content(project, version, released, drawn.ledger)
    return msgspec.structs.replace(content, quarantined=drawn.quarantined), drawn.ledger


def _content(
    project: Project,
    version: str | None,
    records: Records,
    ledger: Ledger,
) -> Content:
    articles, sentences, names = records.articles, records.sentences, records.names
    rounds = [files for files in records.rounds if files.annotations]
    labels, _ = labels_of(rounds, sentences, project.scheme())
    annotations = [
        msgspec.structs.replace(annotation, annotator=names[annotation.annotator])
        for files in rounds
        for annotation in files.annotations
    ]
    settings = project.settings
    shared = {name: getattr(settings, name) for name in Meta.__struct_fields__}
    schema = {
        path.name: project.read_input(path, fix="restore it")
        for path in (project.config, project.guidelines)
    }
    ids = {article.article_id for article in articles}
    return Content(
        meta=Meta(**shared | ({"version": version} if version else {})),
        inputs=Inputs(digests=_digests(project, records, rounds), versions=versions()),
        scheme=project.scheme(),
        config_file=project.config.name,
        guidelines_file=project.guidelines.name,
        files=schema,
        articles=tuple(articles),
        sentences=tuple(sentences),
        rounds=tuple(_published(files.manifest, names) for files in rounds),
        annotations=tuple(annotations),
        passes={item.item_id: item.pass_ for files in rounds for item in files.items},
        labels=tuple(labels),
        splits={article: split for article, split in ledger.articles.items() if article in ids},
        baselines=read_baselines(project),
        shard_bytes=settings.shard_bytes,
        withdrawn=records.withdrawn,
        datasheet="",
    )


def _published(manifest: Round, names: dict[str, str]) -> Round:
    """The manifest as a release shows it: new pseudonyms, no projects of a server."""
    roster = tuple(
        msgspec.structs.replace(entry, annotator=names[entry.annotator])
        for entry in manifest.roster
    )
    return msgspec.structs.replace(manifest, roster=roster, projects=())


def _digests(project: Project, records: Records, rounds: Sequence[RoundFiles]) -> dict[str, str]:
    paths = {"config": project.config, "guidelines": project.guidelines}
    digests = {what: sha256(project.read_input(path, fix="")) for what, path in paths.items()}
    # Of the records, not of the files: so they can be had from the published rows again.
    digests |= {"articles": sha256(encode_lines(records.articles))}
    digests |= {"sentences": sha256(encode_lines(records.sentences))}
    for files in rounds:
        annotations: Sequence[Annotation] = files.annotations
        digests[f"round {files.manifest.round_id}"] = sha256(encode_lines(annotations))
    return digests

"""How far the annotators of a round agree: every figure, with what it is based on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.agreement import text_summary
from sikap.agreement.analyse import analyse
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options, Study, option_problems
from sikap.errors import Problem, raise_if
from sikap.project import Project
from sikap.records import FIRST, REPEAT, Label
from sikap.rounds.agreement_study import Sentences, settled_spans, study_of
from sikap.steps.project_files import (
    AGREEMENT,
    PAGE,
    RoundFiles,
    read_round,
    read_sentences,
)
from sikap.steps.report import STAGES, Report
from sikap.steps.rounds.reanchored import load_rounds
from sikap.steps.rounds.settle import settled_labels
from sikap.steps.rounds.thresholds import below_thresholds, setting_problems
from sikap.steps.write_agreement import write_agreement
from sikap.storage.files import lock
from sikap.text.tokens import tokenize

DEFAULTS = Options()


class AgreeReport(Report, frozen=True, kw_only=True):
    """The agreement in a round, all of it, and where it was written.

    ``planned`` are judgements that the round asks for, ``submitted`` and ``skipped`` those that are
    there; what counts in agreement are first passes alone. Problems are thresholds of the settings
    that the round does not reach; they fail settling and releases, not this.
    """

    round_id: str
    planned: int
    submitted: int
    skipped: int
    agreement: AgreementReport
    folder: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield the figures and the next step."""
        yield from self.figures()
        if self.agreement.contested:
            yield f"next: sikap round adjudicate {self.round_id} NEW --annotator NAME"
        else:
            yield "next: sikap round settle"

    def figures(self) -> Iterator[str]:
        """Yield what is there of the round, its main figures, and where the rest is."""
        yield (
            f"round {self.round_id}: {self.submitted} of {self.planned} judgements submitted, "
            f"{self.skipped} skipped"
        )
        yield from text_summary.lines(self.agreement)
        state = "written" if self.changed else "nothing changed"
        yield f"{self.folder}/: {AGREEMENT} and {PAGE}: {state}"


class AgreeRoundsReport(Report, frozen=True, kw_only=True):
    """The agreement in every round of a project that has one."""

    rounds: tuple[AgreeReport, ...]

    def lines(self) -> Iterator[str]:
        """Yield the lines of each, without the next step."""
        for one in self.rounds:
            yield from one.figures()


class _Rounds(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds of a project as they are settled, and what they settle to."""

    project: Project
    rounds: Sequence[RoundFiles]
    labels: Sequence[Label]


def measure_agreement(project: Project, round_id: str, options: Options = DEFAULTS) -> AgreeReport:
    """Write the agreement of a pulled round to its folder, beside that of the rounds before it.

    Rounds are read as they are settled: without what was withdrawn, with labels that followed their
    sentences, every annotation checked. Raises InputError where the round can have no agreement.
    """
    raise_if(option_problems(options))
    project = project.snapshot()
    with lock(project.lock):
        read_round(project, round_id)  # which says what rounds there are, if not this one
        read = _read(project)
        (files,) = (one for one in read.rounds if one.manifest.round_id == round_id)
        raise_if(_and_delete(one, project, files) for one in _without_agreement(files))
        return _agree(read, files, options)


def measure_agreement_of_rounds(project: Project, options: Options = DEFAULTS) -> AgreeRoundsReport:
    """Write the agreement of every round that has one."""
    raise_if(option_problems(options))
    project = project.snapshot()
    with lock(project.lock):
        read = _read(project)
        return AgreeRoundsReport(
            rounds=tuple(_agree(read, files, options) for files in _comparable(read.rounds))
        )


def _read(project: Project) -> _Rounds:
    current = load_rounds(project)
    raise_if((*current.problems, *setting_problems(project.settings, project.scheme())))
    labels, _ = settled_labels(current.rounds, read_sentences(project), project)
    return _Rounds(project=project, rounds=current.rounds, labels=labels)


def _agree(read: _Rounds, files: RoundFiles, options: Options) -> AgreeReport:
    manifest, folder = files.manifest, read.project.round(files.manifest.round_id)
    earlier = [one for one in _comparable(read.rounds) if one.manifest.ordinal < manifest.ordinal]
    STAGES.info("computing the agreement of %s", manifest.round_id)
    study, *others = (_study(read, one) for one in (files, *earlier))
    report = analyse(study, options, kind="round", others=others)
    said = Counter(one.status for one in files.annotations)
    return AgreeReport(
        round_id=manifest.round_id,
        planned=sum(len(item.annotators) for item in files.items),
        submitted=said["submitted"],
        skipped=said["skipped"],
        agreement=report,
        folder=read.project.name(folder),
        changed=write_agreement(folder, report),
        problems=tuple(
            below_thresholds(read.project, [files], read.project.scheme())
            if manifest.purpose == "production"
            else ()
        ),
    )


def _comparable(rounds: Iterable[RoundFiles]) -> list[RoundFiles]:
    """The rounds that have an agreement of their own, in their order."""
    return [one for one in rounds if not list(_without_agreement(one))]


def _without_agreement(files: RoundFiles) -> Iterator[Problem]:
    """Yield why a round can have no agreement, where it can have none."""
    manifest, found, fix = files.manifest, "", ""
    passes = {item.item_id: item.pass_ for item in files.items}
    submitted = [one.item_id for one in files.annotations if one.status == "submitted"]
    judged = Counter(id_ for id_ in submitted if passes.get(id_) == FIRST)
    again = any(passes.get(id_) == REPEAT for id_ in submitted)
    if manifest.purpose == "adjudication":
        found = "it decides what other annotators saw differently, so it has no agreement"
        fix = f"name the round that it decides; reasons: sikap round reasons {manifest.round_id}"
    elif not files.annotations:
        found = "nothing of it was pulled"
        fix = f"run 'sikap round pull {manifest.round_id}' first"
    elif not again and max(judged.values(), default=0) < 2:
        found = "no item was submitted by two annotators"
        fix = "pull once others are done, or plan a round with --overlap 2"
    if found:
        yield Problem(code="no-agreement", id=manifest.round_id, found=found, fix=fix)


def _and_delete(problem: Problem, project: Project, files: RoundFiles) -> Problem:
    """The problem, with what is to be done where the round had an agreement before."""
    folder = project.round(files.manifest.round_id)
    stale = [project.name(folder / name) for name in (AGREEMENT, PAGE) if (folder / name).exists()]
    if not stale:
        return problem
    fix = f"{problem.fix}; delete {' and '.join(stale)}, which tell of what is no longer there"
    return msgspec.structs.replace(problem, fix=fix)


def _study(read: _Rounds, files: RoundFiles) -> Study:
    texts = {item.sentence_id: item.text for item in files.items}
    return study_of(
        files.manifest,
        files.annotations,
        {item.item_id: item.pass_ for item in files.items},
        Sentences(
            articles={item.sentence_id: item.article_id for item in files.items},
            texts=texts,
            tokens={id_: tokenize(text).extents for id_, text in texts.items()},
            settled=settled_spans(read.labels),
        ),
        read.project.scheme(),
        read.project.settings.levels,
    )

"""How far the annotators of a round agree: every figure, with what it is based on."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sikap.agreement import summary
from sikap.agreement.engine import analyse
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options, Study
from sikap.describe.tokens import tokenize
from sikap.errors import Problem, raise_if
from sikap.project import Project
from sikap.records import FIRST, REPEAT, Label
from sikap.rounds.scales import level_problems
from sikap.rounds.studies import Sentences, settled_spans, study_of
from sikap.scheme import Scheme
from sikap.steps.agreement_files import AGREEMENT, write_agreement
from sikap.steps.files import RoundFiles, read_round, read_rounds, read_sentences
from sikap.steps.followed import followed_rounds
from sikap.steps.report import Report
from sikap.steps.settle import settled_labels
from sikap.store import lock


class AgreeReport(Report, frozen=True, kw_only=True):
    """The agreement in a round, all of it, and where it was written.

    ``planned`` are judgements that the round asks for, ``submitted`` and ``skipped`` those that are
    there; what counts in agreement are first passes alone.
    """

    round_id: str
    planned: int
    submitted: int
    skipped: int
    agreement: AgreementReport
    folder: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield what is there of the round, its main figures, where the rest is, the next step."""
        yield (
            f"round {self.round_id}: {self.submitted} of {self.planned} judgements submitted, "
            f"{self.skipped} skipped"
        )
        yield from summary.lines(self.agreement)
        state = "written" if self.changed else "nothing changed"
        yield f"{self.folder}/{AGREEMENT}: {state}"
        if self.agreement.contested:
            yield f"next: sikap round adjudicate {self.round_id} NEW --annotator NAME"
        else:
            yield "next: sikap round settle"


def agree(project: Project, round_id: str, options: Options) -> AgreeReport:
    """Write the agreement of a pulled round to its folder, beside that of the rounds before it.

    Rounds are read as they are settled: without what was withdrawn, with labels that followed their
    sentences, every annotation checked. Raises InputError where the round can have no agreement.
    """
    with lock(project.lock):
        rounds, sentences = read_rounds(project), read_sentences(project)
        if round_id not in {one.manifest.round_id for one in rounds}:
            read_round(project, round_id)  # which says what rounds there are
        followed = followed_rounds(project, rounds, sentences)
        scheme, levels = project.scheme(), project.settings.levels
        raise_if((*followed.problems, *level_problems(levels, scheme)))
        (files,) = (one for one in followed.rounds if one.manifest.round_id == round_id)
        raise_if(_without_agreement(files))
        labels, _ = settled_labels(followed.rounds, sentences, project)
        earlier = _earlier(followed.rounds, files)
        study, *others = (_study(one, labels, scheme, project) for one in (files, *earlier))
        report = analyse(study, options, kind="round", others=others)
        folder = project.round(round_id)
        changed = write_agreement(folder, report)
    said = Counter(one.status for one in files.annotations)
    return AgreeReport(
        round_id=round_id,
        planned=sum(len(item.annotators) for item in files.items),
        submitted=said["submitted"],
        skipped=said["skipped"],
        agreement=report,
        folder=project.name(folder),
        changed=changed,
    )


def _earlier(rounds: Sequence[RoundFiles], files: RoundFiles) -> list[RoundFiles]:
    """The rounds before this one that have an agreement of their own, in their order."""
    return [
        one
        for one in rounds
        if one.manifest.ordinal < files.manifest.ordinal and not list(_without_agreement(one))
    ]


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


def _study(files: RoundFiles, labels: Sequence[Label], scheme: Scheme, project: Project) -> Study:
    texts = {item.sentence_id: item.text for item in files.items}
    return study_of(
        files.manifest,
        files.annotations,
        {item.item_id: item.pass_ for item in files.items},
        Sentences(
            articles={item.sentence_id: item.article_id for item in files.items},
            texts=texts,
            tokens={id_: tokenize(text).extents for id_, text in texts.items()},
            settled=settled_spans(labels),
        ),
        scheme,
        project.settings.levels,
    )

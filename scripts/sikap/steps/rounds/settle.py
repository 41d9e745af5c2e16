"""Steps of a round that need no server: plan it, settle what was pulled."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.agreement.thresholds import REFUSED
from sikap.errors import Problem, raise_if
from sikap.labelling_config.scheme import Scheme
from sikap.project import Project
from sikap.records import Annotation, Item, Label, Round, Sentence
from sikap.rounds.planning.gold import gold_scores
from sikap.rounds.settle import open_problems, settle
from sikap.steps.project_files import RoundFiles, read_sentences
from sikap.steps.report import Report
from sikap.steps.rounds.reanchored import Tally, load_rounds
from sikap.steps.rounds.thresholds import below_thresholds, setting_problems
from sikap.storage.files import encode_lines, lock, write_bytes

WARNINGS = {"gold-bar", "agreement-warning"}
"""Codes of problems that leave nothing undecided."""


class SettleReport(Report, frozen=True, kw_only=True):
    """How many sentences were settled, and how spans were.

    Problems list what is open or lost and rounds whose agreement is too low, and warn of annotators
    below the bar on known answers. Where agreement is too low labels.jsonl was left as it was.
    ``followed`` tells what became of the sentences of rounds.
    """

    labelled: int
    settled: dict[str, int]
    followed: Tally
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield lines on sentences and spans, on sentences that changed, and on the next step."""
        spans = ", ".join(f"{count} {how}" for how, count in self.settled.items()) or "none"
        open_ = sum(problem.code == "open" for problem in self.problems)
        lost = sum(problem.code == "item-lost" for problem in self.problems)
        yield f"{self.labelled} sentences labelled; spans: {spans}; {open_} open, {lost} lost"
        yield from self.followed.lines()
        if self.refused:
            yield "refused: agreement is below a threshold; dataset/labels.jsonl is as it was"
        elif open_:
            yield (
                "next: sikap round adjudicate ROUND NEW --annotator NAME, or leave them open: "
                "sikap release --open null"
            )
        elif self.labelled and not lost and not self.failed:
            yield "next: sikap release"

    @property
    def refused(self) -> bool:
        """Whether agreement is below a threshold that refuses."""
        return any(problem.code == REFUSED for problem in self.problems)

    @property
    def failed(self) -> bool:
        """What is open, lost or too low needs somebody to decide; other findings warn."""
        return any(problem.code not in WARNINGS for problem in self.problems)


def settle_rounds(project: Project) -> SettleReport:
    """Settle all rounds into labels.jsonl; what is open stays open and is a problem.

    A round whose agreement is below a threshold of the settings is a problem too, and nothing is
    written then, unless the threshold only warns. Raises InputError where records or settings are
    wrong, and writes nothing then either.
    """
    project = project.snapshot()
    scheme = project.scheme()
    raise_if(setting_problems(project.settings, scheme))
    with lock(project.lock):
        current = load_rounds(project)
        raise_if(current.problems)
        labels, problems = settled_labels(current.rounds, read_sentences(project), project)
        too_low = below_thresholds(project, current.rounds, scheme)
        refused = any(problem.code == REFUSED for problem in too_low)
        changed = not refused and write_bytes(project.labels, encode_lines(labels))
    hows = [span.provenance.how for label in labels for span in label.spans]
    return SettleReport(
        labelled=len(labels),
        settled={how: hows.count(how) for how in sorted(set(hows))},
        followed=current.tally,
        changed=changed,
        problems=(
            *problems,
            *open_problems(labels),
            *_below_the_bar(project, current.frozen),
            *too_low,
        ),
    )


def settled_labels(
    rounds: Sequence[RoundFiles], sentences: Sequence[Sentence], project: Project
) -> tuple[list[Label], list[Problem]]:
    """What `labels_of` gives.

    Raises InputError where annotations on disk break the scheme, speak of no item, or are not the
    one vote of an annotator on the roster.
    """
    raise_if(wrong_annotations(rounds, project.scheme()))
    return labels_of(rounds, sentences, project.scheme())


def labels_of(
    rounds: Sequence[RoundFiles], sentences: Sequence[Sentence], scheme: Scheme
) -> tuple[list[Label], list[Problem]]:
    """Labels in the order of the sentences, and a problem for every item whose sentence is lost.

    Annotations are votes: see `wrong_annotations`.
    """
    items = {item.item_id: item for files in rounds for item in files.items}
    annotations = [annotation for files in rounds for annotation in files.annotations]
    order = {sentence.sentence_id: place for place, sentence in enumerate(sentences)}
    manifests = [files.manifest for files in rounds]
    labels = settle(manifests, items.values(), annotations, scheme)
    kept = [label for label in labels if label.sentence_id in order]
    kept.sort(key=lambda label: order[label.sentence_id])
    lost = [label for label in labels if label.sentence_id not in order]
    return kept, [_lost(label) for label in lost]


def _below_the_bar(project: Project, rounds: Iterable[RoundFiles]) -> Iterator[Problem]:
    """Yield a warning for every annotator whose score on the gold items of a round is low."""
    scheme, bar = project.scheme(), project.settings.gold_bar
    for files in rounds:
        scores = gold_scores(files.gold, files.items, files.annotations, scheme)
        for one in scores.values():
            if one.score < bar:
                yield Problem(
                    code="gold-bar",
                    id=f"{files.manifest.round_id}, {one.annotator}",
                    found=f"{one.annotator} scores {one.score:.2f} on {one.items} known answers, "
                    f"below {bar:g}",
                    fix="talk it over and train again; their labels count all the same",
                )


def wrong_annotations(rounds: Iterable[RoundFiles], scheme: Scheme) -> Iterator[Problem]:
    """Yield what keeps annotations on disk from being votes: each fits its item and the scheme."""
    for files in rounds:
        items = {item.item_id: item for item in files.items}
        place = f"dataset/rounds/{files.manifest.round_id}/annotations.jsonl"
        given = Counter((one.item_id, one.annotator) for one in files.annotations)
        for annotation in files.annotations:
            item = items.get(annotation.item_id)
            times = given[annotation.item_id, annotation.annotator]
            for problem in (
                *_misplaced(annotation, item, files.manifest, times),
                *(_broken(annotation, item, scheme) if item else ()),
            ):
                yield msgspec.structs.replace(problem, file=place, id=annotation.annotation_id)


def _misplaced(
    annotation: Annotation, item: Item | None, manifest: Round, times: int
) -> Iterator[Problem]:
    """Yield what keeps an annotation from being the one vote of its annotator on its item."""
    fix = "pull the round again"
    if item is None or not _speaks_of(annotation, item):
        found = f"the round has no item {annotation.item_id} on its sentence"
        yield Problem(code="unknown-item", found=found, fix=fix)
    if annotation.annotator not in {one.annotator for one in manifest.roster}:
        found = f"{annotation.annotator} is not on the roster of the round"
        yield Problem(code="unknown-annotator", found=found, fix=fix)
    elif item is not None and annotation.annotator not in item.annotators:
        found = f"the round did not give {annotation.annotator} the item"
        yield Problem(code="foreign-annotation", found=found, fix=fix)
    if times > 1:
        found = f"{annotation.annotator} annotated the item {times} times"
        yield Problem(code="repeated-annotation", found=found, fix=fix)


def _broken(annotation: Annotation, item: Item, scheme: Scheme) -> Iterator[Problem]:
    if annotation.status == "submitted":
        yield from scheme.problems(annotation.spans, annotation.choices, len(item.text))


def _speaks_of(annotation: Annotation, item: Item) -> bool:
    theirs = (annotation.round_id, annotation.sentence_id)
    return theirs == (item.round_id, item.sentence_id)


def _lost(label: Label) -> Problem:
    return Problem(
        code="item-lost",
        id=label.sentence_id,
        file=label.article_id,
        found="the labelled sentence is no longer in sentences.jsonl",
        fix="restore the text of the article; its labels are kept in the round",
    )

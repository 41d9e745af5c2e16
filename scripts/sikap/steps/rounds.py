"""Steps of a round that need no server: plan it, settle what was pulled."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.errors import Problem, raise_if
from sikap.project import Project
from sikap.records import Annotation, Blindness, Item, Label, Purpose, Round, Sentence
from sikap.rounds.plan import Among, Wish, plan_round
from sikap.rounds.settle import open_count, open_problems, settle
from sikap.rounds.withdrawn import withdrawn
from sikap.scheme import Scheme
from sikap.steps.files import (
    CONFIG,
    GUIDELINES,
    RoundFiles,
    read_round,
    read_rounds,
    read_sentences,
    read_tombstones,
    remaining_rounds,
)
from sikap.steps.planned import roster_of, write_plan
from sikap.steps.report import Report
from sikap.store import decode_text, encode_lines, lock, read_bytes, write_bytes


class PlanReport(Report, frozen=True, kw_only=True):
    """What was planned; ``changed`` is False where the same round was planned before."""

    round_id: str
    items: int
    annotators: tuple[str, ...]
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line on the round and one on the next step."""
        state = "planned" if self.changed else "was planned before, nothing changed"
        yield f"round {self.round_id}: {self.items} items for {', '.join(self.annotators)}; {state}"
        yield f"next: sikap round push {self.round_id}"


class SettleReport(Report, frozen=True, kw_only=True):
    """How many sentences were settled, and how spans were; problems list what is open or lost."""

    labelled: int
    settled: dict[str, int]
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line on sentences and spans."""
        spans = ", ".join(f"{count} {how}" for how, count in self.settled.items()) or "none"
        open_ = sum(problem.code == "open" for problem in self.problems)
        lost = len(self.problems) - open_
        yield f"{self.labelled} sentences labelled; spans: {spans}; {open_} open, {lost} lost"

    @property
    def failed(self) -> bool:
        """What is open or lost needs somebody to decide."""
        return bool(self.problems)


def plan(  # noqa: PLR0913 -- every wish is one of its own
    project: Project,
    round_id: str,
    *,
    purpose: Purpose = "production",
    annotators: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    among: Among = "new",
    blindness: Blindness = "separated",
) -> PlanReport:
    """Plan a round over the body sentences that are new to rounds, all, or those that are open.

    ``annotators`` are pseudonyms of the project's roster, all of it by default. Raises InputError
    where the round exists otherwise or cannot be planned.
    """
    folder = project.round(round_id)
    with lock(project.lock):
        earlier = [files for files in read_rounds(project) if files.manifest.round_id != round_id]
        old = read_round(project, round_id) if (folder / "round.json").is_file() else None
        last = max((files.manifest.ordinal for files in earlier), default=0)
        ordinal = old.manifest.ordinal if old else last + 1
        earlier = [files for files in earlier if files.manifest.ordinal < ordinal]
        gone = withdrawn(read_tombstones(project))
        wish = Wish(
            round_id=round_id,
            purpose=purpose,
            roster=roster_of(project, annotators, gone.annotators),
            sample=sample,
            seed=seed,
            among=among,
            blindness=blindness,
        )
        config, guidelines = _given_to_annotators(project)
        sentences = [one for one in read_sentences(project) if one.article_id not in gone.articles]
        earlier = remaining_rounds(project, earlier)
        done = _left_out(project, among, earlier, sentences)
        manifest, items = plan_round(wish, ordinal, sentences, done, config, guidelines)
        given = {CONFIG: config, GUIDELINES: guidelines}
        changed = write_plan(project, manifest, items, given, old)
    names = tuple(annotator.annotator for annotator in manifest.roster)
    return PlanReport(round_id=round_id, items=len(items), annotators=names, changed=changed)


def settle_rounds(project: Project) -> SettleReport:
    """Settle all rounds into labels.jsonl; what is open stays open and is a problem."""
    with lock(project.lock):
        rounds = remaining_rounds(project, read_rounds(project))
        labels, problems = settled_labels(rounds, read_sentences(project), project)
        changed = write_bytes(project.labels, encode_lines(labels))
    hows = [span.provenance.how for label in labels for span in label.spans]
    return SettleReport(
        labelled=len(labels),
        settled={how: hows.count(how) for how in sorted(set(hows))},
        changed=changed,
        problems=(*problems, *open_problems(labels)),
    )


def settled_labels(
    rounds: Sequence[RoundFiles], sentences: Sequence[Sentence], project: Project
) -> tuple[list[Label], list[Problem]]:
    """Labels in the order of the sentences, and a problem for every item whose sentence is lost.

    Raises InputError where annotations on disk break the scheme, speak of no item, or are not the
    one vote of an annotator on the roster.
    """
    scheme = project.scheme()
    items = {item.item_id: item for files in rounds for item in files.items}
    annotations = [annotation for files in rounds for annotation in files.annotations]
    raise_if(wrong_annotations(rounds, scheme))
    order = {sentence.sentence_id: place for place, sentence in enumerate(sentences)}
    manifests = [files.manifest for files in rounds]
    labels = settle(manifests, items.values(), annotations, scheme)
    kept = [label for label in labels if label.sentence_id in order]
    kept.sort(key=lambda label: order[label.sentence_id])
    lost = [label for label in labels if label.sentence_id not in order]
    return kept, [_lost(label) for label in lost]


def _left_out(
    project: Project, among: Among, earlier: Sequence[RoundFiles], sentences: Sequence[Sentence]
) -> frozenset[str]:
    """Ids of the sentences that the earlier rounds take out of the choice."""
    if among == "all":
        return frozenset()
    if among == "new":
        return frozenset(item.sentence_id for files in earlier for item in files.items)
    labels, _ = settled_labels(earlier, sentences, project)
    undecided = {label.sentence_id for label in labels if open_count(label)}
    return frozenset(s.sentence_id for s in sentences) - undecided


def _given_to_annotators(project: Project) -> tuple[bytes, bytes]:
    """Config and guidelines; raises InputError for those that could not be used later on."""
    project.scheme()
    config = read_bytes(project.config, project.name(project.config), "write it")
    file = project.name(project.guidelines)
    guidelines = read_bytes(project.guidelines, file, "write them first: annotators see them")
    decode_text(guidelines, file)
    return config, guidelines


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

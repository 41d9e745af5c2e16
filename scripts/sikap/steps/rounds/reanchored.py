"""The rounds of a project as they follow the sentences that there are now."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from sikap.errors import Problem
from sikap.project import Project
from sikap.records import Item, Sentence
from sikap.rounds.reanchoring.apply import covered, reanchored, successors, uncovered_problems
from sikap.rounds.reanchoring.context import Standing
from sikap.rounds.reanchoring.evidence import traced
from sikap.rounds.reanchoring.match import anchors
from sikap.steps.project_files import (
    RoundFiles,
    read_anchors,
    read_rounds,
    read_sentences,
    remaining_rounds,
)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many sentences of rounds are kept, moved and left out, and how much was said of these.

    Those that are ambiguous or orphaned are left out.
    """

    kept: int
    moved: int
    left_out: int
    annotations: int

    def lines(self) -> Iterator[str]:
        """Yield a line for people, where not all are kept."""
        if self.moved or self.left_out:
            yield (
                f"sentences of rounds: {self.kept} kept, {self.moved} moved, {self.left_out} left "
                f"out with {self.annotations} annotations: see dataset/orphans.jsonl"
            )


class CurrentRounds(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds without what was withdrawn, and without what cannot follow its sentence.

    ``frozen`` are the rounds before their sentences are followed, with known answers. ``now``
    gives, by round and old id, the sentence that takes its place, None where there is none; what
    stands as it stood is not in it. ``problems`` name what anchors.jsonl does not cover.
    """

    rounds: list[RoundFiles]
    frozen: list[RoundFiles]
    now: dict[str, dict[str, Sentence | None]]
    tally: Tally
    problems: tuple[Problem, ...]

    def sentence_of(self, item: Item) -> str | None:
        """The id of the sentence that the item of a frozen round is of now."""
        of_round = self.now.get(item.round_id, {})
        if item.sentence_id not in of_round:
            return item.sentence_id
        now = of_round[item.sentence_id]
        return now.sentence_id if now is not None else None


def load_rounds(project: Project, rounds: Sequence[RoundFiles] | None = None) -> CurrentRounds:
    """Let the items and annotations of ``rounds``, by default of all, follow the sentences of now.

    Where every sentence stands as it stood, and at the same offsets, they are what they were.
    """
    sentences = read_sentences(project)
    rounds = remaining_rounds(project, read_rounds(project) if rounds is None else rounds)
    standing = Standing(sentences)
    fresh = anchors((item for files in rounds for item in files.items), standing)
    all_, new = covered(fresh, read_anchors(project), standing)
    follow = successors(all_, standing)
    now = [_followed(files, follow, standing) for files in rounds]
    states = Counter(anchor.state for anchor in all_)
    return CurrentRounds(
        rounds=now,
        frozen=rounds,
        now=follow,
        tally=Tally(
            kept=states["kept"],
            moved=states["moved"],
            left_out=states["ambiguous"] + states["orphaned"],
            annotations=sum(
                len(old.annotations) - len(files.annotations)
                for old, files in zip(rounds, now, strict=True)
            ),
        ),
        problems=tuple(uncovered_problems(traced(new, sentences))),
    )


def _followed(
    files: RoundFiles, follow: dict[str, dict[str, Sentence | None]], standing: Standing
) -> RoundFiles:
    of_round = follow.get(files.manifest.round_id, {})
    manifest, items, annotations = reanchored(
        files.manifest, files.items, files.annotations, of_round, standing
    )
    return RoundFiles(manifest=manifest, items=items, annotations=annotations)

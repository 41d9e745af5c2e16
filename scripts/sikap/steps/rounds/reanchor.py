"""Find the sentences of rounds again once articles or their segmentation have changed."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sikap.errors import raise_if
from sikap.project import Project
from sikap.records import Annotation
from sikap.rounds.reanchoring.apply import decided, orphans
from sikap.rounds.reanchoring.context import Anchor, Standing, State
from sikap.rounds.reanchoring.evidence import traced
from sikap.rounds.reanchoring.match import anchors
from sikap.steps.project_files import read_anchors, read_rounds, read_sentences, remaining_rounds
from sikap.steps.report import Report
from sikap.storage.files import encode_lines, lock, write_bytes

STATES: tuple[State, ...] = ("kept", "moved", "ambiguous", "orphaned")
WHY = {
    "context": "it stands beside a neighbour of old",
    "white-space": "its words are the same, and other white space of the same length between them",
    "decided": "a person decided so",
    "several": "its text stands, or stood, more than once, and its neighbours do not decide",
    "no-neighbour": "its text is there, but beside no neighbour of old",
    "taken": "its text stands only where other sentences of the round do",
    "other-kind": "its text is no body sentence any more",
    "form": "the same words have other white space or another Unicode form, which shifts offsets",
    "inside": "its text is within a longer sentence",
    "across": "its text is spread over several sentences",
    "reworded": "no sentence has its text; this is most like it",
    "gone": "nothing like it is in the article",
}


class ReanchorReport(Report, frozen=True, kw_only=True):
    """What became of the sentences of rounds; ``anchors`` are those that are not kept.

    ``orphans`` counts annotations that cannot follow; ``changed`` says whether files are written,
    or would be.
    """

    counts: dict[str, int]
    anchors: tuple[Anchor, ...]
    orphans: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield the counts, and each finding with its evidence."""
        counts = ", ".join(f"{self.counts[state]} {state}" for state in STATES)
        state = "" if self.changed else "; nothing changed"
        yield f"sentences of rounds: {counts}{state}"
        for anchor in self.anchors:
            yield from _told(anchor)
        if self.orphans:
            yield f"{self.orphans} annotations are left out: see dataset/orphans.jsonl"
        if self.counts["ambiguous"]:
            yield "decide with: sikap round reanchor --accept OLD=NEW"


def reanchor_rounds(
    project: Project, accept: Mapping[str, str] | None = None, *, dry_run: bool = False
) -> ReanchorReport:
    """Write anchors.jsonl, what became of sentences that are not kept, and orphans.jsonl.

    ``accept`` maps ids of sentences in rounds to those of the sentences that a person says they
    are now. Run twice it changes nothing; where nothing is left to say the files go. Raises
    InputError for a decision that cannot be used.
    """
    project = project.snapshot()
    with lock(project.lock):
        sentences = read_sentences(project)
        rounds = remaining_rounds(project, read_rounds(project))
        standing = Standing(sentences)
        fresh = anchors((item for files in rounds for item in files.items), standing)
        found, problems = decided(fresh, read_anchors(project), accept or {}, standing)
        raise_if(problems)
        found = traced(found, sentences)
        said: list[Annotation] = [one for files in rounds for one in files.annotations]
        changed = [one for one in found if one.state != "kept"]
        left = orphans(found, said)
        files = {
            # Orphans first: what anchors.jsonl leaves out is then in a file already.
            project.orphans: encode_lines(left),
            project.anchors: encode_lines(changed),
        }
        differs = any(
            (path.read_bytes() if path.exists() else b"") != data for path, data in files.items()
        )
        for path, data in files.items() if not dry_run else ():
            if data:
                write_bytes(path, data)
            else:
                path.unlink(missing_ok=True)
    counts = Counter(one.state for one in found)
    return ReanchorReport(
        counts={state: counts[state] for state in STATES},
        anchors=tuple(changed),
        orphans=len(left),
        changed=differs,
    )


def _told(anchor: Anchor) -> Iterator[str]:
    to = f" → {anchor.to}" if anchor.to else ""
    text = _short(anchor.text)
    yield f"{anchor.state} {anchor.round_id} {anchor.sentence_id}{to} {text}: {WHY[anchor.reason]}"
    for place in anchor.places:
        fits = f"before {place.before_fit}, after {place.after_fit}"
        yield (
            f"  {anchor.article_id} [{anchor.start}] → [{place.start}] {place.sentence_id} "
            f"{place.kind}, {fits}: {_short(place.before)} | {_short(place.text)} | "
            f"{_short(place.after)}"
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")

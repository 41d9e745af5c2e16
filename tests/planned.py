"""Rounds of a small project on disk, planned and annotated without a server."""

from collections.abc import Iterable, Sequence

from builders import sentence
from sikap import Project, RoundRequest, plan_round
from sikap.records import Annotation, Item, Sentence
from sikap.steps.project_files import read_round
from sikap.storage.files import encode_lines, write_bytes


def with_sentences(of: Project, sentences: Iterable[Sentence]) -> Project:
    """The project, which has just these sentences."""
    write_bytes(of.sentences, encode_lines(sentences))
    return of


def planned(of: Project, texts: Iterable[str], *annotators: str) -> Project:
    """The project with a sentence of each text, and the round ``r1`` of them all."""
    with_sentences(of, [sentence(text, index=index) for index, text in enumerate(texts)])
    plan_round(of, "r1", RoundRequest(annotators=annotators))
    return of


def items(of: Project, round_id: str = "r1") -> Sequence[Item]:
    """The items of a round."""
    return read_round(of, round_id).items


def annotate(of: Project, said: Iterable[Annotation], round_id: str = "r1") -> None:
    """Write what annotators said, as a pull does."""
    write_bytes(of.round(round_id) / "annotations.jsonl", encode_lines(said))

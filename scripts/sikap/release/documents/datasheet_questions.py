"""What a datasheet asks: questions.toml beside this module, and the answers file to begin with.

The questions are the 57 of *Datasheets for Datasets* (Gebru et al., Communications of the ACM
64(12), 2021) in words of our own.
"""

import textwrap
import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

SKELETON_HEAD = """\
# The answers of the datasheet, in Markdown. `sikap release` writes DATASHEET.md from them and puts
# in the figures, so write no numbers that can be counted. A release needs an answer to every
# question; where one does not apply, say why.
"""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; ``blocks`` names the figures that are shown under its answer."""

    id: str
    text: str
    blocks: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions under one heading, in the order in which they are asked."""

    title: str
    questions: tuple[Question, ...]


class RaiField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What fills a field of Croissant RAI; ``whole`` where it is one text, not a list of them."""

    questions: tuple[str, ...]
    settings: tuple[str, ...] = ()
    whole: bool = False


class Questions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of questions.toml; ``captions`` maps a block of figures to the line before it."""

    captions: dict[str, str]
    rai: dict[str, RaiField]
    sections: tuple[Section, ...]


def _load() -> Questions:
    text = (files("sikap.release.documents") / "questions.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Questions)


QUESTIONS = _load()
TEXTS = {
    question.id: question.text for section in QUESTIONS.sections for question in section.questions
}
IDS = tuple(TEXTS)


def unanswered(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the questions without an answer, in the order in which they are asked."""
    return tuple(id_ for id_ in IDS if not answers.get(id_, "").strip())


def skeleton() -> str:
    """The TOML of an answers file in which every question waits for its answer."""
    parts = [SKELETON_HEAD]
    for section in QUESTIONS.sections:
        parts.append(f"\n# {section.title}\n")
        for question in section.questions:
            asked = textwrap.fill(question.text, 100, initial_indent="# ", subsequent_indent="# ")
            parts.append(f"\n{asked}\n{question.id} = '''\n'''\n")
    return "".join(parts)

"""Sentence ends against those that people see, and exact spans in every text."""

import json
from collections.abc import Iterator

import pytest

from builders import article
from reference.files import reference_path, reference_rows
from segmentation.test_sentences import BOOK, joined
from sikap.articles.normalise import Frozen, freeze_text
from sikap.segmentation.sentences import check_sentences, segment

GOLD = "data/segmentation"


@pytest.mark.parametrize(
    ("name", "language", "at_least"),
    [
        ("id_csui_train", "id", 0.9815),
        ("id_pud_even", "id", 0.988),
        ("en_gum_dev_cc-by_genres", "en", 0.982),
        ("zh_gsdsimp_dev", "zh", 0.996),
    ],
)
def test_sentence_ends_are_where_people_see_them(name: str, language: str, at_least: float) -> None:
    right, wrong, missed = compared(name, language)
    assert 2 * right / (2 * right + wrong + missed) >= at_least


def test_the_ends_of_indonesian_sentences_are_found() -> None:
    # Some units of this set hold two sentences, so that only recall counts.
    right, _, missed = compared("id_gsd_dev", "id")
    assert right / (right + missed) >= 0.99


def compared(name: str, language: str) -> tuple[int, int, int]:
    """How many ends are right, wrong and missed, the last of a document not counted."""
    right = wrong = missed = 0
    for row in reference_rows(f"{GOLD}/{name}.jsonl"):
        source = article(row["text"])
        found = segment(source, BOOK.rules(language))
        assert not list(check_sentences(source, found))
        last = len(row["text"].rstrip())
        gold = {len(row["text"][:end].rstrip()) for _, end in row["sentences"]} - {last}
        ends = {sentence.end for sentence in found} - {last}
        right += len(gold & ends)
        wrong += len(ends - gold)
        missed += len(gold - ends)
    return right, wrong, missed


def texts_in(value: object) -> Iterator[str]:
    """Every string anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


@pytest.mark.parametrize("folder", ["agreement", "labelstudio", "ner", "news", "segmentation"])
def test_every_text_of_the_reference_data_gets_exact_spans(folder: str) -> None:
    checked = 0
    for path in sorted(reference_path(f"data/{folder}").rglob("*.*")):
        content = path.read_text(encoding="utf-8")
        values: list[str] = [content]
        if path.suffix == ".json":
            values = list(texts_in(json.loads(content)))
        elif path.suffix == ".jsonl":
            lines = [json.loads(line) for line in content.split("\n") if line]
            values = list(texts_in(lines))
        language = path.name[:2] if path.name[2:3] == "_" else "id"
        for value in values:
            frozen = freeze_text(value, path.name, "utf-8")
            if not isinstance(frozen, Frozen):
                continue
            source = article(frozen.text)
            found = segment(source, BOOK.rules(language))
            assert not list(check_sentences(source, found))
            assert joined(frozen.text, found) == frozen.text
            checked += 1
    assert checked

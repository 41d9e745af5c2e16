"""What must hold of the rows of a release; pure checks that yield problems."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sikap.describe.splits import Quarantined
from sikap.errors import Problem
from sikap.ingest.duplicates import copies
from sikap.records import Annotation, Article, Sentence, item_id, sentence_id
from sikap.scheme import Scheme
from sikap.segment import check_sentences
from sikap.store import sha256

Row = Mapping[str, Any]
FIX = "do not use the release: get it again or build it anew"


def unique(rows: Iterable[Row], keys: Sequence[str], config: str) -> Iterator[Problem]:
    """Yield every combination of ``keys`` that stands in several rows of a config."""
    counter = Counter(tuple(row[key] for key in keys) for row in rows)
    for key, count in counter.items():
        if count > 1:
            found = f"{count} rows have the same {', '.join(keys)}"
            yield _problem("duplicate-id", config, "/".join(map(str, key)), found)


def complete(rows: Iterable[Row], config: str, optional: Collection[str]) -> Iterator[Problem]:
    """Yield every row of a config with a null, or no finite number, where there must be a value."""
    for number, row in enumerate(rows, 1):
        holes = dict.fromkeys(_holes(row, optional, ""))
        if holes:
            found = f"row {number} has no value in {', '.join(holes)}"
            yield _problem("columns", config, str(row.get("sentence_id") or ""), found)


def _holes(value: Any, optional: Collection[str], name: str) -> Iterator[str]:  # noqa: ANN401
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        yield name
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if inner is not None or key not in optional:
                yield from _holes(inner, optional, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _holes(inner, optional, name)


def one_split(tables: Mapping[str, Mapping[str, Iterable[Row]]]) -> Iterator[Problem]:
    """Yield every article whose rows stand in several splits, over all configs."""
    seen: dict[str, dict[str, str]] = {}
    for config, by_split in tables.items():
        for split, rows in by_split.items():
            for row in rows:
                seen.setdefault(row["article_id"], {}).setdefault(split, config)
    for article, splits in seen.items():
        if len(splits) > 1:
            found = "its rows are in " + " and ".join(f"{s} ({c})" for s, c in splits.items())
            yield _problem("split", "articles", article, found)


def copies_together(articles: Iterable[Article], splits: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every group of articles with the same words that stands in several splits."""
    for group in copies(articles):
        found = sorted({splits[article] for article in group})
        if len(found) > 1:
            text = f"copies of one article are in {' and '.join(found)}"
            yield _problem("split", "articles", ", ".join(group), text)


def quarantine(quarantined: Iterable[Quarantined], splits: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every article in quarantine that is released, ties nothing, or ties what is not there.

    That it is a copy of what it ties shows in no row: its text is not published.
    """
    for one in quarantined:
        problems = [] if one.article_id not in splits else ["it is in quarantine and released"]
        if len(one.bridges) < 2:
            problems.append("it is in quarantine, but ties no two splits")
        for split, articles in one.bridges.items():
            lost = [article for article in articles if splits.get(article) != split]
            if lost:
                problems.append(f"in quarantine for {', '.join(lost)}, which {split} does not have")
        for found in problems:
            yield Problem(
                code="split", file="release.json", id=one.article_id, found=found, fix=FIX
            )


def references(
    articles: Iterable[Row], sentences: Iterable[Row], others: Mapping[str, Iterable[Row]]
) -> Iterator[Problem]:
    """Yield every row that names an article or sentence that is not there, or not its own."""
    known = {row["article_id"] for row in articles}
    owner = {}
    for row in sentences:
        owner[row["sentence_id"]] = row["article_id"]
        if row["article_id"] not in known:
            found = f"there is no article {row['article_id']!r}"
            yield _problem("reference", "sentences", row["sentence_id"], found)
    for config, rows in others.items():
        for row in rows:
            if owner.get(row["sentence_id"]) != row["article_id"]:
                found = f"article {row['article_id']!r} has no such sentence"
                yield _problem("reference", config, row["sentence_id"], found)


def offsets(articles: Iterable[Article], sentences: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield every digest, span or gap of an article that does not hold."""
    by_article: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        by_article.setdefault(sentence.article_id, []).append(sentence)
    for article in articles:
        if sha256(article.text) != article.text_sha256:
            found = "text_sha256 is not that of the text"
            yield _problem("digest", "articles", article.article_id, found)
        yield from check_sentences(article, by_article.get(article.article_id, []))


def derived_ids(
    sentences: Iterable[Sentence], annotations: Iterable[Annotation], passes: Mapping[str, int]
) -> Iterator[Problem]:
    """Yield every sentence whose index or id, and annotation whose item id, is not as derived.

    Sentences are in (article_id, index) order.
    """
    places: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for one in sentences:
        key = (one.article_id, one.text)
        if one.index != places[one.article_id]:
            found = f"its index is {one.index}, its place {places[one.article_id]}"
            yield _problem("digest", "sentences", one.sentence_id, found)
        if one.sentence_id != sentence_id(*key, seen[key]):
            found = "its id is not that of article, text and occurrence"
            yield _problem("digest", "sentences", one.sentence_id, found)
        places[one.article_id] += 1
        seen[key] += 1
    for said in annotations:
        if said.item_id != item_id(said.round_id, said.sentence_id, passes[said.item_id]):
            found = "its item_id is not that of round, sentence and pass"
            yield _problem("digest", "annotations", said.item_id, found)


def surfaces(rows: Iterable[Row], config: str, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every span of ``rows`` whose text is not what its offsets give."""
    for row in rows:
        text = texts[row["sentence_id"]]
        for span in row["spans"] or ():
            given = text[span["start"] : span["end"]]
            if given != span["text"] or not 0 <= span["start"] < span["end"] <= len(text):
                found = f"span {span['start']}-{span['end']} is {given!r}, not {span['text']!r}"
                yield _problem("span-text", config, row["sentence_id"], found)


def in_scheme(
    annotations: Iterable[Annotation], texts: Mapping[str, str], scheme: Scheme
) -> Iterator[Problem]:
    """Yield everything in which a submitted annotation breaks the scheme."""
    for annotation in annotations:
        if annotation.status == "submitted":
            length = len(texts[annotation.sentence_id])
            for problem in scheme.problems(annotation.spans, annotation.choices, length):
                yield _problem(problem.code, "annotations", annotation.annotation_id, problem.found)


def same_rows(
    published: Sequence[Row], rebuilt: Sequence[Row], config: str, code: str
) -> Iterator[Problem]:
    """Yield every row of a config that differs from what the annotations give, column by column."""
    if len(published) != len(rebuilt):
        found = f"it has {len(published)} rows; sentences and annotations give {len(rebuilt)}"
        yield _problem(code, config, "", found)
    for one, other in zip(published, rebuilt, strict=False):
        columns = [name for name in other if one.get(name) != other[name]]
        if columns:
            name = columns[0]
            found = f"{', '.join(columns)}: {one.get(name)!r}, not {other[name]!r}"
            id_ = str(one.get("sentence_id") or one.get("article_id"))
            yield _problem(code, config, id_, found[:400])


def _problem(code: str, config: str, id_: str, found: str) -> Problem:
    return Problem(code=code, file=f"data/{config}", id=id_, found=found, fix=FIX)

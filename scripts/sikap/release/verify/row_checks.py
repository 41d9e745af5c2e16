"""What must hold of the tables of a release; pure checks on columns that yield problems."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sikap.articles.near_duplicates.pairs import copies
from sikap.errors import Problem
from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Article, Sentence, Span, sentence_id
from sikap.release.data.splits import HELD_OUT, Quarantined
from sikap.segmentation.sentences import check_sentences
from sikap.settings import Copies
from sikap.storage.files import sha256

Columns = Mapping[str, Sequence[Any]]
FIX = "do not use the release: get it again or build it anew"


def unique(columns: Columns, keys: Sequence[str], config: str) -> Iterator[Problem]:
    """Yield every combination of ``keys`` that stands in several rows of a config."""
    every = list(zip(*(columns[key] for key in keys), strict=True))
    if len(set(every)) == len(every):
        return
    for key, count in Counter(every).items():
        if count > 1:
            found = f"{count} rows have the same {', '.join(keys)}"
            yield _problem("duplicate-id", config, "/".join(map(str, key)), found)


def complete(table: pa.Table, config: str, optional: Collection[str]) -> Iterator[Problem]:
    """Yield every row of a config with a null, or no finite number, where there must be a value."""
    if all(_is_whole(table[name], name, optional) for name in table.column_names):
        return
    for number, row in enumerate(table.to_pylist(), 1):
        holes = dict.fromkeys(_holes(row, optional, ""))
        if holes:
            found = f"row {number} has no value in {', '.join(holes)}"
            yield _problem("columns", config, str(row.get("sentence_id") or ""), found)


def _is_whole(
    array: pa.Array | pa.ChunkedArray, name: str | None, optional: Collection[str]
) -> bool:
    """Whether a column, at every depth, has a value wherever it must; names are those of fields."""
    if array.null_count and name not in optional:
        return False
    if pa.types.is_floating(array.type):
        return pc.all(pc.is_finite(array), min_count=0).as_py() is not False
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    if pa.types.is_list(array.type):
        return all(_is_whole(chunk.flatten(), None, optional) for chunk in chunks)
    if pa.types.is_struct(array.type):
        # Below a null there are only nulls.
        given = [chunk.drop_null() for chunk in chunks]
        names = [field.name for field in array.type]
        return all(_is_whole(one.field(inner), inner, optional) for one in given for inner in names)
    return True


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


def one_split(tables: Mapping[str, Mapping[str, pa.Table]]) -> Iterator[Problem]:
    """Yield every article whose rows stand in several splits, over all configs."""
    seen: dict[str, dict[str, str]] = {}
    for config, by_split in tables.items():
        for split, table in by_split.items():
            for article in table["article_id"].unique().to_pylist():
                seen.setdefault(article, {}).setdefault(split, config)
    for article, splits in seen.items():
        if len(splits) > 1:
            found = "its rows are in " + " and ".join(f"{s} ({c})" for s, c in splits.items())
            yield _problem("split", "articles", article, found)


def copies_together(
    articles: Iterable[Article], splits: Mapping[str, str], settings: Copies
) -> Iterator[Problem]:
    """Yield every group of articles with the same words that stands in several splits."""
    for group in copies(articles, settings):
        found = sorted({splits[article] for article in group})
        if len(found) > 1:
            text = f"copies of one article are in {' and '.join(found)}"
            yield _problem("split", "articles", ", ".join(group), text)


def quarantine(
    quarantined: Iterable[Quarantined], splits: Mapping[str, str], *, whole: bool
) -> Iterator[Problem]:
    """Yield every article in quarantine that is released, ties nothing, or ties what is not there.

    That it is a copy of what it ties shows in no row: its text is not published. Of a release that
    is not ``whole`` articles that were there are missing, and may be tied all the same.
    """
    seen: set[str] = set()
    for one in quarantined:
        problems = [] if one.article_id not in splits else ["it is in quarantine and released"]
        if one.article_id in seen:
            problems.append("it is in quarantine twice")
        seen.add(one.article_id)
        if len(one.bridges) < 2:
            problems.append("it is in quarantine, but ties no two splits")
        for split, articles in one.bridges.items():
            there = {split} if whole else {split, None}
            lost = [article for article in articles if splits.get(article) not in there]
            if not articles and split != HELD_OUT:
                problems.append(f"in quarantine for nothing that {split} has")
            if lost:
                problems.append(f"in quarantine for {', '.join(lost)}, which {split} does not have")
        for found in problems:
            yield Problem(
                code="split", file="release.json", id=one.article_id, found=found, fix=FIX
            )


def references(
    articles: Iterable[str], owners: Mapping[str, str], others: Mapping[str, Columns]
) -> Iterator[Problem]:
    """Yield every row that names an article or sentence that is not there, or not its own.

    ``owners`` maps sentences to their articles.
    """
    known = set(articles)
    for sentence, article in owners.items():
        if article not in known:
            found = f"there is no article {article!r}"
            yield _problem("reference", "sentences", sentence, found)
    for config, columns in others.items():
        for sentence, article in zip(columns["sentence_id"], columns["article_id"], strict=True):
            if owners.get(sentence) != article:
                found = f"article {article!r} has no such sentence"
                yield _problem("reference", config, sentence, found)


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


def derived_ids(sentences: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield every sentence whose index or id is not as derived.

    Sentences are in (article_id, index) order.
    """
    for _, of_article in groupby(sentences, lambda one: one.article_id):
        seen: dict[str, int] = {}
        for place, one in enumerate(of_article):
            occurrence = seen.get(one.text, 0)
            if one.index != place:
                found = f"its index is {one.index}, its place {place}"
                yield _problem("digest", "sentences", one.sentence_id, found)
            if one.sentence_id != sentence_id(one.article_id, one.text, occurrence):
                found = "its id is not that of article, text and occurrence"
                yield _problem("digest", "sentences", one.sentence_id, found)
            seen[one.text] = occurrence + 1


def borders(sentences: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield every sentence whose place or borders cannot be, where no text is there to look at.

    Sentences are in (article_id, index) order.
    """
    places: Counter[str] = Counter()
    ends: dict[str, int] = {}
    for one in sentences:
        if one.index != places[one.article_id]:
            found = f"its index is {one.index}, its place {places[one.article_id]}"
            yield _problem("digest", "sentences", one.sentence_id, found)
        if not 0 <= one.start < one.end:
            found = f"[{one.start}, {one.end}) is no span"
            yield _problem("span-outside", "sentences", one.sentence_id, found)
        if one.start < ends.get(one.article_id, 0):
            found = f"it begins at {one.start}, before the last one ends"
            yield _problem("span-overlap", "sentences", one.sentence_id, found)
        places[one.article_id] += 1
        ends[one.article_id] = one.end


def surfaces(
    ids: Sequence[str], spans: pa.ChunkedArray, config: str, texts: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield every span whose text is not what its offsets give.

    ``spans`` are those of the sentences ``ids``, a list of structs for each; ids without a text
    are passed over.
    """
    flat = pc.list_flatten(spans)
    rows = pc.list_parent_indices(spans).to_pylist()
    columns = (pc.struct_field(flat, name).to_pylist() for name in ("start", "end", "text"))
    for row, start, end, surface in zip(rows, *columns, strict=True):
        text = texts.get(ids[row])
        if text is None:
            continue
        if text[start:end] != surface or not 0 <= start < end <= len(text):
            found = f"span {start}-{end} is {text[start:end]!r}, not {surface!r}"
            yield _problem("span-text", config, ids[row], found)


def extents(
    ids: Sequence[str], spans: pa.ChunkedArray, config: str, lengths: Mapping[str, int]
) -> Iterator[Problem]:
    """Yield every span that does not lie inside its sentence, where no text is there to look at.

    ``spans`` are as for `surfaces`.
    """
    flat = pc.list_flatten(spans)
    rows = pc.list_parent_indices(spans).to_pylist()
    columns = (pc.struct_field(flat, name).to_pylist() for name in ("start", "end"))
    for row, start, end in zip(rows, *columns, strict=True):
        length = lengths.get(ids[row])
        if length is not None and not 0 <= start < end <= length:
            found = f"span {start}-{end} does not lie in a sentence of {length} code points"
            yield _problem("span-outside", config, ids[row], found)


def in_scheme(
    annotations: Iterable[Annotation], lengths: Mapping[str, int], scheme: Scheme
) -> Iterator[Problem]:
    """Yield everything in which a submitted annotation breaks the scheme.

    ``lengths`` are those of the sentences, in code points. Few combinations of labels and values
    come again and again: what broke no rule once is not looked at again, save where spans lie.
    """
    fine = set()
    for annotation in annotations:
        if annotation.status != "submitted":
            continue
        length, said = lengths[annotation.sentence_id], _said(annotation)
        if said in fine and _are_apart(annotation.spans, length):
            continue
        problems = list(scheme.problems(annotation.spans, annotation.choices, length))
        for problem in problems:
            yield _problem(problem.code, "annotations", annotation.annotation_id, problem.found)
        if not problems:
            fine.add(said)


def _said(annotation: Annotation) -> tuple[object, ...]:
    """What an annotation says, wherever in the sentence."""
    spans = [(span.label, *span.attributes.items()) for span in annotation.spans]
    return (*spans, None, *annotation.choices.items())


def _are_apart(spans: Sequence[Span], length: int) -> bool:
    """Whether spans are other ones, whatever their attributes, and inside the text."""
    places = {(span.start, span.end, span.label) for span in spans}
    return len(places) == len(spans) and all(0 <= s < e <= length for s, e, _ in places)


def same_rows(
    published: pa.Table | None, rebuilt: pa.Table | None, config: str, code: str
) -> Iterator[Problem]:
    """Yield every row of a config that differs from what the annotations give, column by column."""
    if published is not None and rebuilt is not None and published.equals(rebuilt):
        return
    ones = published.to_pylist() if published is not None else []
    others = rebuilt.to_pylist() if rebuilt is not None else []
    if len(ones) != len(others):
        found = f"it has {len(ones)} rows; sentences and annotations give {len(others)}"
        yield _problem(code, config, "", found)
    for one, other in zip(ones, others, strict=False):
        columns = [name for name in other if one.get(name) != other[name]]
        if columns:
            name = columns[0]
            found = f"{', '.join(columns)}: {one.get(name)!r}, not {other[name]!r}"
            id_ = str(one.get("sentence_id") or one.get("article_id"))
            yield _problem(code, config, id_, found[:400])


def file_problem(code: str, file: str, found: str, line: int | None = None) -> Problem:
    """What is wrong with a file of a release, on a line if on one."""
    return Problem(code=code, file=file, found=found, fix=FIX, line=line)


def _problem(code: str, config: str, id_: str, found: str) -> Problem:
    return Problem(code=code, file=f"data/{config}", id=id_, found=found, fix=FIX)

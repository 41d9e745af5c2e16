"""Trials: forgeries by people who made all else fit, each found by the rule that it breaks."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from datasets import ClassLabel, Features, List

from samples import content
from sikap.records import item_id, sentence_id
from sikap.release.data.statistics import Facts
from sikap.release.documents.datasheet import compose
from sikap.release.files.build import build
from sikap.release.files.parquet import features_of, from_parquet, to_parquet
from sikap.release.files.shards import shard_names
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import sha256
from tamper import (
    GOOD,
    Files,
    Forge,
    Row,
    covered,
    in_round,
    replace,
    rows_of,
    sealed,
    table,
    to_table,
    with_json,
    with_rows,
    with_text,
)

EVERY = ("sentences", "annotations", "articles", "entities", "stance")
MANY = build(replace(content(), shard_bytes=1))
TWO_A_SHARD = build(replace(content(), shard_bytes=4_000))


def codes(files: Files) -> set[str]:
    return {problem.code for problem in verify(files, versions())}


def on(config: str, change: Callable[[list[Row]], object], split: str = "train") -> Files:
    return covered(with_rows(GOOD, table(config, split), change))


def in_row(config: str, place: int, change: Callable[[Row], object], split: str = "train") -> Files:
    return on(config, lambda rows: change(rows[place]), split)


def everywhere(
    change: Callable[[Row], object], configs: tuple[str, ...] = EVERY, split: str = "train"
) -> Files:
    """The same change in every row of some configs; nothing made to fit yet."""
    files = GOOD
    for config in configs:
        files = with_rows(files, table(config, split), lambda rows: [change(row) for row in rows])
    return files


def in_span(place: int, change: Callable[[Row], object], config: str = "sentences") -> Files:
    """A change in the first span of a row of train."""
    return in_row(config, place, lambda row: change(row["spans"][0]))


def settled(place: int, name: str, **values: Any) -> Files:
    """A change in a provenance of the first span of a sentence."""
    return in_span(place, lambda span: span[name].update(values))


def as_said(change: Callable[[Row], object]) -> Files:
    """A change in what one annotator said in the production round; of the first sentence."""
    return in_row("annotations", 2, change)


def swapped(rows: list[Row]) -> None:
    rows[0], rows[1] = rows[1], rows[0]


def shifted(row: Row) -> None:
    """A tag moves to the token on its right."""
    row["ner_tags"] = [0, *row["ner_tags"][:-1]]


def moved_token(row: Row) -> None:
    row["token_starts"][1] += 1
    row["tokens"][1] = row["tokens"][1][1:]


def split_token(row: Row) -> None:
    """One token becomes two."""
    start, end = row["token_starts"][1], row["token_ends"][1]
    row["tokens"][1:2] = [row["tokens"][1][:2], row["tokens"][1][2:]]
    row["ner_tags"][1:2] = [row["ner_tags"][1]] * 2
    row["token_starts"][1:2] = [start, start + 2]
    row["token_ends"][1:2] = [start + 2, end]


def later(place: int) -> Callable[[Row], None]:
    """A span that begins a code point later, with the surface that these offsets have."""

    def change(span: Row) -> None:
        span["start"] += 1
        span["text"] = text_of(place)[span["start"] : span["end"]]

    return change


def decided(span: Row) -> None:
    span["stance"] = "favor"
    span["stance_provenance"] |= {"how": "majority", "votes": 2}


def longer(row: Row) -> None:
    row["text"] += "\nLagi."
    row["text_sha256"] = sha256(row["text"])


def unlabelled(row: Row) -> None:
    row |= {"labelled": False, "annotators": None, "round": None, "open": None, "spans": None}


def labelled(row: Row) -> None:
    row |= {"labelled": True, "annotators": 3, "round": 2, "open": 0, "spans": []}


def text_of(place: int) -> str:
    text: str = rows_of(GOOD, table("sentences"))[place]["text"]
    return text


def two_orders(column: Any) -> Any:
    """A feature with the first two names of its classes the other way round."""
    if isinstance(column, List):
        return List(two_orders(column.feature))
    first, second, *rest = column.names
    return ClassLabel(names=[second, first, *rest])


def other_order(config: str, name: str) -> Files:
    """Classes in another order in the metadata of a config, in all its splits, and in the card."""
    files = GOOD
    for path in (path for path in GOOD if path.startswith(f"data/{config}/")):
        columns = Features(features_of(from_parquet(GOOD[path])))
        columns[name] = two_orders(columns[name])
        files = files | {path: to_parquet(to_table(rows_of(GOOD, path), columns))}
    first, second, *_ = names = getattr(columns[name], "feature", columns[name]).names
    place = files["README.md"].decode().index(f"'0': {names[1]}")
    head, tail = files["README.md"].decode()[:place], files["README.md"].decode()[place:]
    tail = tail.replace(f"'0': {second}", f"'0': {first}", 1)
    tail = tail.replace(f"'1': {first}", f"'1': {second}", 1)
    return sealed(files | {"README.md": (head + tail).encode()})


def other_config() -> Files:
    """Classes in another order in the labelling config, and all that names them after it."""
    favor, against = (f'<Choice value="{value}"' for value in ("favor", "against"))
    text = GOOD["schema/config.xml"].decode()
    assert text.count(favor) == text.count(against) == 1
    text = text.replace(favor, "@").replace(against, favor).replace("@", against)
    files = GOOD | {"schema/config.xml": text.encode()}
    for path in (path for path in GOOD if path.startswith("data/stance/")):
        columns = Features(features_of(from_parquet(GOOD[path])))
        columns["label"] = two_orders(columns["label"])
        files |= {path: to_parquet(to_table(rows_of(GOOD, path), columns))}
    return covered(files)


def moved(config: str) -> Files:
    """The last article of train in test, in one config alone."""
    taken: list[Row] = []

    def leave(rows: list[Row]) -> None:
        last = rows[-1]["article_id"]
        taken.extend(row for row in rows if row["article_id"] == last)
        rows[:] = [row for row in rows if row["article_id"] != last]

    files = with_rows(GOOD, table(config), leave)
    return covered(with_rows(files, table(config, "test"), lambda rows: rows.extend(taken)))


def retyped(config: str, name: str) -> Files:
    """A column of whole numbers with more bits than the scheme gives."""
    given = from_parquet(GOOD[table(config)])
    place = given.schema.get_field_index(name)
    field = given.schema.field(place).with_type(pa.int64())
    return sealed(GOOD | {table(config): to_parquet(given.cast(given.schema.set(place, field)))})


def reordered(config: str) -> Files:
    """Columns in another order."""
    given = from_parquet(GOOD[table(config)])
    return sealed(GOOD | {table(config): to_parquet(given.select(given.column_names[::-1]))})


def renamed_sentence(configs: tuple[str, ...], *, article: bool) -> Files:
    """A sentence that says something else, with the id that its new text gives."""
    old = text_of(4)
    new = old.replace("Hujan", "Angin")
    ids = {sentence_id("banjir", old, 0): sentence_id("banjir", new, 0)}

    def change(row: Row) -> None:
        if row.get("sentence_id") in ids:
            row["sentence_id"] = ids[row["sentence_id"]]
            row |= {"text": new} if "text" in row else {}
        elif "text_sha256" in row and row["article_id"] == "banjir":
            row["text"] = row["text"].replace(old, new)
            row["text_sha256"] = sha256(row["text"])

    return everywhere(change, (*configs, "articles") if article else configs)


def second_pass(*, with_id: bool) -> Files:
    """All annotations of one production item become those of a second pass."""
    item = rows_of(GOOD, table("annotations"))[2]

    def change(row: Row) -> None:
        if row["item_id"] == item["item_id"]:
            row["pass"] = 2
            if with_id:
                row["item_id"] = item_id("utama", row["sentence_id"], 2)

    return covered(everywhere(change, ("annotations",)))


def other_shards(cut: Callable[[list[pa.Table]], list[pa.Table]]) -> Files:
    """The articles of train, two to a shard, cut in another way."""
    names = [name for name in TWO_A_SHARD if name.startswith("data/sentences/train")]
    parts = cut([from_parquet(TWO_A_SHARD[name]) for name in names])
    files = {name: data for name, data in TWO_A_SHARD.items() if name not in names}
    new = shard_names("sentences", "train", len(parts))
    return covered(files | dict(zip(new, map(to_parquet, parts), strict=True)))


def border_moved(parts: list[pa.Table]) -> list[pa.Table]:
    """The last article of the first shard becomes the first of the second."""
    whole = pa.concat_tables(parts)
    last = parts[0]["article_id"][-1]
    first = parts[0]["article_id"].to_pylist().index(last.as_py())
    cuts = [0, first, parts[0].num_rows + parts[1].num_rows]
    two = [whole.slice(start, end - start) for start, end in pairwise(cuts)]
    return [*two, *parts[2:]]


def article_torn(parts: list[pa.Table]) -> list[pa.Table]:
    whole = pa.concat_tables(parts)
    first = parts[0].num_rows - 1
    return [whole.slice(0, first), whole.slice(first, parts[1].num_rows + 1), *parts[2:]]


def shards_swapped() -> Files:
    """The only shard of validation and that of test change their names, in one config."""
    one, other = table("sentences", "validation"), table("sentences", "test")
    return covered(GOOD | {one: GOOD[other], other: GOOD[one]})


def told(name: str, value: Any) -> Callable[[], Files]:
    """One figure that is a lie, and the same lie wherever figures stand."""

    def lie(figures: Facts) -> Facts:
        assert getattr(figures, name) != value
        return replace(figures, **{name: value})

    return lambda: covered(GOOD, lie)


def inside(name: str, change: Callable[[Any], object]) -> Callable[[], Files]:
    """The same for a part of a figure."""

    def lie(figures: Facts) -> Facts:
        value = msgspec.json.decode(msgspec.json.encode(getattr(figures, name)))
        change(value)
        return msgspec.convert(msgspec.to_builtins(figures) | {name: value}, Facts)

    return lambda: covered(GOOD, lie)


def lied(agreed: list[Any], **fields: object) -> None:
    """Another figure for α of the stance in the second round."""
    agreed[stance_in_round_two(agreed)]["figures"][1].update(fields)


def level_told(agreed: list[Any], level: str) -> None:
    agreed[stance_in_round_two(agreed)].update(level=level)


def stance_in_round_two(agreed: list[Any]) -> int:
    return [(one["round"], one["of"], one["value"]) for one in agreed].index((2, "stance", None))


DAM, PEOPLE, RAIN, MARKET = 2, 3, 4, 10
"""Rows of `sentences`, split train."""
CONFIGS: Mapping[str, tuple[Forge, str]] = {
    "classes in another order, in metadata and card": (
        lambda: other_order("stance", "label"),
        "features",
    ),
    "tags in another order, in metadata and card": (
        lambda: other_order("entities", "ner_tags"),
        "features",
    ),
    "classes in another order, in the labelling config too": (other_config, "table"),
    "an article in another split, in sentences alone": (lambda: moved("sentences"), "split"),
    "an article in another split, in annotations alone": (lambda: moved("annotations"), "split"),
    "an article in another split, in entities alone": (lambda: moved("entities"), "split"),
    "an article in another split, in articles alone": (lambda: moved("articles"), "split"),
    "numbers of another width": (lambda: retyped("sentences", "start"), "columns"),
    "columns in another order": (lambda: reordered("stance"), "columns"),
    "a border between shards": (lambda: other_shards(border_moved), "table"),
    "an article in two shards": (lambda: other_shards(article_torn), "table"),
    "shards of two splits swapped": (shards_swapped, "split"),
    "fewer bytes to a shard": (
        lambda: covered(with_json(MANY, lambda m: m.update(shard_bytes=10**9))),
        "croissant",
    ),
}
SENTENCES: Mapping[str, tuple[Forge, str]] = {
    "a vote of a span": (lambda: settled(DAM, "provenance", votes=1), "labels"),
    "who could vote on a span": (lambda: settled(DAM, "provenance", of=4), "labels"),
    "how a span was settled": (lambda: settled(DAM, "provenance", how="adjudicated"), "labels"),
    "a vote of an attribute": (lambda: settled(DAM, "stance_provenance", votes=1), "labels"),
    "how a value was settled": (lambda: settled(DAM, "stance_provenance", how="single"), "labels"),
    "a holder": (lambda: in_span(DAM, lambda span: span.update(holder="author")), "labels"),
    "a border of a span, and its surface": (lambda: in_span(DAM, later(DAM)), "labels"),
    "an open value that is settled": (lambda: in_span(PEOPLE, decided), "labels"),
    "a number of open decisions": (
        lambda: in_row("sentences", PEOPLE, lambda row: row.update(open=0)),
        "labels",
    ),
    "a span less": (lambda: in_row("sentences", DAM, lambda row: row["spans"].pop()), "labels"),
    "a span twice": (
        lambda: in_row("sentences", DAM, lambda row: row["spans"].append(row["spans"][0])),
        "labels",
    ),
    "a round": (lambda: in_row("sentences", DAM, lambda row: row.update(round=1)), "labels"),
    "annotators": (
        lambda: in_row("sentences", DAM, lambda row: row.update(annotators=9)),
        "labels",
    ),
    "an annotated sentence that is none": (lambda: in_row("sentences", DAM, unlabelled), "labels"),
    "a sentence that nobody annotated": (lambda: in_row("sentences", 12, labelled), "labels"),
    "a view": (
        lambda: in_row("sentences", 0, lambda row: row.update(views=["time"]), "test"),
        "labels",
    ),
    "a sentence less": (lambda: on("sentences", lambda rows: rows.pop()), "gap-text"),
    "a sentence twice": (
        lambda: on("sentences", lambda rows: rows.append(rows[-1])),
        "duplicate-id",
    ),
    "two sentences the other way round": (lambda: on("sentences", swapped), "labels"),
    "a text with the id that it gives": (
        lambda: renamed_sentence(("sentences",), article=False),
        "reference",
    ),
    "a text with its id in every config": (
        lambda: renamed_sentence(("sentences", "annotations", "entities"), article=False),
        "digest",
    ),
    "a text with its id in every config, and the article": (
        lambda: renamed_sentence(("sentences", "annotations", "entities"), article=True),
        "digest",
    ),
    "a kind that no annotated sentence has": (
        lambda: in_row("sentences", DAM, lambda row: row.update(kind="caption")),
        "not-body",
    ),
}
JUDGED: Mapping[str, tuple[Forge, str]] = {
    "votes of a value": (
        lambda: in_row("stance", 0, lambda row: row.update(label_votes=[0, 1, 2])),
        "table",
    ),
    "votes without one value": (
        lambda: in_row("stance", 0, lambda row: row["label_votes"].pop()),
        "table",
    ),
    "a class where none is settled": (
        lambda: in_row("stance", 2, lambda row: row.update(label=0)),
        "table",
    ),
    "a null where a class is settled": (
        lambda: in_row("stance", 0, lambda row: row.update(label=None)),
        "table",
    ),
    "a holder of a mention": (
        lambda: in_row("stance", 0, lambda row: row.update(holder="author")),
        "table",
    ),
    "the label of a mention": (
        lambda: in_row("stance", 0, lambda row: row.update(target_label="ORG")),
        "table",
    ),
    "a mention": (
        lambda: in_row("stance", 0, lambda row: row.update(target="Sari", target_start=9)),
        "table",
    ),
    "the text of a mention": (
        lambda: in_row("stance", 0, lambda row: row.update(text="")),
        "table",
    ),
    "a view of a mention": (
        lambda: in_row("stance", 1, lambda row: row.update(views=[]), "test"),
        "table",
    ),
    "a mention less": (lambda: on("stance", lambda rows: rows.pop()), "table"),
    "a mention twice": (lambda: on("stance", lambda rows: rows.append(rows[-1])), "table"),
    "two mentions the other way round": (lambda: on("stance", swapped), "table"),
    "tags moved by a token": (lambda: in_row("entities", 0, shifted), "table"),
    "a tag inside where one begins": (
        lambda: in_row("entities", 0, lambda row: row["ner_tags"].__setitem__(0, 2)),
        "table",
    ),
    "no tags": (lambda: in_row("entities", 0, lambda row: row.update(ner_tags=None)), "table"),
    "tags of an open sentence": (
        lambda: in_row("entities", 0, lambda row: row.update(ner_tags=[0] * 6), "test"),
        "table",
    ),
    "the border of a token": (lambda: in_row("entities", 0, moved_token), "table"),
    "two tokens of one": (lambda: in_row("entities", 0, split_token), "table"),
    "a tagged sentence less": (lambda: on("entities", lambda rows: rows.pop()), "table"),
    "a tagged sentence twice": (lambda: on("entities", lambda rows: rows.append(rows[0])), "table"),
    "two tagged sentences the other way round": (lambda: on("entities", swapped), "table"),
    "a view of a tagged sentence": (
        lambda: in_row("entities", 0, lambda row: row.update(views=["outlet"]), "test"),
        "table",
    ),
}
ANNOTATED: Mapping[str, tuple[Forge, str]] = {
    "an annotation less of many": (lambda: on("annotations", lambda rows: rows.pop(2)), "labels"),
    "an annotation twice": (
        lambda: on("annotations", lambda rows: rows.append(rows[2])),
        "duplicate-id",
    ),
    "two annotations the other way round": (lambda: on("annotations", swapped), "table"),
    "a border that one annotator gave, and its surface": (
        lambda: in_span(2, later(DAM), "annotations"),
        "labels",
    ),
    "a stance that one annotator gave": (
        lambda: as_said(lambda row: row["spans"][1].update(stance="against")),
        "labels",
    ),
    "a holder where the scheme has none": (
        lambda: in_span(2, lambda span: span.update(holder="author"), "annotations"),
        "condition",
    ),
    "a value that the scheme does not have": (
        lambda: as_said(lambda row: row["spans"][0].update(stance="sad")),
        "unknown-value",
    ),
    "a skip": (lambda: as_said(lambda row: row.update(status="skipped", spans=[])), "labels"),
    "the kind of an annotator in a row": (
        lambda: as_said(lambda row: row.update(annotator_kind="rule")),
        "reference",
    ),
    "a row of another round": (lambda: as_said(lambda row: row.update(round=1)), "digest"),
    "a pass": (lambda: second_pass(with_id=False), "digest"),
    "a pass, with the id that it gives": (lambda: second_pass(with_id=True), "labels"),
    "the purpose of the first round": (lambda: in_round(0, purpose="adjudication"), "labels"),
    "the purpose of the last round": (lambda: in_round(2, purpose="production"), "labels"),
    "the id of a round": (lambda: in_round(1, round_id="lain"), "digest"),
    "the place of a round": (
        lambda: with_json(GOOD, lambda manifest: manifest["rounds"][1].update(ordinal=7)),
        "reference",
    ),
    "the key of spans": (
        lambda: covered(with_json(GOOD, lambda manifest: manifest.update(span_key=[]))),
        "repeated-key",
    ),
    "an article less": (
        lambda: with_rows(GOOD, table("articles"), lambda rows: rows.pop()),
        "reference",
    ),
    "an article twice": (lambda: on("articles", lambda rows: rows.append(rows[0])), "duplicate-id"),
    "two articles the other way round": (lambda: on("articles", swapped), "table"),
    "a digest of a text": (
        lambda: in_row("articles", 0, lambda row: row.update(text_sha256="0" * 64)),
        "digest",
    ),
    "an article with more text": (lambda: in_row("articles", 0, longer), "gap-text"),
}
FIGURES: Mapping[str, tuple[Forge, str]] = {
    what: (forge, "figures")
    for what, forge in {
        "articles": told("articles", 7),
        "sentences": told("sentences", 18),
        "annotated sentences": told("labelled", 8),
        "empty sentences": told("empty", 0),
        "open decisions": told("open", 0),
        "spans": told("spans", 99),
        "kinds of sentences": inside("kinds", lambda value: value.update(body=14)),
        "spans of a label": inside("labels", lambda value: value.update(PER=9)),
        "values of a choice": inside("values", lambda value: value["stance"].update(favor=4)),
        "ways to settle": inside("settled", lambda value: value.update(unanimous=14)),
        "spans without a tag": inside("untagged", lambda value: value.update(misaligned=0)),
        "annotations": inside("annotations", lambda value: value.update(submitted=31)),
        "annotators": inside("annotators", lambda value: value.update(expert=2)),
        "agreement, as a count": inside("agreement", lambda value: value[0].update(alike=3)),
        "agreement, as a figure": inside("agreement", lambda value: lied(value, value=0.9)),
        "the interval of a figure": inside("agreement", lambda value: lied(value, low=0.5)),
        "the reason of a figure": inside("agreement", lambda value: lied(value, undefined="so")),
        "what a figure is of": inside(
            "agreement", lambda value: value[0]["figures"][0]["basis"].update(clusters=7)
        ),
        "the level of a control": inside("agreement", lambda value: level_told(value, "ordinal")),
        "agreement in a round that had none": inside(
            "agreement", lambda value: value.append(value[0] | {"round": 3})
        ),
        "a control less in agreement": inside("agreement", lambda value: value.pop()),
        "rows": inside("rows", lambda value: value["stance"].update(test=3)),
        "classes": inside("balance", lambda value: value["stance"]["test"].update(against=1)),
        "views": inside("views", lambda value: value["stance"].update(target=2)),
        "what is not known": inside("unknown", lambda value: value.update(outlet=0)),
        "leakage": inside("leakage", lambda value: value[0].update(near=1)),
        "a split without leakage": inside("leakage", lambda value: value.pop()),
    }.items()
}
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "the version of a config": ("README.md", "version: 1.0.0", "version: 1.0.1", "figures"),
    "the default config": ("README.md", "  default: true\n", "", "figures"),
    "the file of a split": (
        "README.md",
        "- data/stance/train-00000-of-00001.parquet",
        "- data/stance/test-00000-of-00001.parquet",
        "figures",
    ),
    "the name of a split": ("README.md", "split: validation", "split: dev", "figures"),
    "the language of the card": ("README.md", "- id\n", "- ms\n", "figures"),
    "the licence of the card": ("README.md", "license: cc-by-4.0", "license: mit", "figures"),
    "who made the labels": ("README.md", "- machine-generated\n", "", "figures"),
    "the size of the dataset": ("README.md", "- n<1K", "- 1K<n<10K", "figures"),
    "a column of the card": ("README.md", "dtype: int32", "dtype: int64", "features"),
    "a class in the table of the card": (
        "README.md",
        "| stance | favor | 2 | 0 | 1 |",
        "| stance | favor | 2 | 1 | 1 |",
        "figures",
    ),
    "leakage in the card": (
        "README.md",
        "| all | test | 2 | 0 | 0 | 0 |",
        "| all | test | 2 | 0 | 0 | 1 |",
        "figures",
    ),
    "agreement in the card": (
        "README.md",
        "| 0.678 [",
        "| 0.878 [",
        "figures",
    ),
    "the definition of a figure in the card": (
        "README.md",
        "the same borders and label",
        "the same label",
        "figures",
    ),
    "a figure of agreement in the datasheet": (
        "DATASHEET.md",
        "| 0.678 [",
        "| 0.878 [",
        "figures",
    ),
    "a figure of agreement in croissant.json": (
        "croissant.json",
        "0.678 [",
        "0.878 [",
        "croissant",
    ),
    "levels in release.json alone": (
        "release.json",
        '"levels": {}',
        '"levels": {"stance": "ordinal"}',
        "figures",
    ),
    "a level that no control can have": (
        "release.json",
        '"levels": {}',
        '"levels": {"stance": "interval"}',
        "settings",
    ),
    "the level of a control that there is not": (
        "release.json",
        '"levels": {}',
        '"levels": {"mood": "ordinal"}',
        "settings",
    ),
    "a class in the table of the datasheet": (
        "DATASHEET.md",
        "| stance | favor | 2 | 0 | 1 |",
        "| stance | favor | 2 | 1 | 1 |",
        "figures",
    ),
    "a question of the datasheet": ("DATASHEET.md", "Who paid for", "Who asked for", "answers"),
    "an author of the citation": ("CITATION.cff", "Kelompok Uji", "Kelompok Lain", "citation"),
    "an author less of the citation": ("CITATION.cff", "- name: Kelompok Uji\n", "", "citation"),
    "the version of the citation": ("CITATION.cff", "1.0.0", "1.0.1", "citation"),
    "the day of the citation": ("CITATION.cff", "2026-03-18", "2026-03-19", "citation"),
    "the licence of the citation": ("CITATION.cff", "CC-BY-4.0", "MIT", "citation"),
    "an author in release.json alone": ("release.json", "Rahayu, Sri", "Rahayu, Tri", "citation"),
    "the version in release.json alone": (
        "release.json",
        '"version": "1.0.0"',
        '"version": "1.0.1"',
        "citation",
    ),
    "the licence in release.json alone": ("release.json", '"CC-BY-4.0"', '"MIT"', "citation"),
    "a draft in release.json alone": ("release.json", '"draft": false', '"draft": true', "figures"),
    "the format": ("release.json", '"format": 5', '"format": 3', "schema"),
    "an author in croissant.json alone": (
        "croissant.json",
        "Kelompok Uji",
        "Kelompok",
        "croissant",
    ),
    "the licence in croissant.json": ("croissant.json", "CC-BY-4.0", "MIT", "croissant"),
    "the version in croissant.json": (
        "croissant.json",
        '"version": "1.0.0"',
        '"version": "1.0.1"',
        "croissant",
    ),
    "the file of a record in croissant.json": (
        "croissant.json",
        "data/stance/*.parquet",
        "data/entities/*.parquet",
        "croissant",
    ),
}
EDITED: Mapping[str, tuple[Forge, str]] = {
    what: (partial(with_text, GOOD, file, old, new), code)
    for what, (file, old, new, code) in WORDS.items()
}
FORGED = {
    f"{where}: {what}": entry
    for where, entries in {
        "files": CONFIGS,
        "sentences": SENTENCES,
        "judged": JUDGED,
        "annotations": ANNOTATED,
        "figures": FIGURES,
        "words": EDITED,
    }.items()
    for what, entry in entries.items()
}


def test_what_is_covered_is_what_a_build_gives() -> None:
    """So that a forged release is found for what was forged, not for how it was covered."""
    assert covered(GOOD) == GOOD
    assert covered(MANY) == MANY


@pytest.mark.parametrize("what", FORGED)
def test_a_forgery_that_was_covered_breaks_the_rule(what: str) -> None:
    forge, code = FORGED[what]
    files = forge()
    assert files != GOOD
    found = codes(files)
    assert code in found
    assert "checksum" not in found


def test_one_lie_in_all_files_is_found_in_all_of_them() -> None:
    found = {problem.file for problem in verify(told("articles", 7)(), versions())}
    texts = {"release.json", "README.md", "DATASHEET.md", "croissant.json", "browse.html"}
    assert found == texts


def test_a_draft_cannot_be_made_a_release_without_what_people_must_say() -> None:
    silent = compose(content().meta.title, {}, "datasheet.toml", draft=True)
    draft = build(replace(content(), draft=True, datasheet=silent))
    assert verify(draft, versions()) == []
    undrafted = with_json(draft, lambda manifest: manifest.update(draft=False))
    assert "unanswered" in codes(covered(undrafted))

import json
from itertools import chain

import pytest

from samples import ARTICLES, content
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.release.data.features import features, optional_columns
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents.card import card, read_front

CONTENT = content()
TABLES = tables(CONTENT)
ROWS = {
    config: list(chain(*(table.to_pylist() for table in by_split.values())))
    for config, by_split in TABLES.items()
}
FACTS = facts(CONTENT, TABLES)
TRICKY = b"""<View><Text name="text" value="$text"/>
<Labels name="names" toName="text"><Label value="no"/><Label value="on"/><Label value="1"/></Labels>
<Choices name="yes" toName="text" perRegion="true"><Choice value="no"/><Choice value="null"/>
<Choice value="~"/><Choice value="0x1F"/><Choice value="2024-01-01"/><Choice value="a: b #c"/>
</Choices></View>"""


def labels(text: str, config: str = "stance") -> list[object]:
    """The settled values of a config for a sentence, as (mention, class, holder)."""
    return [(r["target"], r["label"], r["holder"]) for r in ROWS[config] if r["text"] == text]


@pytest.mark.parametrize("config", TABLES)
def test_rows_have_the_columns_of_the_features_in_their_order(config: str) -> None:
    for table in TABLES[config].values():
        assert table.schema.equals(features(CONTENT.scheme)[config].arrow_schema, True)


@pytest.mark.parametrize("config", ["sentences", "entities", "stance", "annotations"])
def test_rows_are_in_the_order_of_the_articles(config: str) -> None:
    places = {s.sentence_id: (s.article_id, s.index) for s in CONTENT.sentences}
    for table in TABLES[config].values():
        order = [places[id_] for id_ in table["sentence_id"].to_pylist()]
        assert order == sorted(order)


def test_splits_are_in_the_order_of_use() -> None:
    assert all(list(by_split) == ["train", "validation", "test"] for by_split in TABLES.values())


def test_nulls_stand_only_in_optional_columns() -> None:
    optional = optional_columns(CONTENT.scheme)
    assert set(optional) == set(TABLES)
    for config, rows in ROWS.items():
        nulls = {name for row in rows for name, value in row.items() if value is None}
        assert nulls <= optional[config]


def test_a_mention_with_two_holders_is_two_rows_and_one_tag() -> None:
    text = ARTICLES["kopi"][0][1]
    assert labels(text) == [("Menteri Adi", 0, "author"), ("Menteri Adi", 1, "source")]
    (tagged,) = [row for row in ROWS["entities"] if "“" in row["tokens"]]
    assert [name for name in tagged["ner_tags"] if name] == [1, 2]


def test_an_open_attribute_is_null_and_the_mention_stays() -> None:
    assert labels(ARTICLES["banjir"][3][1]) == [("Gubernur Sari", None, None)]


def test_an_open_span_is_left_out_and_its_tags_are_null() -> None:
    text = ARTICLES["jalan"][0][1]
    (row,) = [row for row in ROWS["sentences"] if row["text"] == text]
    assert (row["open"], row["spans"]) == (1, [])
    (tagged,) = [r for r in ROWS["entities"] if r["sentence_id"] == row["sentence_id"]]
    assert tagged["ner_tags"] is None
    assert labels(text) == []


def test_skipped_by_everybody_is_unlabelled_and_none_found_is_labelled() -> None:
    by_text = {row["text"]: row for row in ROWS["sentences"] if row["kind"] == "body"}
    skipped = by_text["Tidak ada yang hadir."]
    assert (skipped["labelled"], skipped["spans"], skipped["open"]) == (False, None, None)
    empty = next(r for r in ROWS["sentences"] if r["text"] == "Hujan turun." and r["labelled"])
    assert (empty["spans"], empty["annotators"], empty["open"]) == ([], 2, 0)


def test_figures_are_those_of_the_rows() -> None:
    spans = [span for row in ROWS["sentences"] for span in row["spans"] or ()]
    assert len(spans) == FACTS.spans == sum(FACTS.labels.values())
    assert sum(row["labelled"] for row in ROWS["sentences"]) == FACTS.labelled
    assert sum(row["open"] or 0 for row in ROWS["sentences"]) == FACTS.open
    assert sum(FACTS.kinds.values()) == FACTS.sentences == len(ROWS["sentences"])
    assert sum(FACTS.values["stance"].values()) == len(ROWS["stance"])
    assert FACTS.untagged == {"overlapped": 1, "misaligned": 1}
    assert FACTS.annotations == {"skipped": 4, "submitted": 30}
    assert FACTS.annotators == {"crowd": 1, "expert": 1, "model": 1}


def test_names_that_yaml_would_take_for_something_else_survive() -> None:
    scheme = read_scheme(TRICKY, "config.xml")
    columns = features(scheme)
    files = {name: {"train": [f"data/{name}/train-00000-of-00001.parquet"]} for name in columns}
    front = read_front(card(CONTENT, FACTS, columns, files))
    infos = {info["config_name"]: info["features"] for info in front["dataset_info"]}
    assert json.loads(json.dumps(infos)) == infos
    (label,) = [column for column in infos["yes"] if column["name"] == "label"]
    assert list(label["dtype"]["class_label"]["names"].values()) == [
        *("no", "null", "~", "0x1F", "2024-01-01", "a: b #c")
    ]
    restored = type(columns["names"])._from_yaml_list(infos["names"])
    assert restored == columns["names"]
    assert restored["ner_tags"].feature.names[1:5] == ["B-no", "I-no", "B-on", "I-on"]


@pytest.mark.parametrize("text", ["", "# Uji", "---\n", "---\na: 1\n", "x\n---\na: 1\n---\n"])
def test_a_card_without_yaml_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="card"):
        read_front(text)

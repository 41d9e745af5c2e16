import pyarrow as pa
import pytest

from sikap.release.data.features import key_columns
from sikap.release.diff.rows import type_name


@pytest.mark.parametrize(
    ("config", "columns", "key"),
    [
        ("articles", ["article_id", "text"], ("article_id",)),
        ("annotations", ["item_id", "annotator", "x"], ("item_id", "annotator")),
        ("sentences", ["sentence_id", "text"], ("sentence_id",)),
        ("tone", ["sentence_id", "label"], ("sentence_id",)),
        (
            "stance",
            ["sentence_id", "target_start", "target_end", "target_label", "label", "holder"],
            ("sentence_id", "target_start", "target_end", "target_label", "holder"),
        ),
        (
            "holder",
            ["sentence_id", "target_start", "target_end", "target_label", "label", "stance"],
            ("sentence_id", "target_start", "target_end", "target_label", "label"),
        ),
        ("other", ["a", "b"], ("a", "b")),
    ],
)
def test_the_key_of_a_config_is_known_by_its_columns(
    config: str, columns: list[str], key: tuple[str, ...]
) -> None:
    assert key_columns(config, columns, ("holder",)) == key


def test_the_name_of_a_type_is_free_of_inner_names() -> None:
    named = pa.list_(pa.field("element", pa.struct([("a", pa.int32())])))
    assert type_name(named) == type_name(pa.list_(pa.struct([("a", pa.int32())])))
    assert type_name(named) == "list<struct<a: int32>>"

"""The canonical encoder and `rfc8785` must agree on everything that our tables can hold."""

import hashlib
from typing import Any

import pyarrow as pa
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from samples import content
from sikap.release.data.tables import tables
from sikap.release.files.canonical_json import content_hash, lines, measure
from sikap.release.files.parquet import from_parquet
from tamper import GOOD, table

SAFE = 2**53 - 1
"""The largest integer that every reader of JSON keeps; columns hold no larger ones."""
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5)
"""No XML holds U+0000, so no control is named with it."""
TYPES = st.recursive(
    st.sampled_from([pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.large_string()]),
    lambda inner: (
        st.builds(pa.list_, inner)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3).map(lambda f: pa.struct(f.items()))
    ),
    max_leaves=6,
)


def values(type_: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of a type of Arrow, null too."""
    if pa.types.is_list(type_):
        some: st.SearchStrategy[Any] = st.lists(values(type_.value_type), max_size=3)
    elif pa.types.is_struct(type_):
        some = st.fixed_dictionaries({field.name: values(field.type) for field in type_})
    elif pa.types.is_boolean(type_):
        some = st.booleans()
    elif pa.types.is_int32(type_):
        some = st.integers(-(2**31), 2**31 - 1)
    elif pa.types.is_integer(type_):
        some = st.integers(-SAFE, SAFE)
    elif pa.types.is_floating(type_):
        some = st.floats(allow_nan=False, allow_infinity=False)
    else:
        some = st.text(max_size=8)
    return st.none() | some


@st.composite
def arrow_tables(draw: st.DrawFn) -> pa.Table:
    """A table of some columns of any type of ours, floats at the top level among them."""
    types = draw(st.dictionaries(NAMES, TYPES | st.just(pa.float64()), min_size=1, max_size=5))
    count = draw(st.integers(0, 4))
    columns = {
        name: pa.array(draw(st.lists(values(t), min_size=count, max_size=count)), type=t)
        for name, t in types.items()
    }
    return pa.table(columns)


def written(of: pa.Table) -> list[bytes]:
    return [line.encode() for batch in lines(of) for line in batch]


def expected(of: pa.Table) -> list[bytes]:
    return [rfc8785.dumps(row) for row in of.to_pylist()]


@given(arrow_tables())
@example(
    pa.table({"a": ["".join(map(chr, range(0x20))), "\x7f\u2028\ufeff", '"\\/', "🌾 q\u0303"]})
)
@example(pa.table({"\U0001f33e": [1], "\uffee": [2], '"': [3], "\n": [4]}))
@example(pa.table({"seconds": [0.0, -0.0, 1.0, 1e21, 1e-7, 5e-324, 0.1, None], "z": [1] * 8}))
@example(pa.table({"b": pa.array([None, None], type=pa.float64())}))
@example(pa.table({"seconds": [1e16, 123456789.0, 9007199254740993.0, 1.7976931348623157e308]}))
@example(pa.table({name: [0.5] for name in ("*", "^.*$", "^a|b$", "\\", '"', "\U0001f33e")}))
@example(pa.table({name: [1] for name in ("*", "^.*$", "^a|b$", "\\", '"', "c0", "struct")}))
@example(pa.table({"a": pa.array([[2**31 - 1, -(2**31)], [None], None], pa.list_(pa.int32()))}))
def test_rows_are_written_as_rfc_8785_says(of: pa.Table) -> None:
    assert written(of) == expected(of)


@pytest.mark.parametrize("config", tables(content()))
def test_every_table_of_a_release_is_written_as_rfc_8785_says(config: str) -> None:
    for of in tables(content())[config].values():
        assert written(of) == expected(of)


@given(arrow_tables())
def test_the_hash_is_over_the_lines_and_their_ends(of: pa.Table) -> None:
    joined = b"".join(line + b"\n" for line in expected(of))
    digest, sizes = measure([of])
    assert digest == hashlib.sha256(joined).hexdigest()
    assert sizes == [[len(line) + 1 for line in expected(of)]]


@given(arrow_tables(), st.randoms())
def test_the_order_of_columns_and_the_chunks_in_memory_do_not_reach_the_hash(
    of: pa.Table, random: Any
) -> None:
    names = of.column_names
    random.shuffle(names)
    pieces = [of.select(names).slice(row, 1) for row in range(of.num_rows)]
    turned = pa.concat_tables(pieces) if pieces else of.select(names)
    assert content_hash([turned]) == content_hash([of])


def test_the_hash_hangs_on_the_order_of_rows() -> None:
    of = from_parquet(GOOD[table("sentences")]).slice(0, 2)
    assert content_hash([of]) != content_hash([of.take([1, 0])])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="seconds"):
        content_hash([pa.table({"seconds": [1.0, value]})])


def test_a_float_inside_a_list_is_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        content_hash([pa.table({"weights": [[1.0]]})])

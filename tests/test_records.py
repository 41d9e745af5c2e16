import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import item, manifest, sentence, span
from sikap.records import SEPARATOR, Record, Sentence, item_id, sentence_id, short_id

texts = st.text(st.characters(exclude_categories=["Cs"]))
records = st.sampled_from([sentence("Halo."), item("Halo."), span(0, 4), manifest()])


@given(records)
def test_records_are_frozen_and_come_back_from_json(record: Record) -> None:
    assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record
    with pytest.raises(AttributeError):
        setattr(record, record.__struct_fields__[0], "x")


@given(records)
def test_records_refuse_unknown_and_missing_keys(record: Record) -> None:
    row = msgspec.to_builtins(record)
    lacking = dict(list(row.items())[1:])
    for wrong in ({**row, "extra": 1}, lacking):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, type(record))


def test_what_is_not_known_is_written_as_null() -> None:
    assert set(msgspec.to_builtins(sentence("x"))) == set(Sentence.__struct_fields__)
    assert "pass" in msgspec.to_builtins(item("x"))


def test_a_sentence_id_is_the_start_of_a_sha256() -> None:
    joined = SEPARATOR.join(("berita/1", "Kapal tenggelam.", "0"))
    expected = hashlib.sha256(joined.encode()).hexdigest()[:16]
    assert sentence_id("berita/1", "Kapal tenggelam.", 0) == expected


@given(texts, texts, st.integers(0, 9))
def test_ids_differ_by_occurrence_and_by_pass(article: str, text: str, number: int) -> None:
    assert sentence_id(article, text, number) != sentence_id(article, text, number + 1)
    assert item_id(article, text, number) != item_id(article, text, number + 1)


def test_an_id_can_be_made_of_text_that_is_no_utf8() -> None:
    assert len(short_id("\ud800")) == 16

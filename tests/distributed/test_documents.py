import io
from pathlib import Path

import msgspec
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from hypothesis import given
from hypothesis import strategies as st

from distributed.corpora import article
from sikap.distributed.documents import (
    article_document,
    document_article,
    document_sentence,
    sentence_document,
)
from sikap.distributed.segmenting import cut
from sikap.records import Sentence
from sikap.storage.blocks import blocks_of


@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_an_article_goes_through_a_document_without_loss(text: str, outlet: str | None) -> None:
    text = text.encode("utf-8", "replace").decode()
    outlet = outlet and outlet.encode("utf-8", "replace").decode()
    record = article("a/b", text, outlet)
    assert document_article(article_document(record, "a.jsonl")) == record


@given(st.builds(Sentence))
def test_a_sentence_goes_through_a_document_without_loss(sentence: Sentence) -> None:
    assert document_sentence(sentence_document(sentence)) == sentence


def test_the_files_of_datatrove_keep_an_article_though_not_its_bytes(tmp_path: Path) -> None:
    record = article("a", " Teks\u200b dengan spasi.\n")
    writer = JsonlWriter(tmp_path.as_posix(), compression=None)
    assert list(writer.run([article_document(record, "a.jsonl")]))
    (document,) = JsonlReader(tmp_path.as_posix()).run()
    assert document_article(document) == record
    assert (tmp_path / "00000.jsonl").read_bytes() != msgspec.json.encode(record) + b"\n"


@given(st.lists(st.binary(max_size=9)), st.integers(1, 9))
def test_parts_of_a_file_are_whole_lines_one_after_the_other(lines: list[bytes], n: int) -> None:
    data = b"".join(line.replace(b"\n", b"") + b"\n" for line in lines)
    file = io.BytesIO(data)
    parts = []
    for rank in range(n):
        start, end = cut(file, len(data), rank, n)
        file.seek(start)
        parts.append(b"".join(block.data for block in blocks_of(file, end - start, 5)))
    assert b"".join(parts) == data
    assert all(part.endswith(b"\n") for part in parts if part)

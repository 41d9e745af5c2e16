import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest

from sikap import IngestRequest
from sikap.articles.chunks import MOST_BYTES, Piece
from sikap.errors import InputError, Problem
from sikap.formats.detect import Format
from sikap.sources.read import STDIN, Seen, read_sources

LINES = b"".join(b'{"id": "a%d", "text": "Halo %d."}\n' % (number, number) for number in range(9))


def zst(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def look(base: Path, *places: str, request: IngestRequest | None = None) -> list[Piece | Problem]:
    return list(read_sources(places, base, lambda path: path.name, request))


def only(found: list[Piece | Problem]) -> Piece:
    (piece,) = found
    assert isinstance(piece, Piece)
    return piece


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, zst])
@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst"])
def test_what_is_packed_is_told_by_its_bytes_whatever_the_name(
    tmp_path: Path, pack: object, name: str
) -> None:
    assert callable(pack)
    (tmp_path / name).write_bytes(pack(LINES))
    piece = only(look(tmp_path, str(tmp_path)))
    assert (piece.data, piece.article_id, piece.format) == (LINES, "x", "jsonl")


def test_files_packed_one_behind_the_other_are_one(tmp_path: Path) -> None:
    for name, pack in (("a.jsonl.gz", gzip.compress), ("b.jsonl.zst", zst)):
        (tmp_path / name).write_bytes(pack(LINES) + pack(LINES))
    found = look(tmp_path, str(tmp_path))
    assert [one.data for one in found if isinstance(one, Piece)] == [LINES * 2] * 2


def test_a_document_may_be_packed_and_its_metadata_not(tmp_path: Path) -> None:
    (tmp_path / "a.b.txt.gz").write_bytes(gzip.compress(b"Halo."))
    (tmp_path / "a.b.json").write_bytes(b"{}")
    piece = only(look(tmp_path, str(tmp_path)))
    assert (piece.article_id, piece.data, piece.metadata) == ("a.b", b"Halo.", b"{}")


def test_what_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    many = b"".join(b'{"text": "Halo %d."}\n' % number for number in range(200_000))
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(many)[:-200_000])
    *read, last = look(tmp_path, str(tmp_path))
    assert isinstance(last, Problem)
    assert last.code == "source"
    data = b"".join(one.data for one in read if isinstance(one, Piece))
    assert data
    assert many.startswith(data)


def test_a_bomb_is_set_aside_and_takes_no_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a" * (MOST_BYTES + 2), 1)
    for name in ("a.txt.gz", "b.jsonl.gz"):
        (tmp_path / name).write_bytes(bomb)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"a" * (MOST_BYTES * 2) + b"\n" + LINES, 1))
    found = look(tmp_path, str(tmp_path))
    assert [one.code for one in found if isinstance(one, Problem)] == ["too-large"] * 3
    last = only([one for one in found if isinstance(one, Piece)])
    assert (last.data, last.line) == (LINES, 2)


def test_a_pattern_names_files_at_any_depth(tmp_path: Path) -> None:
    for name in ("b/c/x.txt", "a/y.txt", "z.txt", "z.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Halo.", encoding="utf-8")
    found = look(tmp_path, str(tmp_path / "**" / "[xy].txt"))
    assert [one.article_id for one in found if isinstance(one, Piece)] == ["a/y", "b/c/x"]
    with pytest.raises(InputError):
        look(tmp_path, str(tmp_path / "*.csv"))


class Standard:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(("data", "format_"), [(LINES, None), (b"Halo.", "text"), (LINES, "jsonl")])
def test_standard_input_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, format_: Format | None
) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(gzip.compress(data)))
    piece = only(look(tmp_path, STDIN, request=IngestRequest(format=format_)))
    assert (piece.data, piece.article_id) == (data, "stdin")


def test_standard_input_of_no_kind_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(b"Halo."))
    (problem,) = look(tmp_path, STDIN)
    assert isinstance(problem, Problem)
    assert "--format" in problem.fix


@pytest.fixture
def memory() -> Iterator[str]:
    place = "memory://berita"
    fs = fsspec.filesystem("memory")
    fs.pipe_file("/berita/2023/a.txt", b"Halo.")
    fs.pipe_file("/berita/2023/a.json", b"{}")
    fs.pipe_file("/berita/b.jsonl.zst", zst(LINES))
    fs.pipe_file("/berita/c.pdf", b"")
    yield place
    fs.rm("/berita", recursive=True)


def test_a_folder_behind_a_url_is_read_as_one_on_disk(tmp_path: Path, memory: str) -> None:
    seen = Seen()
    found = list(read_sources([memory], tmp_path, str, seen=seen))
    first, second = (one for one in found if isinstance(one, Piece))
    assert (first.article_id, first.metadata, first.source) == (
        "2023/a",
        b"{}",
        "memory://berita/2023/a.txt",
    )
    assert (second.article_id, second.data, seen.others) == ("b", LINES, 1)


def test_a_file_and_a_pattern_behind_a_url_are_read(tmp_path: Path, memory: str) -> None:
    assert only(look(tmp_path, f"{memory}/b.jsonl.zst")).data == LINES
    assert only(look(tmp_path, f"{memory}/**/*.txt")).data == b"Halo."


def test_a_name_or_link_that_leads_out_behind_a_url_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Rahasia.")
    folder = tmp_path / "berita"
    folder.mkdir()
    (folder / "a.txt").write_text("Halo.")
    (folder / "b\n.txt").write_text("Halo.")
    (folder / "c.txt").symlink_to(tmp_path / "secret.txt")
    found = look(tmp_path, f"file://{folder}")
    assert [one.article_id for one in found if isinstance(one, Piece)] == ["a"]
    problems = [one for one in found if isinstance(one, Problem)]
    assert [one.code for one in problems] == ["outside-project"] * 2
    assert all(one.file.isprintable() for one in problems)


def test_a_url_with_nothing_behind_it_is_a_problem(tmp_path: Path) -> None:
    (problem,) = look(tmp_path, "memory://tidak/ada.jsonl")
    assert isinstance(problem, Problem)
    assert problem.code == "place-missing"


def test_an_encoding_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        look(tmp_path, str(tmp_path), request=IngestRequest(encoding="utf-99"))

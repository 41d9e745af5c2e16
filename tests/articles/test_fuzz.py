"""Mutated inputs of every kind: none stops the work, and none is lost without a line that says so.

``pytest -m scale --log-cli-level=INFO tests/articles/test_fuzz.py`` tries 10,000 and prints
a table.
"""

import csv
import gzip
import io
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sikap.articles.chunks import IngestRequest, Piece, ReadOptions
from sikap.articles.readers.read import read, taken
from sikap.errors import Problem
from sikap.formats.csv import split_rows
from sikap.records import Article
from sikap.sources.chunk_lines import Text
from sikap.sources.decompress import Stream
from sikap.sources.read import read_sources

LONGEST = 20.0
"""Seconds that no input may take, on a slow machine with other work."""
OPTIONS = ReadOptions(language="id")
TITLES = (
    "Pasar Lama dibuka lagi",
    'Kata "Sari": harga naik; pasokan turun',
    "Banjir di Kali Kecil",
)
TEXTS = (
    "Kota Baru - Warga Desa Uji menutup jalan, Rabu (23/11).\n\nMereka menolak tambang.",
    "“Kami menunggu,” kata Bu Sari.\r\nPasokan beras turun 3,5 persen, ujarnya.",
    "Harga cabai naik. Café di Jalan Mawar tutup; 日本の新聞 dan صحيفة ikut memberitakan 😀.",
)
ROWS = [
    {
        "id": f"a{number}",
        "judul": TITLES[number % 3],
        "isi": f"{TEXTS[number % 3]} Nomor {number}.",
        "tanggal": f"2023-11-{number % 28 + 1:02}",
        "url": f"https://example.org/{number}",
    }
    for number in range(24)
]
PAGE = """<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title} - Warta</title>
<meta property="article:published_time" content="2023-11-23T07:00:00+07:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}"}}</script></head>
<body><nav><a href="/">Beranda</a></nav><h1>{title}</h1><div class="isi">{text}<br><br>
Dia menyebut <a href="/x">Luna Sari</a> dua kali dalam rapat warga yang panjang itu.</div>
<ul><li><a href="/1">Satu berita</a></li><li><a href="/2">Dua berita</a></li>
<li><a href="/3">Tiga berita</a></li></ul></body></html>"""


def jsonl() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def delimited(separator: str) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(ROWS[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(ROWS)
    return sheet.getvalue().encode()


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), sink, row_group_size=7, compression="none")
    return sink.getvalue()


SAMPLES: dict[str, bytes] = {
    ".txt": "\n\n".join(TEXTS).encode(),
    ".html": PAGE.format(title=TITLES[0], text="<p>".join(TEXTS)).encode(),
    ".jsonl": jsonl(),
    ".json": json.dumps(ROWS, indent=1).encode(),
    ".csv": delimited(","),
    ".tsv": delimited("\t"),
    ".parquet": parquet(),
}


def flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def splice(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(SAMPLES.values()))
    begin, end = sorted((chance.randint(0, len(other)), chance.randint(0, len(other))))
    at = chance.randint(0, len(data))
    return data[:at] + other[begin:end] + data[chance.randint(at, len(data)) :]


def insert(data: bytes, chance: random.Random) -> bytes:
    hostile = (
        b'"', b"\n", b"\r", b"\0", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"[" * 2000, b"{", b"NaN",
        b"1e999", b'"isi": 1,', b'"isi": "x",', b"\xef\xbb\xbf", b"<div>" * 500, b"&#0;", b"<!--",
        b"\t", b",", b'""', b"<br>" * 50, b"\xe2\x80\xa8", b"9" * 400, b"]", b"}", b"\x1a",
    )  # fmt: skip
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(hostile) + data[at:]


def lines(data: bytes, chance: random.Random) -> bytes:
    parts = data.split(b"\n")
    at = chance.randrange(len(parts))
    some = parts[at : at + chance.randint(1, 4)]
    kept = parts[:at] + (some * 2 if chance.random() < 0.5 else []) + parts[at + len(some) :]
    return b"\n".join(kept)


def recode(data: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "gb18030", "utf-32"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip, truncate, splice, insert, lines, recode,
)  # fmt: skip


def gz(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def zst(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def mutated(number: int) -> tuple[str, bytes]:
    """The name of the input with a number, and its bytes."""
    chance = random.Random(number)
    suffix = chance.choice(list(SAMPLES))
    data = SAMPLES[suffix]
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(MUTATIONS)(data, chance)
    packing = chance.choice(("", "", "", ".gz", ".zst"))
    if packing:
        data = (gz if packing == ".gz" else zst)(data)
        if chance.random() < 0.3:
            data = chance.choice((flip, truncate))(data, chance)
    if chance.random() < 0.1:
        suffix = chance.choice(list(SAMPLES))
    return f"x{suffix}{packing if chance.random() < 0.9 else ''}", data


def tried(file: Path) -> Counter[str]:
    """What came out of a file, with every record of every piece accounted for."""
    outcome: Counter[str] = Counter()
    cut: list[Piece] = []
    whole = True
    for piece in read_sources([str(file)], file.parent, lambda path: path.name):
        if isinstance(piece, Problem):
            outcome[piece.code] += 1
            whole = False
            continue
        cut.append(piece)
        taken(piece, OPTIONS)
        found = list(read(piece, OPTIONS))
        assert all(isinstance(one, Article | Problem) for one in found)
        assert len(found) == records(piece), piece.format
        outcome.update("article" if isinstance(one, Article) else one.code for one in found)
    assert outcome or not file.read_bytes().strip() or is_empty(file)
    if whole and cut and cut[0].format in {"jsonl", "csv", "tsv"}:
        assert_all_is_cut(file, cut)
    return outcome


def records(piece: Piece) -> int:
    """How many records are in a piece, counted another way than by reading them."""
    if piece.format in {"text", "html"}:
        return 1
    if piece.format == "parquet":
        with pa.ipc.open_stream(piece.data) as stream:
            return int(stream.read_all().num_rows)
    if piece.format == "jsonl":
        return sum(1 for line in piece.data.split(b"\n") if line.strip())
    text = piece.data.decode("utf-8", "surrogateescape")
    separator = "\t" if piece.format == "tsv" else max(",;\t|", key=text.split("\n")[0].count)
    rows = split_rows(text, separator)
    ends = "\n" if "\n" in text else "\r"
    there = [line for line in text.split(ends) if line.strip(" \t\r\n\ufeff")]
    told = [part for row in rows for part in row.text.split(ends) if part.strip(" \t\r\n\ufeff")]
    assert told == there, "a line is in no row"
    return len(rows) - 1


def is_empty(file: Path) -> bool:
    """Whether a file holds nothing but a header, an empty list, or white space, once unpacked."""
    with file.open("rb") as raw:
        data = Text(Stream(raw), "").read()
    rows = [line for line in data.splitlines() if line.strip(b" \t\r\n\0\xef\xbb\xbf")]
    return len(rows) <= 1 or b"".join(data.split()) == b"[]"


def assert_all_is_cut(file: Path, cut: list[Piece]) -> None:
    """The pieces, the header left away in all but the first, are the file."""
    if file.name.startswith("x.json") and not file.name.startswith("x.jsonl"):
        return
    with file.open("rb") as raw:
        text, parts = Text(Stream(raw), ""), []
        while part := text.read():
            parts.append(part)
    if len(cut) == 1:
        assert cut[0].data.split() == b"".join(parts).split()


def run(numbers: range, folder: Path) -> None:
    table: dict[str, Counter[str]] = {}
    slowest = 0.0
    for number in numbers:
        name, data = mutated(number)
        file = folder / name
        file.write_bytes(data)
        began = time.process_time()
        try:
            outcome = tried(file)
        except Exception as error:
            raise AssertionError(f"input {number}, {name}: {error!r}") from error
        took = time.process_time() - began
        assert took < LONGEST, f"input {number}, {name}: {took:.1f} s"
        slowest = max(slowest, took)
        kind = name.split(".", 2)[1]
        table.setdefault(kind, Counter()).update({"inputs": 1, **outcome})
        file.unlink()
    for kind, counts in sorted(table.items()):
        logging.getLogger(__name__).info("%s: %s", kind, dict(counts.most_common()))
    logging.getLogger(__name__).info("slowest: %.2f s", slowest)


def test_mutated_inputs_end_as_articles_or_named_problems(tmp_path: Path) -> None:
    run(range(300), tmp_path)


@pytest.mark.scale
@pytest.mark.timeout(3600)
def test_ten_thousand_mutated_inputs_do(tmp_path: Path) -> None:
    run(range(300, 10_300), tmp_path)


def test_the_samples_are_read_whole(tmp_path: Path) -> None:
    for suffix, data in SAMPLES.items():
        (tmp_path / f"x{suffix}").write_bytes(data)
        expected = 1 if suffix in {".txt", ".html"} else len(ROWS)
        assert tried(tmp_path / f"x{suffix}") == {"article": expected}, suffix
        (tmp_path / f"x{suffix}").unlink()


def test_a_named_format_is_taken_for_any_name(tmp_path: Path) -> None:
    (tmp_path / "unduhan").write_bytes(SAMPLES[".jsonl"])
    request = IngestRequest(format="jsonl")
    (piece,) = read_sources([str(tmp_path / "unduhan")], tmp_path, str, request)
    assert isinstance(piece, Piece)
    assert len(list(read(piece, OPTIONS))) == len(ROWS)

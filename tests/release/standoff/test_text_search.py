import msgspec
import pyarrow as pa
import pytest

from samples import content
from sikap.release.files.parquet import to_parquet
from sikap.release.standoff.stand_off_files import places
from sikap.release.standoff.text_leaks import text_found
from tamper import GOOD

SENTENCE = "Partai 🌾 Tani mengecam Menteri Adi di Kota Lama pada hari itu juga."
WORDS = SENTENCE.split()
SPANS = pa.list_(pa.struct([("start", pa.int32()), ("text", pa.string())]))
HALF = len(SENTENCE) // 2
COLUMNS = {
    "a string": pa.array(["a", SENTENCE, None]),
    "a large string": pa.array([SENTENCE], pa.large_string()),
    "bytes": pa.array([SENTENCE.encode()], pa.binary()),
    "tokens": pa.array([["x"], WORDS], pa.list_(pa.string())),
    "pieces of words": pa.array([[SENTENCE[i : i + 3] for i in range(0, len(SENTENCE), 3)]]),
    "surfaces": pa.array([[{"start": 1, "text": SENTENCE}]], SPANS),
    "surfaces, word by word": pa.array([[{"start": 1, "text": word} for word in WORDS]], SPANS),
    "rows": pa.array([*WORDS]),
    "rows with nulls between": pa.array([word for w in WORDS for word in (w, None)]),
    "rows cut inside a word": pa.array([SENTENCE[:HALF], SENTENCE[HALF:]]),
    "lists over rows": pa.array([[word] for word in WORDS]),
    "escapes": pa.array([SENTENCE.replace("a", "\\u0061")]),
}


def found(table: pa.Table) -> list[tuple[str, str]]:
    text = f"Kemarin. {SENTENCE} Hari ini."
    article = msgspec.structs.replace(content().articles[0], text=text, article_id="asal")
    problems = text_found(places({"data/x.parquet": to_parquet(table)}), [article])
    return [(problem.id, problem.found.partition(" holds")[0]) for problem in problems]


@pytest.mark.parametrize("what", COLUMNS)
def test_a_text_is_found_in_every_kind_of_column(what: str) -> None:
    ((article, place),) = found(pa.table({"kolom": COLUMNS[what]}))
    assert article == "asal"
    assert place.startswith("column kolom")


def test_the_field_of_a_nested_column_is_named() -> None:
    assert found(pa.table({"spans": COLUMNS["surfaces"]})) == [("asal", "column spans.text")]


def test_a_text_is_found_in_the_metadata_of_a_table() -> None:
    table = pa.table({"a": [1]}).replace_schema_metadata({"catatan": SENTENCE})
    assert found(table) == [("asal", "metadata catatan")]


def test_a_long_column_of_addresses_that_spell_titles_out_is_no_text() -> None:
    slug = "-".join(word for word in WORDS if word.isalpha())
    addresses = [f"https://kabar-contoh.example/{day}/{slug}" for day in range(30)]
    assert found(pa.table({"source": addresses})) == []
    assert found(pa.table({"source": [slug]})) == [("asal", "column source")]


def test_numbers_and_short_strings_are_no_text() -> None:
    table = pa.table({"a": [1, 2], "b": ["Partai", "Tani"], "c": [None, True], "d": [[1], []]})
    assert found(table) == []


def test_a_column_of_addresses_that_spell_titles_is_no_text() -> None:
    slug = "partai-tani-mengecam-menteri-adi-di-kota-lama-pada-hari-itu-juga"
    rows = [f"https://kabar.example/{number}/{slug}" for number in range(40)]
    plain = SENTENCE.replace(" 🌾", "").rstrip(".")
    article = msgspec.structs.replace(content().articles[0], text=plain)
    for values, expected in ((rows, 0), ([*rows, slug], 1), ([*rows, slug[:40], slug[40:]], 1)):
        data = to_parquet(pa.table({"source": values}))
        assert len(list(text_found(places({"data/x.parquet": data}), [article]))) == expected


def test_a_full_release_holds_its_articles_in_every_part_that_has_texts() -> None:
    problems = list(text_found(places(GOOD), content().articles))
    files = {problem.file for problem in problems}
    assert {"browse.html"} | {f"data/{c}/train-00000-of-00001.parquet" for c in (
        "sentences", "articles", "entities", "stance")} <= files  # fmt: skip
    assert not any(file.startswith(("schema/", "data/annotations")) for file in files)

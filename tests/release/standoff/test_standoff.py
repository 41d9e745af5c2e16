"""A stand-off release: what is in it, what is not, and what of it can be verified."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from samples import ARTICLES, META, Answer, Played, content, sample
from sikap.errors import ChecksError
from sikap.release.data.content import Content
from sikap.release.data.features import features
from sikap.release.files.build import SUMS, build
from sikap.release.files.parquet import from_parquet
from sikap.release.files.read import read_release, to_content
from sikap.release.standoff.restore_texts import rehydrate
from sikap.release.standoff.stand_off_files import build_stand_off
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import sha256
from tamper import GOOD, Files, Row, codes, rows_of, sealed, table, with_json, with_rows, with_text

OFF = build_stand_off(content())
CONFIGS = ("sentences", "annotations", "articles", "entities", "stance")


def test_it_keeps_every_rule() -> None:
    assert verify(OFF, versions()) == []


def test_a_release_before_the_first_round_keeps_every_rule() -> None:
    assert verify(build_stand_off(content(sample(played=[]))), versions()) == []


def test_two_builds_give_the_same_bytes() -> None:
    assert build_stand_off(content()) == OFF


def test_it_has_the_files_of_the_full_release_but_the_page() -> None:
    assert set(GOOD) - set(OFF) == {"browse.html"}
    assert set(OFF) <= set(GOOD)


def test_no_column_holds_text_title_surface_or_token() -> None:
    for config in CONFIGS:
        columns = from_parquet(OFF[table(config)]).schema
        assert not {"text", "title", "tokens", "target"} & set(columns.names)
        assert columns.equals(features(sample().scheme, "standoff")[config].arrow_schema)
        if "spans" in columns.names:
            span: pa.StructType = columns.field("spans").type.value_type
            assert {"start", "end", "label"} <= {field.name for field in span}
            assert "text" not in {field.name for field in span}


@pytest.mark.parametrize("config", CONFIGS)
def test_every_other_column_is_as_in_the_full_release(config: str) -> None:
    full, off = (from_parquet(files[table(config)]) for files in (GOOD, OFF))
    assert full.num_rows == off.num_rows
    for name in off.column_names:
        if name != "spans":
            assert off[name].to_pylist() == full[name].to_pylist(), name


@pytest.mark.parametrize(
    "text", [t for those in ARTICLES.values() for _, t in those if len(t) > 12]
)
def test_no_sentence_however_short_is_in_any_file(text: str) -> None:
    for name, data in OFF.items():
        shown = str(rows_of(OFF, name)) if name.endswith(".parquet") else data.decode()
        assert text not in shown, name


def test_it_names_the_full_release_that_it_is_of() -> None:
    manifest = msgspec.json.decode(OFF["release.json"])
    full = msgspec.json.decode(GOOD["release.json"])
    assert (manifest["text"], full["text"], full["full"]) == ("standoff", "full", None)
    assert manifest["full"] == {
        "content_hashes": full["content_hashes"],
        "sums": sha256(GOOD[SUMS]),
    }
    assert manifest["facts"] == full["facts"]


def addressed() -> Content:
    given = content()
    kopi = next(one for one in given.articles if one.article_id == "kopi")
    linked = msgspec.structs.replace(kopi, source="https://kabar.example/kopi-enak")
    articles = tuple(linked if one == kopi else one for one in given.articles)
    return msgspec.structs.replace(given, articles=articles)


def test_addresses_are_kept_or_dropped_as_one_likes() -> None:
    for drop, expected in ((False, "https://kabar.example/kopi-enak"), (True, None)):
        files = build_stand_off(addressed(), drop_urls=drop)
        rows = {row["article_id"]: row["source"] for row in rows_of(files, table("articles"))}
        assert (rows["kopi"], rows["banjir"]) == (expected, "banjir.txt")
        # Its inputs are of the sample, so that only their digests do not fit; they are claims here.
        assert verify(files, versions()) == []


def planted(given: Content, where: str) -> Content:
    quoted = "“Kopi Bu q\u0303ori enak,” kata Menteri Adi, tetapi Bu q\u0303ori diam."
    if where in given.files:
        data = given.files[where] + f"\n<!-- {quoted} -->\n".encode()
        return msgspec.structs.replace(given, files=given.files | {where: data})
    if where == "DATASHEET.md":
        datasheet = given.datasheet.replace("Ditulis orang", f"Ditulis orang: {quoted}")
        return msgspec.structs.replace(given, datasheet=datasheet)
    return msgspec.structs.replace(
        given, meta=msgspec.structs.replace(META, uses=(f"Misalnya {quoted}",))
    )


@pytest.mark.parametrize("where", ["guidelines.md", "config.xml", "DATASHEET.md", "README.md"])
def test_whoever_quotes_the_corpus_gets_no_stand_off_release(where: str) -> None:
    with pytest.raises(ChecksError) as caught:
        build_stand_off(planted(content(), where))
    files = {problem.file.rpartition("/")[2] for problem in caught.value.problems}
    assert where in files
    assert {problem.code for problem in caught.value.problems} == {"text-found"}
    assert {problem.id for problem in caught.value.problems} == {"kopi"}
    assert "enak" not in str(caught.value)


def changed(config: str, name: str, value: object, split: str = "train") -> Files:
    def edit(rows: list[Row]) -> None:
        row = next(one for one in rows if one[name] not in {None, value} if not isinstance(
            one[name], list))  # fmt: skip
        row[name] = value

    return with_rows(OFF, table(config, split), edit)


def span(config: str, **changes: int) -> Files:
    def edit(rows: list[Row]) -> None:
        next(row for row in rows if row["spans"])["spans"][0].update(changes)

    return with_rows(OFF, table(config), edit)


FORGED: Mapping[str, tuple[Callable[[], Files], str]] = {
    "a label": (lambda: changed("stance", "label", 1), "table"),
    "the place of a mention": (lambda: changed("stance", "target_start", 1), "table"),
    "votes": (lambda: changed("sentences", "annotators", 9), "labels"),
    "a span beyond its sentence": (lambda: span("annotations", end=9000), "span-outside"),
    "an empty span": (lambda: span("annotations", end=0), "span-outside"),
    "a settled span": (lambda: span("sentences", start=1), "labels"),
    "the order of sentences": (lambda: changed("sentences", "index", 77), "digest"),
    "sentences that overlap": (
        lambda: with_rows(OFF, table("sentences"), lambda rows: rows[1].update(start=1)),
        "span-overlap",
    ),
    "a sentence without length": (lambda: changed("sentences", "end", 0), "span-outside"),
    "an item": (lambda: changed("annotations", "item_id", "0" * 16), "digest"),
    "a digest that is none": (lambda: changed("articles", "text_sha256", "x"), "schema"),
    "a source that is empty": (lambda: changed("articles", "source", ""), "table"),
    "a figure": (
        lambda: with_json(OFF, lambda m: m["facts"].update(spans=99)),
        "figures",
    ),
    "a content hash": (
        lambda: with_json(OFF, lambda m: m["content_hashes"].update(stance="0" * 64)),
        "content-hash",
    ),
    "no full release": (lambda: with_json(OFF, lambda m: m.update(full=None)), "release-form"),
    "a full one that names one": (
        lambda: with_json(
            GOOD, lambda m: m.update(full=msgspec.json.decode(OFF["release.json"])["full"])
        ),
        "release-form",
    ),
    "texts that are not there": (
        lambda: with_json(OFF, lambda m: m.update(text="full", full=None)),
        "columns",
    ),
    "texts that should not be there": (
        lambda: sealed(OFF | {table("articles"): GOOD[table("articles")]}),
        "columns",
    ),
    "a page": (lambda: sealed(OFF | {"browse.html": GOOD["browse.html"]}), "unknown-file"),
    "the card": (
        lambda: with_text(OFF, "README.md", "**The texts are not", "**Texts are"),
        "figures",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_can_be_recomputed_without_texts_is(what: str) -> None:
    forge, code = FORGED[what]
    assert code in codes(forge())


def test_digests_of_texts_that_are_not_there_stay_claims() -> None:
    other = with_json(OFF, lambda m: m["inputs"]["digests"].update(articles="0" * 64))
    assert codes(other) == set()


def test_views_and_leakage_are_those_that_the_texts_gave() -> None:
    full, off = (msgspec.json.decode(files["release.json"])["facts"] for files in (GOOD, OFF))
    assert off["leakage"] == full["leakage"]
    assert off["views"] == full["views"]
    assert off["views"]["stance"]["target"]


def test_a_view_that_was_forged_differs_from_its_count() -> None:
    def edit(rows: list[Row]) -> None:
        for row in rows:
            row["views"] = [view for view in row["views"] if view != "target"]

    assert "figures" in codes(with_rows(OFF, table("stance", "test"), edit))


SNIPPETS = re.findall(
    r"^```python\n(.*?)^```$", OFF["README.md"].decode(), re.MULTILINE | re.DOTALL
)


def test_the_card_says_what_is_missing_and_how_to_put_it_back() -> None:
    card = OFF["README.md"].decode()
    assert "**The texts are not in it:**" in card
    assert "sikap rehydrate PATH FOLDER --output RESTORED" in card
    assert "browse.html" not in card
    assert len(SNIPPETS) >= 3


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_of_the_card_runs(snippet: str, tmp_path: Path) -> None:
    for name, data in OFF.items():
        (tmp_path / "release" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "release" / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", snippet.replace("PATH-OR-NAME", str(tmp_path / "release"))],
        env={**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


OTHER = b"""<View><Text name="text" value="$text"/>
<Choices name="target" toName="text" choice="multiple">
<Choice value="a"/><Choice value="b"/></Choices>
<Choices name="title" toName="text"><Choice value="x"/><Choice value="y"/></Choices></View>"""


def test_another_scheme_keeps_its_columns_whatever_they_are_called() -> None:
    """Choices can have the name of a column that holds texts elsewhere."""
    answer = Answer(choices={"target": ("a", "b"), "title": ("x",)})
    sentence = ARTICLES["banjir"][2][1]
    played = Played(
        round_id="satu",
        purpose="production",
        annotators={"ani": "expert"},
        answers={sentence: [answer]},
    )
    given = content(sample(OTHER, [played], span_key=()))
    files = build_stand_off(given)
    assert verify(files, versions()) == []
    (row,) = (row for row in rows_of(files, table("sentences")) if row["labelled"])
    assert (row["target"], row["title"]) == (["a", "b"], "x")
    assert "text" not in row
    back = rehydrate(to_content(read_release(files)), {a.article_id: a for a in given.articles})
    assert build(back.content) == build(given)

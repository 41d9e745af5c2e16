"""Every kind of change with the bump that it calls for and the finding that names it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features, Value

from samples import (
    ARTICLES,
    GUIDELINES,
    META,
    SPLITS,
    STANCE,
    Played,
    content,
    digested,
    said,
    sample,
)
from sikap.records import Annotation, Round, Span, sentence_id
from sikap.release.data.content import Content, Inputs
from sikap.release.diff.changes import ConfigDiff, Diff
from sikap.release.diff.diff import diff
from sikap.release.diff.read_any_format import read_edition
from sikap.release.diff.semantic_version import verdict
from sikap.release.files.build import build
from sikap.release.files.parquet import features_of, from_parquet, to_parquet
from sikap.storage.files import sha256
from tamper import (
    GOOD,
    Files,
    Row,
    rows_of,
    sealed,
    table,
    to_table,
    with_json,
    with_rows,
    with_text,
)

Change = Callable[[Files], Files]
Finding = Callable[[Diff], object]
Edit = Callable[[Annotation], Annotation]
replace = msgspec.structs.replace


def built(given: Content) -> Change:
    return lambda _: build(digested(given))


def meta(**fields: Any) -> Change:
    return built(replace(content(), meta=replace(META, **fields)))


def file(name: str, data: bytes) -> Change:
    """The project's labelling config or guidelines with other bytes; the scheme is the same."""
    given = content()
    which = {"config.xml": "config", "guidelines.md": "guidelines"}[name]
    inputs = Inputs(
        digests=given.inputs.digests | {which: sha256(data)}, versions=given.inputs.versions
    )
    return built(replace(given, inputs=inputs, files=given.files | {name: data}))


def manifest(**parts: Any) -> Change:
    return lambda files: with_json(files, lambda claims: claims.update(parts))


def rows(config: str, change: Callable[[list[Row]], object], split: str = "train") -> Change:
    return lambda files: with_rows(files, table(config, split), change)


def annotated(
    edit: Edit, config: bytes = STANCE, span_key: tuple[str, ...] = ("holder",)
) -> Change:
    """The sample with every annotation edited, its labels settled anew."""
    given = sample()
    rounds = tuple(
        replace(one, annotations=tuple(edit(said) for said in one.annotations))
        for one in given.rounds
    )
    scheme = sample(config, []).scheme
    return built(content(replace(given, rounds=rounds, config=config, scheme=scheme)))


def spans(change: Callable[[Annotation, Span], Span | None], config: bytes = STANCE) -> Change:
    def edit(said: Annotation) -> Annotation:
        kept = (change(said, span) for span in said.spans)
        return replace(said, spans=tuple(span for span in kept if span is not None))

    return annotated(edit, config)


def relabel(span: Span, old: str, new: str) -> Span:
    return replace(span, label=new) if span.label == old else span


def with_round(purpose: str, text: str, *answers: Any) -> Change:
    """The sample with one more round about a sentence."""
    given = sample()
    play = Played(
        round_id="lagi",
        purpose=msgspec.convert(purpose, Any),
        annotators=dict(zip(("ani", "budi"), ("expert", "crowd"), strict=True)),
        answers={text: answers},
    )
    (more,) = sample(played=[play]).rounds
    more = replace(more, manifest=replace(more.manifest, ordinal=4))
    return built(content(replace(given, rounds=(*given.rounds, more))))


def with_article(split: str) -> Change:
    """The sample with one more article, which nobody annotated."""
    given = content()
    text = "Angin kencang.\nPohon tumbang."
    article = replace(
        given.articles[0],
        article_id="angin",
        text=text,
        text_sha256=sha256(text),
        title=None,
        source="angin.txt",
    )
    sentences = [
        replace(
            given.sentences[0],
            sentence_id=sentence_id("angin", part, 0),
            article_id="angin",
            index=index,
            paragraph=index,
            kind="body",
            start=text.index(part),
            end=text.index(part) + len(part),
            text=part,
        )
        for index, part in enumerate(text.split("\n"))
    ]
    return built(
        replace(
            given,
            articles=(article, *given.articles),
            sentences=(*sentences, *given.sentences),
            splits=given.splits | {"angin": split},
        )
    )


def without_article(name: str) -> Change:
    given = content()
    return built(
        replace(
            given,
            articles=tuple(one for one in given.articles if one.article_id != name),
            sentences=tuple(one for one in given.sentences if one.article_id != name),
            splits={article: s for article, s in given.splits.items() if article != name},
        )
    )


def edited_text() -> Change:
    """A sentence that nobody annotated reads otherwise, in its article too."""
    given = content()
    old, new = "Belum ada yang membaca ini.", "Belum ada yang membaca itu."
    articles = [
        replace(
            one, text=one.text.replace(old, new), text_sha256=sha256(one.text.replace(old, new))
        )
        for one in given.articles
    ]
    sentences = [
        replace(one, text=new, sentence_id=sentence_id("ujian", new, 0)) if one.text == old else one
        for one in given.sentences
    ]
    return built(replace(given, articles=tuple(articles), sentences=tuple(sentences)))


def swapped_names() -> Change:
    """The first two annotators under each other's pseudonym, in rows and rosters."""
    given = content()
    names = {"a1": "a2", "a2": "a1", "a3": "a3"}

    def roster(one: Round) -> Round:
        entries = (replace(entry, annotator=names[entry.annotator]) for entry in one.roster)
        return replace(one, roster=tuple(entries))

    annotations = [replace(one, annotator=names[one.annotator]) for one in given.annotations]
    rounds = tuple(roster(one) for one in given.rounds)
    return built(replace(given, annotations=tuple(annotations), rounds=rounds))


def columns(config: str, change: Callable[[Features, Row], object]) -> Change:
    """A config whose columns, and every row with them, are changed in place, in all splits."""

    def tampered(files: Files) -> Files:
        for name in [name for name in files if name.startswith(f"data/{config}/")]:
            given = features_of(from_parquet(files[name]))
            assert given is not None
            features = Features(given)
            changed = rows_of(files, name)
            for row in changed:
                change(features, row)
            files = files | {name: to_parquet(to_table(changed, features))}
        return sealed(files)

    return tampered


def added_column(features: Features, row: Row) -> None:
    features["words"] = Value("int32")
    row["words"] = len(row["text"].split())


def dropped_column(features: Features, row: Row) -> None:
    features.pop("target", None)
    row.pop("target")


def wider_column(features: Features, row: Row) -> None:
    features["target_start"] = Value("int64")


def turned_classes(features: Features, row: Row) -> None:
    features["label"] = ClassLabel(names=["neutral", "against", "favor"])


def sharded(files: Files) -> Files:
    """A table in two files; the rows are the same."""
    name = table("sentences")
    data = from_parquet(files[name])
    parts = {}
    for place, part in enumerate((data.slice(0, 5), data.slice(5))):
        sink = pa.BufferOutputStream()
        pq.write_table(part, sink)
        parts[f"data/sentences/train-0000{place}-of-00002.parquet"] = sink.getvalue().to_pybytes()
    return sealed({n: d for n, d in files.items() if n != name} | parts)


def repacked(files: Files) -> Files:
    sink = pa.BufferOutputStream()
    pq.write_table(from_parquet(files[table("stance")]), sink, compression="none")
    return sealed(files | {table("stance"): sink.getvalue().to_pybytes()})


def without(prefix: str) -> Change:
    return lambda files: sealed({n: d for n, d in files.items() if not n.startswith(prefix)})


def also(name: str, data: bytes) -> Change:
    return lambda files: sealed(files | {name: data})


def moved_row(files: Files) -> Files:
    taken: list[Row] = []
    files = with_rows(files, table("stance"), lambda rows: taken.append(rows.pop()))
    return with_rows(files, table("stance", "test"), lambda rows: rows.extend(taken))


def config_of(found: Diff, name: str) -> ConfigDiff:
    return next(change for change in found.configs if change.config == name)


def relabelled(found: Diff, control: str) -> dict[tuple[str, str], int]:
    return {
        (change.old, change.new): len(change.ids)
        for one in found.labels
        if one.control == control
        for change in one.changes
    }


def touched(found: Diff) -> set[str]:
    return {change.config for change in found.configs}


def only_rows(found: Diff, config: str, what: str, number: int) -> bool:
    """Whether a config has this one kind of change in its rows, so often."""
    change = config_of(found, config)
    counts = {
        "added": sum(map(len, change.added.values())),
        "removed": sum(map(len, change.removed.values())),
        "edited": len(change.edited),
        "moved": sum(map(len, change.moved.values())),
    }
    return {name: count for name, count in counts.items() if count} == {what: number}


OTHERS = content().inputs.versions | {"pyarrow": "99"}
DAM = ARTICLES["banjir"][2][1]
UNREAD = "Belum ada yang membaca ini."
TONE = b'<Choices name="tone" toName="text"><Choice value="calm"/></Choices></View>'
SPANNED = [row for row in rows_of(GOOD, table("sentences")) if row["spans"]]
RENAMED = STANCE.replace(b'value="GPE"', b'value="KOTA"')
TURNED = STANCE.replace(b'value="GPE"', b'value="?"').replace(b'value="LOC"', b'value="GPE"')
TURNED = TURNED.replace(b'value="?"', b'value="LOC"')

TURNED_CLASSES = columns("stance", turned_classes)

KINDS: Mapping[str, tuple[Change, str, Finding]] = {
    "nothing": (lambda files: files, "none", lambda d: d.is_empty),
    "the version alone": (
        lambda files: with_json(files, lambda m: m["dataset"].update(version="1.0.1")),
        "none",
        lambda d: d.is_empty and d.new_version == "1.0.1",
    ),
    # what people say, the rows as they were
    "the summary": (meta(summary="Lain."), "patch", lambda d: set(d.meta) == {"summary"}),
    "the licence": (
        meta(licence="CC0-1.0"),
        "patch",
        lambda d: (d.meta["licence"].old, d.meta["licence"].new) == ("CC-BY-4.0", "CC0-1.0"),
    ),
    "the language": (meta(language="ms"), "patch", lambda d: set(d.meta) == {"language"}),
    "the limits": (meta(limits=()), "patch", lambda d: d.meta["limits"].new == "[]"),
    "a field of another format": (
        lambda f: with_json(f, lambda m: m["dataset"].update(patrons=["Tim Uji"])),
        "patch",
        lambda d: d.meta["patrons"].old == "null",
    ),
    "the guidelines": (
        file("guidelines.md", GUIDELINES + b"\nSemua.\n"),
        "patch",
        lambda d: d.guidelines and not d.config_file and not d.configs,
    ),
    "a colour in the labelling config": (
        file("config.xml", STANCE.replace(b'hotkey="1"', b'hotkey="0"')),
        "patch",
        lambda d: d.config_file and not d.scheme and not d.configs,
    ),
    "an answer of the datasheet": (
        built(replace(content(), datasheet=content().datasheet.replace("Ditulis", "Dibuat"))),
        "patch",
        lambda d: d.datasheet and d.files.changed == ("DATASHEET.md",),
    ),
    "words of the card": (
        lambda f: with_text(f, "README.md", "Uji", "Ujian"),
        "patch",
        lambda d: d.files.changed == ("README.md",) and not d.datasheet,
    ),
    "a file more": (
        also("notes.json", b"{}"),
        "patch",
        lambda d: d.files.added == ("notes.json",),
    ),
    "a file less": (without("browse.html"), "patch", lambda d: d.files.removed == ("browse.html",)),
    "the versions that decide bytes": (
        built(replace(content(), inputs=replace(content().inputs, versions=OTHERS))),
        "patch",
        lambda d: d.manifest == ("inputs.versions",),
    ),
    "baselines": (manifest(baselines={}), "patch", lambda d: d.manifest == ("baselines",)),
    "quarantined articles": (
        manifest(quarantined=["salinan"]),
        "patch",
        lambda d: d.manifest == ("quarantined",),
    ),
    "the format": (manifest(format=2), "patch", lambda d: d.manifest == ("format",)),
    "figures alone": (
        lambda f: with_json(f, lambda m: m["facts"].update(balance={})),
        "patch",
        lambda d: d.manifest == ("facts",),
    ),
    "the purpose of a round": (
        lambda f: with_json(f, lambda m: m["rounds"][0].update(purpose="production")),
        "patch",
        lambda d: d.rounds_changed == {"coba": ("purpose",)},
    ),
    "a round that nobody lists": (
        lambda f: with_json(f, lambda m: m["rounds"].pop(0)),
        "patch",
        lambda d: d.rounds_removed == ("coba",),
    ),
    "the order of rows": (
        rows("sentences", list.reverse),
        "patch",
        lambda d: config_of(d, "sentences").state == "reordered",
    ),
    "the compression": (repacked, "patch", lambda d: config_of(d, "stance").state == "repacked"),
    "the shards": (sharded, "patch", lambda d: config_of(d, "sentences").state == "repacked"),
    # more than there was, the old rows as they were
    "an article in an old split": (
        with_article("train"),
        "minor",
        lambda d: (
            touched(d) == {"articles", "sentences"}
            and config_of(d, "articles").added == {"train": ("angin",)}
            and only_rows(d, "sentences", "added", 2)
        ),
    ),
    "an article in a new split": (
        with_article("dev"),
        "minor",
        lambda d: config_of(d, "articles").added == {"dev": ("angin",)},
    ),
    "a round that decides nothing": (
        with_round("calibration", DAM, said(), said()),
        "minor",
        lambda d: (
            touched(d) == {"annotations"}
            and only_rows(d, "annotations", "added", 2)
            and d.rounds_added == ("lagi",)
        ),
    ),
    "a config": (
        lambda f: also("data/lain/train-00000-of-00001.parquet", f[table("stance")])(f),
        "minor",
        lambda d: [(c.config, c.state) for c in d.configs] == [("lain", "added")],
    ),
    "a view of old test rows": (
        lambda f: also("data/stance/luar-00000-of-00001.parquet", f[table("stance", "test")])(f),
        "minor",
        lambda d: set(config_of(d, "stance").added) == {"luar"} and touched(d) == {"stance"},
    ),
    "an old test row in another view": (
        rows("stance", lambda rows: rows[0].update(views=["time"]), "test"),
        "minor",
        lambda d: len(config_of(d, "stance").reviewed) == 1 and not config_of(d, "stance").edited,
    ),
    # rows that were there are changed, moved or gone
    "a text": (
        edited_text(),
        "major",
        lambda d: (
            config_of(d, "articles").edits == {"text": 1, "text_sha256": 1}
            and config_of(d, "sentences").removed.keys() == {"train"}
            and config_of(d, "sentences").added.keys() == {"train"}
        ),
    ),
    "an article in another split": (
        built(replace(content(), splits=SPLITS | {"ujian": "test"})),
        "major",
        lambda d: config_of(d, "articles").moved == {"train → test": ("ujian",)},
    ),
    "a row in another split": (moved_row, "major", lambda d: only_rows(d, "stance", "moved", 1)),
    "an article less": (
        without_article("ujian"),
        "major",
        lambda d: config_of(d, "articles").removed == {"train": ("ujian",)},
    ),
    "a row less": (
        rows("entities", list.pop),
        "major",
        lambda d: only_rows(d, "entities", "removed", 1),
    ),
    "a split less": (
        without("data/articles/validation"),
        "major",
        lambda d: config_of(d, "articles").removed == {"validation": ("sawah",)},
    ),
    "a config less": (
        without("data/stance/"),
        "major",
        lambda d: [(c.config, c.state) for c in d.configs] == [("stance", "removed")],
    ),
    "the licence of an article": (
        rows("articles", lambda rows: rows[0].update(licence="CC0-1.0")),
        "major",
        lambda d: config_of(d, "articles").edits == {"licence": 1},
    ),
    "a class that was": (
        rows("stance", lambda rows: rows[0].update(label=0)),
        "major",
        lambda d: config_of(d, "stance").edits == {"label": 1},
    ),
    "a stance that everybody now sees": (
        spans(
            lambda _, span: (
                replace(span, attributes={"stance": ("favor",), "holder": ("author",)})
                if span.label == "GPE"
                else span
            )
        ),
        "major",
        lambda d: (
            relabelled(d, "stance") == {("neutral", "favor"): 2}
            and relabelled(d, "holder") == {("(not given)", "author"): 2}
        ),
    ),
    "a holder, which is in the key": (
        spans(
            lambda _, span: (
                replace(span, attributes=span.attributes | {"holder": ("author",)})
                if span.label == "TOPIC"
                else span
            )
        ),
        "major",
        lambda d: relabelled(d, "holder") == {("source", "author"): 1},
    ),
    "a label that everybody now sees": (
        spans(lambda _, span: relabel(span, "FAC", "LOC")),
        "major",
        lambda d: relabelled(d, "entities") == {("FAC", "LOC"): 1} and not d.scheme,
    ),
    "a mention that nobody marks any more": (
        spans(lambda _, span: None if span.label == "ORG" else span),
        "major",
        lambda d: relabelled(d, "entities") == {("ORG", "(no span)"): 1},
    ),
    "a sentence that is now labelled": (
        with_round("production", UNREAD, said(), said()),
        "major",
        lambda d: len(d.newly_labelled) == 1 and not d.labels,
    ),
    "the time on an item": (
        annotated(lambda said: replace(said, seconds=9.0)),
        "major",
        lambda d: config_of(d, "annotations").edits.keys() == {"seconds"},
    ),
    "votes": (
        spans(
            lambda said, span: None if (said.annotator, span.label) == ("citra", "TOPIC") else span
        ),
        "major",
        lambda d: config_of(d, "sentences").edits == {"spans": 1} and not d.labels,
    ),
    "how a span was settled": (
        rows(
            "sentences",
            lambda rows: [
                s["provenance"].update(how="single") for r in rows for s in r["spans"] or []
            ],
        ),
        "major",
        lambda d: only_rows(d, "sentences", "edited", len(SPANNED)) and not d.labels,
    ),
    "pseudonyms": (
        swapped_names(),
        "major",
        lambda d: config_of(d, "annotations").state == "changed" and not d.labels,
    ),
    "a label under another name": (
        spans(
            lambda _, span: replace(span, label="KOTA") if span.label == "GPE" else span, RENAMED
        ),
        "major",
        lambda d: (
            relabelled(d, "entities") == {("GPE", "KOTA"): 2}
            and (d.scheme[0].values_added, d.scheme[0].values_removed) == (("KOTA",), ("GPE",))
        ),
    ),
    "classes in another order": (
        annotated(lambda said: said, TURNED),
        "major",
        lambda d: (
            d.scheme[0].reordered
            and set(config_of(d, "entities").classes) == {"ner_tags"}
            and not d.labels
        ),
    ),
    "classes in another order in the metadata alone": (
        TURNED_CLASSES,
        "major",
        lambda d: config_of(d, "stance").classes["label"][1] == ("neutral", "against", "favor"),
    ),
    "classes in another order in the metadata of one split": (
        lambda f: sealed(f | {n: d for n, d in TURNED_CLASSES(f).items() if "/train-" in n}),
        "major",
        lambda d: set(config_of(d, "stance").classes) == {"label"},
    ),
    "a class more": (
        annotated(
            lambda said: said,
            STANCE.replace(b'<Label value="LOC"', b'<Label value="DESA"/><Label value="LOC"'),
        ),
        "major",
        lambda d: d.scheme[0].values_added == ("DESA",) and "entities" in touched(d),
    ),
    "a control more": (
        annotated(lambda said: said, STANCE[: STANCE.rindex(b"</View>")] + TONE),
        "major",
        lambda d: (
            [(c.control, c.state) for c in d.scheme] == [("tone", "added")]
            and config_of(d, "sentences").columns_added == ("tone", "tone_provenance")
        ),
    ),
    "a column more": (
        columns("stance", added_column),
        "major",
        lambda d: (
            config_of(d, "stance").columns_added == ("words",) and not config_of(d, "stance").edited
        ),
    ),
    "a column less": (
        columns("stance", dropped_column),
        "major",
        lambda d: config_of(d, "stance").columns_removed == ("target",),
    ),
    "a column of another type": (
        columns("stance", wider_column),
        "major",
        lambda d: config_of(d, "stance").retyped == {"target_start": ("int32", "int64")},
    ),
    "an article withdrawn": (
        manifest(withdrawn=[{"what": "article", "id": "banjir", "since": "1.0.0"}]),
        "major",
        lambda d: d.withdrawn == ("article banjir",),
    ),
    "an annotator withdrawn": (
        manifest(withdrawn=[{"what": "annotator", "id": "a1", "since": "1.0.0"}]),
        "major",
        lambda d: d.withdrawn == ("annotator a1",),
    ),
}


@cache
def changed(what: str) -> Files:
    return KINDS[what][0](GOOD)


@pytest.mark.parametrize("what", KINDS)
def test_every_release_differs_in_nothing_from_itself(what: str) -> None:
    found = diff(read_edition(changed(what)), read_edition(changed(what)))
    assert found.is_empty
    assert verdict(found).bump == "none"


@pytest.mark.parametrize("what", KINDS)
def test_a_kind_of_change_is_named_and_calls_for_its_bump(what: str) -> None:
    _, bump, finding = KINDS[what]
    found = diff(read_edition(GOOD), read_edition(changed(what)))
    assert finding(found), found
    judged = verdict(found)
    assert judged.bump == bump, judged
    assert bool(judged.reasons) == (bump != "none")


@pytest.mark.parametrize("what", KINDS)
def test_a_change_and_its_reverse_are_mirror_images(what: str) -> None:
    old, new = read_edition(GOOD), read_edition(changed(what))
    there, back = diff(old, new), diff(new, old)
    assert touched(there) == touched(back)
    for change in there.configs:
        other = config_of(back, change.config)
        assert (change.added, change.removed) == (other.removed, other.added)
        assert len(change.edited) == len(other.edited)
        assert change.edits == other.edits
        assert (change.before, change.after) == (other.after, other.before)
    for one in there.labels:
        assert relabelled(there, one.control) == {
            (new_, old_): n for (old_, new_), n in relabelled(back, one.control).items()
        }


def test_a_reason_names_its_config_and_how_many_rows() -> None:
    texts = {}
    for what in ("a row less", "a column more", "a round that decides nothing", "a config less"):
        new = read_edition(changed(what))
        texts[what] = [reason.text for reason in verdict(diff(read_edition(GOOD), new)).reasons]
    names = [name for name in GOOD if name.startswith("data/stance/")]
    stance = sum(len(rows_of(GOOD, name)) for name in names)
    assert texts["a row less"] == ["entities: 1 row removed."]
    assert texts["a column more"] == [f"stance: column words added, which changes {stance} rows."]
    assert "annotations: 2 rows added." in texts["a round that decides nothing"]
    assert texts["a config less"] == [f"stance: the config with its {stance} rows is gone."]

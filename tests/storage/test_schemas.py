"""The structs and the JSON Schemas say the same: names, order, types, literals."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
import jsonschema_rs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, codes, item, sentence
from sikap import records
from sikap.agreement import report as agreement
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.study import Options
from sikap.errors import InputError, Problem
from sikap.release.data.baselines import Baseline, Baselines
from sikap.rounds.reanchoring.apply import Orphan
from sikap.rounds.reanchoring.context import Anchor, Place
from sikap.storage import schemas
from sikap.storage.files import encode_line

KINDS: dict[str, type[msgspec.Struct]] = {
    "article": records.Article,
    "sentence": records.Sentence,
    "item": records.Item,
    "annotation": records.Annotation,
    "history": records.History,
    "label": records.Label,
    "round": records.Round,
    "gold": records.Gold,
    "versions": records.Versions,
    "note": records.Note,
    "problem": Problem,
    "baselines": Baselines,
    "tombstone": records.Tombstone,
    "anchor": Anchor,
    "orphan": Orphan,
    "agreement": agreement.AgreementReport,
}
JSON_TYPES = {str: "string", int: "integer", float: "number", type(None): "null"}


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schemas.schema_bytes(name))
    return loaded


def objects(name: str) -> Iterator[tuple[type[msgspec.Struct], dict[str, Any]]]:
    """Every struct of a record kind with the part of the schema that describes it."""
    whole = schema(name)
    waiting: list[tuple[type[msgspec.Struct], dict[str, Any]]] = [(KINDS[name], whole)]
    while waiting:
        struct, part = waiting.pop()
        yield struct, part
        for hint, sub in zip(hints(struct).values(), part["properties"].values(), strict=True):
            for inner, below in nested(hint, sub, whole):
                if "properties" in below:
                    waiting.append((inner, below))


def nested(hint: Any, part: dict[str, Any], whole: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    part = resolved(part, whole)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint, part
    elif get_origin(hint) is tuple:
        yield from nested(get_args(hint)[0], part["items"], whole)
    elif get_origin(hint) is dict:
        yield from nested(get_args(hint)[1], part["additionalProperties"], whole)


def resolved(part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    return part if reference is None else whole["$defs"][reference.removeprefix("#/$defs/")]


def hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    by_field = get_type_hints(struct)
    names = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    return {encoded: by_field[field] for field, encoded in names}


def json_types(hint: Any) -> set[str]:
    if get_origin(hint) in {Union, UnionType}:
        return set().union(*map(json_types, get_args(hint)))
    if get_origin(hint) is Literal:
        return {"enum"}
    if get_origin(hint) is tuple:
        return {"array"}
    if get_origin(hint) is dict or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return {"object"}
    return {JSON_TYPES[hint]}


def stated(part: dict[str, Any]) -> set[str]:
    if "enum" in part:
        return {"enum"}
    return {part["type"]} if isinstance(part["type"], str) else set(part["type"])


@pytest.mark.parametrize("name", KINDS)
def test_a_schema_has_the_fields_of_its_struct_in_the_same_order(name: str) -> None:
    for struct, part in objects(name):
        assert list(part["properties"]) == list(struct.__struct_encode_fields__)
        assert part["required"] == list(part["properties"])
        assert part["additionalProperties"] is False


@pytest.mark.parametrize("name", KINDS)
def test_a_schema_has_the_types_and_literals_of_its_struct(name: str) -> None:
    whole = schema(name)
    for struct, part in objects(name):
        for field, hint in hints(struct).items():
            found = resolved(part["properties"][field], whole)
            assert stated(found) == json_types(hint), field
            if get_origin(hint) is Literal:
                assert tuple(found["enum"]) == get_args(hint), field


@pytest.mark.parametrize("name", schemas.NAMES)
def test_a_schema_is_valid_and_explains_every_field(name: str) -> None:
    whole = schema(name)
    jsonschema.Draft202012Validator.check_schema(whole)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in (whole, *whole.get("$defs", {}).values()):
        for field, found in part["properties"].items():
            assert "description" in found or "$ref" in found, field


def test_every_schema_file_is_known() -> None:
    files = {path.name for path in schemas.folder().glob("*.schema.json")}
    assert files == {f"{name}.schema.json" for name in schemas.NAMES}


digest = st.text("0123456789abcdef", min_size=64, max_size=64)
short = st.text("0123456789abcdef", min_size=16, max_size=16)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
pseudonyms = st.from_regex(r"[A-Za-z0-9_-]{1,32}", fullmatch=True)
natural = st.integers(0, 2**40)
positive = st.integers(1, 2**40)
values = st.lists(words, unique=True, max_size=3).map(tuple)
choices = st.dictionaries(words, values, max_size=2)
round_ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True)

spans = st.builds(records.Span, start=natural, end=positive, label=words, attributes=choices)
provenance = st.builds(records.Provenance, votes=natural, of=positive, round_id=words)
settled = st.builds(records.SettledChoice, values=values, provenance=provenance)
annotations = st.builds(
    records.Annotation,
    annotation_id=words,
    item_id=short,
    round_id=words,
    sentence_id=short,
    annotator=pseudonyms,
    spans=st.lists(spans, max_size=2).map(tuple),
    choices=choices,
    seconds=st.none() | st.floats(0, 1e6),
    created_at=st.none() | words,
)
VALID: dict[str, st.SearchStrategy[Any]] = {
    "article": st.builds(
        records.Article,
        article_id=words,
        text=words,
        text_sha256=digest,
        raw_sha256=digest,
        source=words,
        language=st.sampled_from(["id", "jv", "zh-Hant"]),
        title=st.none() | words,
        published=st.none() | st.dates().map(str),
        encoding=words,
        normalised=values,
    ),
    "sentence": st.builds(
        records.Sentence,
        sentence_id=short,
        article_id=words,
        index=natural,
        paragraph=natural,
        start=natural,
        end=positive,
        text=words,
    ),
    "item": st.builds(
        records.Item,
        item_id=short,
        round_id=words,
        sentence_id=short,
        pass_=st.sampled_from([0, 1, 2]),
        article_id=words,
        start=natural,
        end=positive,
        text=words,
        annotators=st.lists(pseudonyms, min_size=1, max_size=2).map(tuple),
    ),
    "gold": st.builds(
        records.Gold,
        sentence_id=short,
        spans=st.lists(spans, max_size=2).map(tuple),
        choices=choices,
    ),
    "versions": st.builds(
        records.Versions,
        item_id=short,
        versions=st.lists(
            st.builds(
                records.Version, spans=st.lists(spans, max_size=2).map(tuple), choices=choices
            ),
            min_size=1,
            max_size=2,
        ).map(tuple),
    ),
    "note": st.builds(
        records.Note,
        annotation_id=words,
        item_id=short,
        sentence_id=short,
        annotator=pseudonyms,
        control=words,
        values=st.lists(words, min_size=1, max_size=2).map(tuple),
        start=st.none() | positive,
        end=st.none() | positive,
    ),
    "annotation": annotations,
    "history": st.builds(records.History, annotation=annotations),
    "label": st.builds(
        records.Label,
        sentence_id=short,
        article_id=words,
        round_id=words,
        annotators=positive,
        spans=st.lists(
            st.builds(
                records.SettledSpan,
                start=natural,
                end=positive,
                label=words,
                attributes=st.dictionaries(words, settled, max_size=2),
                provenance=provenance,
            ),
            max_size=2,
        ).map(tuple),
        choices=st.dictionaries(words, settled, max_size=2),
    ),
    "round": st.builds(
        records.Round,
        round_id=round_ids,
        ordinal=positive,
        roster=st.lists(
            st.builds(records.Annotator, annotator=pseudonyms), min_size=1, max_size=2
        ).map(tuple),
        design=st.builds(
            records.Design,
            overlap=positive,
            calibration=natural,
            repeats=natural,
            gold=natural,
            seed=natural,
            sampling=words,
        ),
        digests=st.builds(
            records.Digests,
            config=digest,
            guidelines=digest,
            items=digest,
            gold=st.none() | digest,
            versions=st.none() | digest,
            predictions=st.none() | digest,
        ),
        projects=st.lists(
            st.builds(
                records.StudioProject,
                project_id=positive,
                title=words,
                annotator=st.none() | pseudonyms,
            ),
            max_size=1,
        ).map(tuple),
        counts=st.builds(
            records.Counts,
            items=natural,
            submitted=natural,
            skipped=natural,
            drafts=natural,
            rejected=natural,
        ),
    ),
    "problem": st.builds(
        Problem,
        code=st.just("schema"),
        found=words,
        fix=words,
        line=st.none() | positive,
    ),
    "baselines": st.builds(
        Baselines,
        content_hashes=st.dictionaries(words, digest, max_size=2),
        versions=st.dictionaries(words, words, max_size=2),
        figures=st.lists(
            st.builds(
                Baseline,
                config=words,
                model=words,
                classes=values,
                value=st.floats(0, 1),
                **dict.fromkeys(("support", "train", "test", "train_null", "test_null"), natural),
            ),
            max_size=2,
        ).map(tuple),
    ),
}
VALID["tombstone"] = st.builds(
    records.Tombstone,
    id=words,
    since=st.none() | st.from_regex(r"[0-9]+\.[0-9]+\.[0-9]+", fullmatch=True),
    reason=words,
    items=st.dictionaries(round_ids, digest, max_size=2),
)
places = st.builds(
    Place, sentence_id=short, start=natural, end=positive, text=words, before=words, after=words
)
VALID["anchor"] = st.builds(
    Anchor,
    round_id=words,
    sentence_id=short,
    article_id=words,
    to=st.none() | short,
    start=natural,
    text=words,
    before=words,
    after=words,
    places=st.lists(places, max_size=2).map(tuple),
)
VALID["orphan"] = st.builds(
    Orphan,
    round_id=words,
    sentence_id=short,
    article_id=words,
    text=words,
    annotation=annotations,
)
basis = st.builds(Basis, **dict.fromkeys(("units", "ratings", "annotators", "clusters"), natural))
figures = st.lists(
    st.builds(
        Figure,
        coefficient=words,
        basis=basis,
        **dict.fromkeys(("value", "low", "high"), st.none() | st.floats(-1, 1)),
    ),
    max_size=1,
).map(tuple)


def few(struct: type[msgspec.Struct], **fields: st.SearchStrategy[Any]) -> Any:
    return st.lists(st.builds(struct, **fields), max_size=1).map(tuple)


pairs = few(agreement.Pair, figures=figures)
by_value = few(agreement.ByValue, count=natural, figures=figures)
counted = st.dictionaries(words, natural, max_size=2)
expected = st.dictionaries(words, st.floats(0, 1e6), max_size=2)
uses = few(agreement.Use, counts=counted, expected=expected, figures=figures)
stretches = few(agreement.Stretch, start=natural, end=natural, figures=figures)
consistency = few(agreement.Consistency, figures=figures)
needed = few(
    agreement.Needed,
    coefficient=words,
    width=st.floats(0, 2),
    wished=st.floats(0, 1),
    **dict.fromkeys(("clusters", "units", "annotators"), st.none() | natural),
)
differences = few(
    agreement.Difference,
    coefficient=words,
    **dict.fromkeys(("value", "low", "high"), st.none() | st.floats(-2, 2)),
)
common: dict[str, st.SearchStrategy[Any]] = {
    "basis": basis,
    "figures": figures,
    "pairs": pairs,
    "annotators": uses,
    "course": stretches,
    "consistency": consistency,
    "needed": needed,
}
tables = st.lists(st.lists(natural, max_size=2).map(tuple), max_size=2).map(tuple)
VALID["agreement"] = st.builds(
    agreement.AgreementReport,
    format=st.just(agreement.FORMAT),
    sikap=words,
    items=natural,
    options=st.builds(
        Options,
        seed=natural,
        replicates=natural,
        confidence=st.floats(0, 1),
        unused=st.sampled_from(["count", "ignore"]),
        width=st.floats(0, 1),
    ),
    definitions=st.dictionaries(
        words,
        st.builds(agreement.Definition, title=words, text=words, source=words),
        max_size=1,
    ),
    variables=few(
        agreement.Variable,
        by_value=by_value,
        confusion=few(agreement.Confusion, table=tables),
        **common,
    ),
    layers=few(
        agreement.Layer,
        by_label=by_value,
        errors=few(
            agreement.Errors,
            **dict.fromkeys(("same", "borders", "types", "both", "missed"), natural),
        ),
        settled=uses,
        **common,
    ),
    between=few(
        agreement.Between,
        guidelines=st.none() | digest,
        figures=st.dictionaries(words, figures, max_size=1),
        differences=st.dictionaries(words, differences, max_size=1),
    ),
    contested=few(
        agreement.Contested,
        share=st.floats(0, 1),
        text=st.none() | words,
        said=few(
            agreement.Said,
            spans=st.dictionaries(words, st.lists(spans, max_size=1).map(tuple), max_size=1),
            values=choices,
        ),
    ),
    problems=st.lists(VALID["problem"], max_size=1).map(tuple),
)
broken: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3) | st.just([{}])
)


@given(st.data())
@pytest.mark.parametrize("name", KINDS)
def test_every_valid_record_is_accepted_as_it_is_written(name: str, data: st.DataObject) -> None:
    record = data.draw(VALID[name])
    assert list(schemas.check(name, [json.loads(encode_line(record))], "f")) == []


@given(st.data())
@pytest.mark.parametrize("name", KINDS)
def test_both_validators_agree_on_whole_and_broken_rows(name: str, data: st.DataObject) -> None:
    row = msgspec.json.decode(encode_line(data.draw(VALID[name])))
    field = data.draw(st.sampled_from([*row, "unknown"]))
    if data.draw(st.booleans()) and field in row:
        del row[field]
    else:
        row[field] = data.draw(broken)
    whole = schema(name)
    fast = jsonschema_rs.Draft202012Validator(whole).is_valid(row)
    assert fast == jsonschema.Draft202012Validator(whole).is_valid(row)
    assert fast == (not list(schemas.check(name, [row], "f")))


def test_problems_name_the_line_and_the_field() -> None:
    good = msgspec.to_builtins(sentence("Halo."))
    bad = {**good, "kind": "lirik", "index": -1}
    found = list(schemas.check("sentence", [good, bad, good], "dataset/sentences.jsonl"))
    assert codes(found) == ["schema", "schema"]
    assert {problem.line for problem in found} == {2}
    assert [problem.found.partition(":")[0] for problem in found] == ["$.index", "$.kind"]


def test_tuples_of_a_record_count_as_lists() -> None:
    row = msgspec.to_builtins(annotation(item("Halo."), "a b"))
    assert isinstance(row["spans"], tuple)
    (problem,) = schemas.check("annotation", [row], "f")
    assert problem.found.startswith("$.annotator")


def test_schemas_are_found_in_the_package_before_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "scripts" / "sikap"
    monkeypatch.setattr(schemas, "__file__", str(package / "storage" / "schemas.py"))
    with pytest.raises(InputError, match="file-missing"):
        schemas.folder()
    for folder in (tmp_path / "schema", package / "schema"):
        folder.mkdir(parents=True)
        (folder / "article.schema.json").touch()
        assert schemas.folder() == folder


def test_a_line_break_after_the_end_of_a_pattern_is_named() -> None:
    """To jsonschema alone, ``$`` is also before a last line break."""
    given = msgspec.to_builtins(sentence("Hujan turun.")) | {"sentence_id": "0" * 16 + "\n"}
    problems = list(schemas.check("sentence", [given], "x.jsonl"))
    assert codes(problems) == ["schema"]
    assert problems[0].found

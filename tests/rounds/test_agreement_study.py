from collections.abc import Mapping, Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, manifest, shipped_scheme, span
from configs import REGION, TEXT, choices, labels, read
from sikap.agreement.ratings import Level, Ratings
from sikap.agreement.study import Study
from sikap.labelling_config.scheme import Scheme
from sikap.records import (
    Annotation,
    Extent,
    How,
    Item,
    Label,
    Provenance,
    SettledChoice,
    SettledSpan,
    Span,
)
from sikap.rounds.agreement_study import Sentences, settled_spans, study_of

TWO = ("Belsara pulang.", "Hujan turun.")
ITEMS = [item(text, article=f"article-{n}") for n, text in enumerate(TWO)]
FIRST, SECOND = ITEMS
TONE = read(TEXT, choices("tone", ("x", "y")))


def study(
    scheme: Scheme,
    *said: Annotation,
    levels: Mapping[str, Level] = {},
    items: Sequence[Item] = ITEMS,
    texts: Mapping[str, str] = {},
    tokens: Mapping[str, tuple[Extent, ...]] = {},
    settled: Mapping[str, tuple[Span, ...]] = {},
) -> Study:
    sentences = Sentences(
        articles={one.sentence_id: one.article_id for one in items},
        texts=texts,
        tokens=tokens,
        settled=settled,
    )
    passes = {one.item_id: one.pass_ for one in items}
    return study_of(manifest(), said, passes, sentences, scheme, levels)


def says(of: Item, annotator: str, **given: str | tuple[str, ...]) -> Annotation:
    chosen = {name: (v,) if isinstance(v, str) else v for name, v in given.items()}
    return annotation(of, annotator, choices=chosen)


def values(ratings: Ratings) -> dict[tuple[str, str], str]:
    rows = zip(ratings.item, ratings.annotator, ratings.value, strict=True)
    return {(ratings.items[i], ratings.annotators[a]): ratings.values[v] for i, a, v in rows}


def test_items_are_sentences_and_clusters_are_articles() -> None:
    (tone,) = study(TONE, says(FIRST, "a1", tone="x"), says(SECOND, "a2", tone="y")).variables
    assert values(tone) == {(FIRST.sentence_id, "a1"): "x", (SECOND.sentence_id, "a2"): "y"}
    assert tone.clusters == ("article-0", "article-1")
    assert (tone.name, tone.level, tone.about, tone.values) == (
        "tone",
        "nominal",
        "item",
        ("x", "y"),
    )


def test_what_nobody_chose_is_on_the_scale_in_the_order_of_the_config() -> None:
    scheme = read(TEXT, choices("tone", ("good", "bad", "awful")))
    (tone,) = study(scheme, says(FIRST, "a1", tone="bad"), levels={"tone": "ordinal"}).variables
    assert (tone.level, tone.values) == ("ordinal", ("good", "bad", "awful"))


def test_skips_other_rounds_and_known_answers_are_left_out() -> None:
    gold = item("Salju turun.", pass_=0)
    other = item(TWO[0], "r2", article="article-0")
    found = study(
        TONE,
        annotation(FIRST, "a1", status="skipped"),
        says(gold, "a2", tone="x"),
        says(other, "a3", tone="x"),
        says(SECOND, "a2", tone="y"),
        items=[*ITEMS, gold, other],
    )
    assert values(found.variables[0]) == {(SECOND.sentence_id, "a2"): "y"}
    assert found.again == ()


def test_a_second_pass_is_of_the_same_items_and_in_no_agreement() -> None:
    again = item(TWO[0], article="article-0", pass_=2)
    scheme = read(TEXT, labels(), choices("tone", ("x", "y")))
    found = study(
        scheme, says(FIRST, "a1", tone="x"), says(again, "a1", tone="y"), items=[*ITEMS, again]
    )
    key = (FIRST.sentence_id, "a1")
    assert values(found.variables[0]) == {key: "x"}
    assert values(found.again[0]) == {key: "y"}
    assert [set(layers[0].spans) for layers in (found.layers, found.marks_again)] == [{key}, {key}]


def test_a_choice_whose_condition_does_not_hold_is_missing() -> None:
    when = 'visibleWhen="choice-selected" whenTagName="tone" whenChoiceValue="x"'
    scheme = read(TEXT, choices("tone", ("x", "y")), choices("why", ("u", "v"), when))
    found = study(scheme, says(FIRST, "a1", tone="x", why="u"), says(FIRST, "a2", tone="y"))
    tone, why = found.variables
    assert set(values(tone).values()) == {"x", "y"}
    assert values(why) == {(FIRST.sentence_id, "a1"): "u"}


def test_a_nominal_choice_that_was_asked_and_left_empty_has_a_value_of_its_own() -> None:
    said = says(FIRST, "a1", tone="x"), says(FIRST, "a2")
    (tone,) = study(TONE, *said).variables
    assert values(tone) == {(FIRST.sentence_id, "a1"): "x", (FIRST.sentence_id, "a2"): "(none)"}
    assert tone.values == ("x", "y", "(none)")


def test_on_a_scale_with_an_order_what_was_left_empty_is_missing() -> None:
    said = says(FIRST, "a1", tone="x"), says(FIRST, "a2")
    (tone,) = study(TONE, *said, levels={"tone": "ordinal"}).variables
    assert values(tone) == {(FIRST.sentence_id, "a1"): "x"}
    assert tone.values == ("x", "y")


def test_several_values_are_a_set_and_none_is_the_empty_one() -> None:
    scheme = read(TEXT, choices("topics", ("p", "q", "r"), 'choice="multiple"'))
    found = study(
        scheme, says(FIRST, "a1", topics=("r", "p")), says(FIRST, "a2", topics=("p", "r")),
        says(FIRST, "a3"),
    )  # fmt: skip
    (topics,) = found.variables
    assert (topics.level, topics.values) == ("masi", ("(none)", "p, r"))
    assert topics.members == (frozenset(), frozenset({"p", "r"}))
    assert list(values(topics).values()) == ["p, r", "p, r", "(none)"]


def test_the_shipped_scheme_has_one_layer_with_what_is_said_of_its_spans() -> None:
    (layer,) = study(shipped_scheme(), annotation(FIRST, "a1", [span(0, 7)])).layers
    assert layer.name == "entities"
    assert layer.labels == ("PER", "ORG", "GPE", "LOC", "FAC", "EVT", "WPN", "TOPIC")
    assert [(one.name, one.values, one.level) for one in layer.attributes] == [
        ("stance", ("favor", "against", "neutral"), "nominal"),
        ("holder", ("author", "source"), "nominal"),
    ]
    assert layer.spans == {(FIRST.sentence_id, "a1"): (span(0, 7),)}


def test_each_control_that_marks_is_a_layer_with_the_attributes_of_its_labels() -> None:
    scheme = read(
        TEXT,
        labels("names", ("PER", "ORG")),
        labels("events", ("EVT",)),
        choices("tense", ("past", "future"), f'{REGION} whenLabelValue="EVT"'),
        choices("sure", ("yes", "no"), REGION),
    )
    per, evt = span(0, 7, "PER", sure="yes"), span(0, 14, "EVT", tense="past")
    names, events = study(scheme, annotation(FIRST, "a1", [per, evt])).layers
    assert (names.name, events.name) == ("names", "events")
    assert [one.name for one in names.attributes] == ["sure"]
    assert [one.name for one in events.attributes] == ["tense", "sure"]
    assert list(names.spans.values()) == [(per,)]
    assert list(events.spans.values()) == [(evt,)]


def test_who_marked_nothing_is_there_and_who_skipped_is_not() -> None:
    said = annotation(FIRST, "a1"), annotation(FIRST, "a2", status="skipped")
    (layer,) = study(shipped_scheme(), *said).layers
    assert layer.spans == {(FIRST.sentence_id, "a1"): ()}


def test_only_what_is_of_these_sentences_is_in_the_study() -> None:
    ids = [one.sentence_id for one in ITEMS]
    found = study(
        shipped_scheme(),
        annotation(FIRST, "a1"),
        texts=dict(zip(ids, TWO, strict=True)),
        tokens=dict.fromkeys(ids, ((0, 7),)),
        settled=dict.fromkeys(ids, (span(0, 7),)),
    )
    (layer,) = found.layers
    assert found.texts == {FIRST.sentence_id: TWO[0]}
    assert layer.lengths == {FIRST.sentence_id: 15}
    assert layer.tokens == {FIRST.sentence_id: ((0, 7),)}
    assert layer.settled == {FIRST.sentence_id: (span(0, 7),)}
    assert layer.clusters == {FIRST.sentence_id: "article-0"}


def test_the_moment_of_submission_is_known_in_seconds() -> None:
    said = msgspec.structs.replace(says(FIRST, "a1", tone="x"), created_at="1970-01-01T00:01:00Z")
    scheme = read(TEXT, labels(), choices("tone", ("x", "y")))
    found = study(scheme, said, says(SECOND, "a1", tone="x"))
    assert dict(found.layers[0].when) == {(FIRST.sentence_id, "a1"): 60.0}
    assert sorted(map(str, found.variables[0].when.tolist())) == ["60.0", "nan"]


def test_what_is_open_is_no_settled_span_and_no_settled_value() -> None:
    def settled(*values: str, how: How) -> SettledChoice:
        return SettledChoice(values=values, provenance=by(how))

    def by(how: How) -> Provenance:
        return Provenance(how=how, votes=1, of=2, round_id="r1")

    def marked(start: int, how: How) -> SettledSpan:
        attributes = {
            "stance": settled("favor", how="majority"),
            "holder": settled(how="open"),
        }
        return SettledSpan(
            start=start, end=start + 2, label="PER", attributes=attributes, provenance=by(how)
        )

    spans = (marked(0, "majority"), marked(4, "open"))
    label = Label(
        sentence_id="s", article_id="a", round_id="r1", annotators=2, spans=spans, choices={}
    )
    assert settled_spans([label]) == {"s": (span(0, 2, stance="favor"),)}


MARKED = read(TEXT, labels(), choices("tone", ("x", "y")))
EVERYTHING = [
    annotation(of, who, [span(0, end, "A")], choices={"tone": (tone,)})
    for of, who, end, tone in (
        (FIRST, "a1", 5, "x"),
        (FIRST, "a2", 7, "y"),
        (SECOND, "a1", 5, "x"),
        (SECOND, "a3", 5, "y"),
    )
]
INPUT = study(MARKED, *EVERYTHING)


@given(st.permutations(EVERYTHING))
def test_the_order_of_annotations_changes_nothing(order: list[Annotation]) -> None:
    turned = study(MARKED, *order)
    assert list(turned.layers[0].spans.items()) == list(INPUT.layers[0].spans.items())
    (tone,), (was,) = turned.variables, INPUT.variables
    for column in ("item", "annotator", "value", "cluster"):
        assert getattr(tone, column).tolist() == getattr(was, column).tolist()

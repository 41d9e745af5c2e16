"""What was said of matched spans is a variable like any other."""

from agreement.marking import LABELS, marks_of, span
from sikap.agreement.ratings import Ratings
from sikap.agreement.spans.matched_units import span_units
from sikap.agreement.study import Attribute, Marks
from sikap.records import Span


def rows(ratings: Ratings) -> list[tuple[str, str, str]]:
    """The ratings as unit, annotator and value."""
    return sorted(
        (ratings.items[item], ratings.annotators[who], ratings.values[value])
        for item, who, value in zip(ratings.item, ratings.annotator, ratings.value, strict=True)
    )


def test_matched_spans_are_units_of_their_label_and_of_each_attribute() -> None:
    marks = marks_of(
        {
            ("i", "ana"): (span(0, 4, stance="favor"), span(6, 8)),
            ("i", "budi"): (span(0, 5, "ORG", stance="against"),),
        }
    )
    label, stance = span_units(marks)
    assert (label.name, stance.name) == ("entities:label", "stance")
    assert {label.about, stance.about} == {"span"}
    assert rows(label) == [("i:0-4", "ana", "PER"), ("i:0-4", "budi", "ORG")]
    assert rows(stance) == [("i:0-4", "ana", "favor"), ("i:0-4", "budi", "against")]


def test_labels_and_values_that_nobody_used_are_on_the_scale() -> None:
    marks = marks_of({("i", who): (span(0, 4, stance="favor"),) for who in "ab"})
    label, stance = span_units(marks)
    assert label.values == LABELS
    assert stance.values == ("favor", "against")


def test_an_attribute_without_a_value_is_no_rating() -> None:
    marks = marks_of({("i", "a"): (span(0, 4, stance="favor"),), ("i", "b"): (span(0, 4),)})
    _, stance = span_units(marks)
    assert rows(stance) == [("i:0-4", "a", "favor")]


def test_units_on_the_same_words_have_names_of_their_own() -> None:
    both = (span(0, 4, stance="favor"), span(0, 4, stance="against"))
    label, stance = span_units(marks_of({("i", "a"): both, ("i", "b"): both[::-1]}))
    assert label.items == ("i:0-4", "i:0-4/2")
    assert len({(unit, value) for unit, _, value in rows(stance)}) == 2


def test_units_belong_to_the_cluster_and_the_moment_of_their_item() -> None:
    spans = {("i", who): (span(0, 4),) for who in "ab"}
    marks = Marks(
        name="x", labels=("PER",), spans=spans, clusters={"i": "article"}, when={("i", "a"): 7.0}
    )
    (label,) = span_units(marks)
    assert label.clusters == ("article",)
    assert sorted(label.when.tolist())[0] == 7.0


def test_several_values_of_an_attribute_are_a_set() -> None:
    def held(*values: str) -> Span:
        return Span(start=0, end=4, label="PER", attributes={"holder": values})

    marks = Marks(
        name="x",
        labels=("PER",),
        attributes=(Attribute(name="holder", values=("author", "source"), level="masi"),),
        spans={("i", "a"): (held("source", "author"),), ("i", "b"): (held("source"),)},
        clusters={},
    )
    _, holder = span_units(marks)
    assert holder.values == ("source", "author, source")
    assert holder.members == (frozenset({"source"}), frozenset({"author", "source"}))


def test_without_matched_spans_there_are_no_ratings() -> None:
    label, stance = span_units(marks_of({("i", "a"): (span(0, 4),), ("i", "b"): ()}))
    assert not len(label.item)
    assert not len(stance.item)

from typing import Any

import pyarrow as pa
import pytest

from configs import REGION, choices, labels, read
from sikap.labelling_config.scheme import Scheme
from sikap.release.diff.changes import NO_SPAN, NOT_GIVEN, OPEN, Confusion
from sikap.release.diff.labels import LabelDiff, compare_labels, match_spans
from sikap.release.diff.rows import pair

Row = dict[str, Any]
TEXT = '<Text name="text" value="$text"/>'
SCHEME = read(
    labels("names", ("PER", "ORG")),
    labels("places", ("LOC",)),
    choices("stance", ("favor", "against"), REGION),
    choices("holder", ("author", "source"), REGION),
    choices("tone", ("calm", "loud"), 'choice="multiple"'),
    TEXT,
    span_key=("holder",),
)
HOW = pa.struct([("how", pa.string())])
SPAN = pa.struct(
    [
        *(("start", pa.int32()), ("end", pa.int32()), ("label", pa.string())),
        *(("stance", pa.string()), ("stance_provenance", HOW)),
        *(("holder", pa.string()), ("holder_provenance", HOW)),
    ]
)
SCHEMA = pa.schema(
    [
        ("sentence_id", pa.string()),
        ("labelled", pa.bool_()),
        ("spans", pa.list_(SPAN)),
        ("tone", pa.list_(pa.string())),
        ("tone_provenance", HOW),
    ]
)
SETTLED = {"how": "single"}


def span(start: int, label: str, stance: str = "", holder: str = "", *, asked: bool = True) -> Row:
    return {
        "start": start,
        "end": start + 2,
        "label": label,
        "stance": stance or None,
        "stance_provenance": SETTLED if asked else None,
        "holder": holder or None,
        "holder_provenance": SETTLED if holder else None,
    }


def row(name: str, *spans: Row, tone: tuple[str, ...] | None = None) -> Row:
    given = None if tone is None else SETTLED
    return {
        "sentence_id": name,
        "labelled": True,
        "spans": list(spans),
        "tone": list(tone or ()) or None,
        "tone_provenance": given,
    }


def unlabelled(name: str) -> Row:
    return dict.fromkeys(SCHEMA.names) | {"sentence_id": name, "labelled": False}


def compared(old: list[Row], new: list[Row], after: Scheme = SCHEME) -> LabelDiff:
    one, other = ({"train": pa.Table.from_pylist(r, schema=SCHEMA)} for r in (old, new))
    return compare_labels(pair("sentences", one, other, ("holder",)), SCHEME, after)


def of(found: LabelDiff, control: str) -> Confusion:
    return next(one for one in found.labels if one.control == control)


def test_a_confusion_table_is_what_is_counted_by_hand() -> None:
    old = [
        row("s1", span(0, "PER", "favor", "author"), span(3, "ORG", "against", "source")),
        row("s2", span(0, "PER", "favor", "author"), span(5, "LOC", asked=False)),
        row("s3", span(0, "ORG", ""), tone=("calm",)),
        row("s4", span(0, "PER", "favor", "author"), tone=("calm", "loud")),
        row("s5", tone=()),
    ]
    more = span(7, "PER", "favor", "author")
    new = [
        row("s1", span(0, "ORG", "favor", "author"), span(3, "ORG", "favor", "source")),
        row("s2", span(0, "PER", "against", "author")),
        row("s3", span(0, "ORG", "favor", "source"), more, tone=("loud",)),
        row("s4", span(0, "PER", "favor", "author"), tone=("calm", "loud")),
        row("s5", tone=("calm",)),
    ]
    found = compared(old, new)
    assert of(found, "names").table() == {
        "PER": {"PER": 2, "ORG": 1, NO_SPAN: 0},
        "ORG": {"PER": 0, "ORG": 2, NO_SPAN: 0},
        NO_SPAN: {"PER": 1, "ORG": 0, NO_SPAN: 0},
    }
    assert of(found, "places").table() == {
        "LOC": {"LOC": 0, NO_SPAN: 1},
        NO_SPAN: {"LOC": 0, NO_SPAN: 0},
    }
    assert of(found, "stance").table() == {
        "favor": {"favor": 2, "against": 1, OPEN: 0},
        "against": {"favor": 1, "against": 0, OPEN: 0},
        OPEN: {"favor": 1, "against": 0, OPEN: 0},
    }
    assert of(found, "holder").table() == {
        "author": {"author": 3, "source": 0, NOT_GIVEN: 0},
        "source": {"author": 0, "source": 1, NOT_GIVEN: 0},
        NOT_GIVEN: {"author": 0, "source": 1, NOT_GIVEN: 0},
    }
    tones = {(c.old, c.new): c.ids for c in of(found, "tone").changes}
    assert tones == {("calm", "loud"): ("s3",), (OPEN, "calm"): ("s5",)}
    assert of(found, "tone").kept == {NOT_GIVEN: 2, "calm, loud": 1}


def test_a_cell_names_the_spans_that_are_in_it() -> None:
    found = compared([row("s1", span(4, "PER", "favor"))], [row("s1", span(4, "ORG", "favor"))])
    (change,) = of(found, "names").changes
    assert (change.old, change.new, change.ids) == ("PER", "ORG", ("s1 4-6",))
    assert [one.control for one in found.labels] == ["names"]


def test_sentences_labelled_in_one_release_only_are_no_confusion() -> None:
    old = [row("s1", span(0, "PER", "favor")), unlabelled("s2"), unlabelled("s3")]
    new = [unlabelled("s1"), row("s2", span(0, "PER", "favor")), unlabelled("s3")]
    found = compared(old, new)
    assert (found.labels, found.newly_labelled, found.unlabelled) == ((), ("s2",), ("s1",))


def test_a_label_that_goes_to_another_control_leaves_the_first() -> None:
    found = compared([row("s1", span(0, "PER", "favor"))], [row("s1", span(0, "LOC", "favor"))])
    assert [(c.old, c.new) for c in of(found, "names").changes] == [("PER", NO_SPAN)]
    assert [(c.old, c.new) for c in of(found, "places").changes] == [(NO_SPAN, "LOC")]


def test_a_value_of_the_newer_scheme_has_its_place_in_the_table() -> None:
    after = read(labels("names", ("PERSON", "ORG")), TEXT)
    found = compared([row("s1", span(0, "PER"))], [row("s1", span(0, "PERSON"))], after)
    assert of(found, "names").values == ("PER", "PERSON")


def test_tables_without_labels_give_no_confusion() -> None:
    one, other = ({"train": pa.table({"sentence_id": ["a"], "n": [n]})} for n in (1, 2))
    assert compare_labels(pair("sentences", one, other, ()), SCHEME, SCHEME) == LabelDiff()


HOLDERS = [span(0, "PER", "favor", "author"), span(0, "PER", "against", "source")]


@pytest.mark.parametrize("turned", [HOLDERS, HOLDERS[::-1]])
def test_two_holders_of_one_mention_are_told_apart(turned: list[Row]) -> None:
    assert all(one == other for one, other in match_spans(HOLDERS, turned, ("holder",)))


def test_a_whole_key_is_matched_before_a_part_of_it() -> None:
    kept, gone = HOLDERS
    pairs = list(match_spans([kept, gone], [kept], ("holder",)))
    assert pairs == [(kept, kept), (gone, None)]
    assert list(match_spans([], [kept], ("holder",))) == [(None, kept)]

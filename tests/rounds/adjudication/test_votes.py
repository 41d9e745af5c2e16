from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, codes, item, shipped_scheme, span
from configs import REGION, TEXT, labels, read
from configs import choices as choices_of
from sikap.errors import InputError
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import Annotation, Item, Span
from sikap.rounds.adjudication.votes import (
    COLUMNS,
    Vote,
    read_csv,
    read_label,
    table,
    to_csv,
    written,
)

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
ID = ITEM.item_id
PER, ORG = span(0, 7), span(17, 25, "ORG")
FAVOR = span(0, 7, stance="favor", holder="source")
AGAINST = span(0, 7, stance="against", holder="author")
NAMES = ("a1", "a2", "a3")
TONES = read(labels(), choices_of(), choices_of("topics", more='choice="multiple"'), TEXT)


def said(*of_each: Sequence[Span], of: Item = ITEM) -> list[Annotation]:
    return [annotation(of, name, spans) for name, spans in zip(NAMES, of_each, strict=False)]


def told(votes: Sequence[Vote]) -> dict[str, dict[str, str]]:
    of: dict[str, dict[str, str]] = {}
    for vote in votes:
        of.setdefault(vote.task, {})[vote.worker] = vote.label
    return of


def test_presence_is_asked_of_all_that_anybody_marked_and_attributes_where_two_did() -> None:
    votes, several = table([ITEM], said([FAVOR, ORG], [PER], []), SCHEME)
    assert several == 0
    assert told(votes) == {
        f"entities/{ID}:0-7-PER": {"a1": "yes", "a2": "yes", "a3": "no"},
        f"entities/{ID}:17-25-ORG": {"a1": "yes", "a2": "no", "a3": "no"},
        f"stance/{ID}:0-7-PER": {"a1": "favor", "a2": "neutral"},
        # Who sees no stance was not asked whose it is.
        f"holder/{ID}:0-7-PER": {"a1": "source"},
    }


def test_one_control_can_be_asked_for_and_must_be_there() -> None:
    votes, _ = table([ITEM], said([FAVOR], [FAVOR]), SCHEME, "stance")
    assert list(told(votes)) == [f"stance/{ID}:0-7-PER"]
    with pytest.raises(InputError) as raised:
        table([ITEM], said([FAVOR]), SCHEME, "tone")
    assert codes(raised.value.problems) == ["unknown-control"]


def test_a_mention_of_several_holders_is_counted_and_has_no_votes_on_attributes() -> None:
    votes, several = table([ITEM], said([FAVOR, AGAINST], [FAVOR]), SCHEME)
    assert (list(told(votes)), several) == ([f"entities/{ID}:0-7-PER"], 1)


def test_choices_on_the_sentence_are_votes_and_several_values_one_label() -> None:
    given_: Mapping[str, tuple[str, ...]] = {"tone": ("x",), "topics": ("x", "y")}
    votes, _ = table([ITEM], [annotation(ITEM, "a1", choices=given_), *said([])[:0]], TONES)
    votes += table([ITEM], [annotation(ITEM, "a2")], TONES)[0]
    assert told(votes) == {
        f"tone/{ID}": {"a1": "x", "a2": "[]"},
        f"topics/{ID}": {"a1": '["x", "y"]', "a2": "[]"},
    }


def test_skips_repeats_and_gold_are_no_votes() -> None:
    others = [item(ITEM.text, pass_=0), item(ITEM.text, pass_=2)]
    given_ = [annotation(of, "a1", [PER]) for of in others]
    skipped = annotation(ITEM, "a1", status="skipped")
    assert table([ITEM, *others], [*given_, skipped], SCHEME) == ([], 0)


def test_an_attribute_of_some_labels_is_asked_of_these_alone() -> None:
    only = choices_of("size", more=f'{REGION} whenLabelValue="A"')
    scheme = read(labels("tag", ("A", "B")), only, TEXT)
    spans = [span(0, 3, "A", size="x"), Span(start=4, end=6, label="B", attributes={})]
    votes, _ = table([ITEM], said(spans, spans), scheme, "size")
    assert list(told(votes)) == [f"size/{ID}:0-3-A"]


def control(values: tuple[str, ...], *, multiple: bool) -> Control:
    return Control(name="c", kind="choice", values=values, multiple=multiple)


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.booleans(), st.data())
def test_what_is_written_as_a_label_is_read_back(
    values: list[str], multiple: bool, data: st.DataObject
) -> None:
    of = control(tuple(values), multiple=multiple)
    most = len(values) if multiple else 1
    chosen = data.draw(st.sets(st.sampled_from(values), min_size=1, max_size=most))
    given_ = tuple(value for value in values if value in chosen)
    assert read_label(written(given_, of), of) == given_


@pytest.mark.parametrize("label", ["z", "[", "{}", "3", '["x", "x"]', '["z"]', "yes", ""])
def test_what_is_no_label_is_read_as_none(label: str) -> None:
    assert read_label(label, control(("x", "y"), multiple=True)) is None


def test_one_value_is_not_written_as_a_list_and_nothing_is() -> None:
    of = control(("x", "y"), multiple=False)
    assert (written(("x",), of), written((), of)) == ("x", "[]")
    assert (read_label("[]", of), read_label('["x"]', of)) == ((), None)


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]))] * 3)))
def test_a_table_of_whatever_words_can_be_read_again(rows: list[tuple[str, str, str]]) -> None:
    by_task = {f"t{n}{task}": label for n, (task, _, label) in enumerate(rows)}
    votes = [Vote(task=task, worker="a1", label=label) for task, label in by_task.items()]
    assert read_csv(to_csv(votes).decode(), "t.csv") == by_task


def test_the_columns_are_those_that_crowd_kit_reads() -> None:
    assert COLUMNS == ("task", "worker", "label")
    vote = Vote(task="tone/x", worker="a1", label='a, "b"')
    assert to_csv([vote]) == b'"task","worker","label"\n"tone/x","a1","a, ""b"""\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "its columns are none"),
        ("task,answer\n", "its columns are task, answer"),
        ("agg_label\nx\n", "its columns are agg_label"),
        ("task,agg_label\nt,x\nt,y\n", "the task 't' is there before"),
        ("task,agg_label\nt\n", "the task 't' has no answer"),
        ("task,agg_label\n,x\n", "the row names no task"),
        ('task,agg_label\nt,"x"y\n', "it is no CSV"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(text: str, found: str) -> None:
    with pytest.raises(InputError) as raised:
        read_csv(text, "t.csv")
    assert codes(raised.value.problems) == ["votes"]
    assert found in str(raised.value)


def test_the_column_of_crowd_kit_comes_before_that_of_the_votes() -> None:
    assert read_csv("task,label,agg_label\nt,x,y\n", "t.csv") == {"t": "y"}


def test_the_same_votes_come_in_the_same_order_whoever_was_first() -> None:
    given_ = said([FAVOR, ORG], [PER], [])
    scheme: Scheme = SCHEME
    assert table([ITEM], given_[::-1], scheme) == table([ITEM], given_, scheme)

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, codes, item, shipped_scheme, span
from configs import TEXT, labels, read
from configs import choices as choices_of
from sikap.errors import InputError, Problem
from sikap.labelling_config.scheme import Scheme
from sikap.records import Span, Version
from sikap.rounds.adjudication.aggregated import aggregated
from sikap.rounds.adjudication.disagreements import version
from sikap.rounds.adjudication.votes import table

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
ID = ITEM.item_id
PER, ORG = span(0, 7), span(17, 25, "ORG")
FAVOR = span(0, 7, stance="favor", holder="source")
AGAINST = span(0, 7, stance="against", holder="author")
NAMES = ("a1", "a2", "a3")
TONES = read(labels(), choices_of(), TEXT)


def made(
    *of_each: Sequence[Span], scheme: Scheme = SCHEME, **answers: str
) -> tuple[Version | None, list[Problem]]:
    """What answers, by control and mention, make of the item."""
    said = [annotation(ITEM, name, spans) for name, spans in zip(NAMES, of_each, strict=False)]
    named = {key.replace("__", f"/{ID}:").replace("_", "-"): a for key, a in answers.items()}
    found, problems = aggregated([ITEM], said, named, scheme, "t.csv")
    return found.get(ID), problems


def test_an_answer_decides_against_the_majority_and_for_a_tie() -> None:
    assert made([PER], [PER], [], entities__0_7_PER="no")[0] == Version(spans=(), choices={})
    assert made([PER], [], entities__0_7_PER="yes")[0] == Version(spans=(PER,), choices={})
    assert made([FAVOR], [AGAINST], stance__0_7_PER="against", holder__0_7_PER="author")[0] == (
        Version(spans=(AGAINST,), choices={})
    )


def test_without_an_answer_the_majority_stands_and_a_tie_is_set_aside() -> None:
    assert made([PER], [PER], [])[0] == Version(spans=(PER,), choices={})
    found, problems = made([PER], [])
    assert (found, codes(problems)) == (None, ["open"])
    assert "0-7 PER is a mention" in problems[0].found
    found, problems = made([FAVOR], [AGAINST])
    assert (found, codes(problems)) == (None, ["open"])
    assert problems[0].found == "stance of 0-7 PER is open"


def test_a_holder_without_a_stance_goes_and_a_stance_without_a_holder_is_set_aside() -> None:
    assert made([FAVOR], [AGAINST], stance__0_7_PER="neutral")[0] == (
        Version(spans=(PER,), choices={})
    )
    found, problems = made([PER], [PER], stance__0_7_PER="favor")
    assert (found, codes(problems)) == (None, ["required"])
    assert problems[0].id == f"item {ID}"


def test_a_mention_that_one_marked_has_the_attributes_that_they_gave_it() -> None:
    assert made([FAVOR], [], [], entities__0_7_PER="yes")[0] == (
        Version(spans=(FAVOR,), choices={})
    )


def test_a_mention_of_several_holders_comes_through_where_all_say_the_same() -> None:
    both = [FAVOR, AGAINST]
    assert made(both, both[::-1])[0] == version(both, {}, SCHEME)
    found, problems = made(both, [FAVOR], entities__0_7_PER="yes")
    assert (found, codes(problems)) == (None, ["open"])


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"entities__0_8_PER": "yes"}, "no such task"),
        ({"entities__0_7_PER": "maybe"}, "its answer is 'maybe'"),
        ({"stance__0_7_PER": "yes"}, "its answer is 'yes'"),
        ({"stance__0_7_PER": ""}, "its answer is ''"),
        ({"moods__0_7_PER": "yes"}, "no such task"),
    ],
)
def test_answers_to_no_question_are_refused(answers: dict[str, Any], found: str) -> None:
    with pytest.raises(InputError) as raised:
        made([FAVOR], [PER], **answers)
    assert codes(raised.value.problems) == ["votes"]
    assert found in str(raised.value)


def test_choices_on_the_sentence_are_answered_likewise() -> None:
    said = [annotation(ITEM, n, choices={"tone": (v,)}) for n, v in (("a1", "x"), ("a2", "y"))]
    found, problems = aggregated([ITEM], said, {f"tone/{ID}": "y"}, TONES, "t.csv")
    assert (found[ID].choices, problems) == ({"tone": ("y",)}, [])
    assert codes(aggregated([ITEM], said, {}, TONES, "t.csv")[1]) == ["open"]


def test_who_said_nothing_is_not_answered_for() -> None:
    skipped = [annotation(ITEM, "a1", status="skipped")]
    assert aggregated([ITEM], skipped, {}, SCHEME, "t.csv") == ({}, [])


SPANS = st.builds(
    lambda place, more: span(place[0], place[1], "PER", **more),
    st.sampled_from([(0, 7), (17, 25)]),
    st.sampled_from(
        [
            {"stance": "neutral"},
            {"stance": "favor", "holder": "author"},
            {"stance": "against", "holder": "source"},
        ]
    ),
)
EACH = st.lists(st.lists(SPANS, max_size=3, unique_by=SCHEME.key), min_size=1, max_size=3)


@given(EACH, st.data())
def test_whatever_is_answered_an_item_is_valid_or_set_aside(
    of_each: list[list[Span]], data: st.DataObject
) -> None:
    said = [annotation(ITEM, name, spans) for name, spans in zip(NAMES, of_each, strict=False)]
    labels_of: dict[str, set[str]] = {}
    for vote in table([ITEM], said, SCHEME)[0]:
        labels_of.setdefault(vote.task, set()).add(vote.label)
    tasks = data.draw(st.sets(st.sampled_from(sorted(labels_of)))) if labels_of else set()
    answers = {task: data.draw(st.sampled_from(sorted(labels_of[task]))) for task in sorted(tasks)}
    found, problems = aggregated([ITEM], said, answers, SCHEME, "t.csv")
    assert bool(found) != bool(problems)
    for one in found.values():
        assert list(SCHEME.problems(one.spans, one.choices, len(ITEM.text))) == []


@given(EACH)
def test_a_single_annotator_comes_through_unchanged(of_each: list[list[Span]]) -> None:
    one = of_each[0]
    found, problems = aggregated([ITEM], [annotation(ITEM, "a1", one)], {}, SCHEME, "t.csv")
    assert (found, problems) == ({ID: version(one, {}, SCHEME)}, [])

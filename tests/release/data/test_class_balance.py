from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from configs import TEXT, choices
from samples import ARTICLES, Answer, Played, content, sample
from sikap.release.data.class_balance import balance, balance_of, missing_classes
from sikap.release.data.tables import tables

MULTIPLE = 'choice="multiple"'
SPLITS = ("train", "validation", "test")
VALUES = st.lists(st.tuples(st.sampled_from(SPLITS), st.sampled_from("xyz")))


@given(VALUES)
def test_every_class_is_counted_in_every_split(values: list[tuple[str, str]]) -> None:
    found = balance(values, "xyz", SPLITS)
    assert [list(found), *map(list, found.values())] == [list(SPLITS), *[["x", "y", "z"]] * 3]
    assert Counter({(s, v): n for s, by in found.items() for v, n in by.items()}) == Counter(values)


@given(VALUES)
def test_a_class_is_missing_where_another_split_has_it(values: list[tuple[str, str]]) -> None:
    problems = list(missing_classes({"stance": balance(values, "xyz", SPLITS)}))
    said = {problem.found.split()[0]: problem.found for problem in problems}
    used = {value for _, value in values}
    for split in SPLITS:
        lacking = sorted(used - {value for where, value in values if where == split})
        assert (split in said) == bool(lacking)
        if lacking:
            assert f"no {', '.join(lacking)}," in said[split]
    assert {problem.code for problem in problems} <= {"missing-class"}


def test_the_balance_of_a_release_is_that_of_its_rows() -> None:
    given_ = content()
    rows = {
        config: {split: table.to_pylist() for split, table in by_split.items()}
        for config, by_split in tables(given_).items()
    }
    found = balance_of(given_, SPLITS)
    assert list(found) == ["entities", "stance"]
    names = ("favor", "against", "neutral")
    for split in SPLITS:
        labels = Counter(row["label"] for row in rows["stance"][split])
        assert found["stance"][split] == {name: labels[n] for n, name in enumerate(names)}
        spans = Counter(s["label"] for row in rows["sentences"][split] for s in row["spans"] or ())
        assert {k: v for k, v in found["entities"][split].items() if v} == spans


def test_choices_of_a_sentence_are_counted_value_by_value_and_open_ones_not() -> None:
    config = f"<View>{TEXT}{choices('topics', ('x', 'y', 'z'), MULTIPLE)}{choices()}</View>"
    first, second = ARTICLES["banjir"][2][1], ARTICLES["jalan"][0][1]
    both: dict[str, tuple[str, ...]]
    one: dict[str, tuple[str, ...]]
    both, one = {"topics": ("y", "x"), "tone": ("x",)}, {"topics": ("x",), "tone": ("y",)}
    played = Played(
        round_id="satu",
        purpose="production",
        annotators={"ani": "expert", "budi": "expert"},
        answers={
            first: [Answer(choices=both), Answer(choices=both)],
            second: [Answer(choices=one), Answer(choices={**one, "tone": ("x",)})],
        },
    )
    found = balance_of(content(sample(config.encode(), [played], span_key=())), SPLITS)
    nothing = {"x": 0, "y": 0}
    assert found == {
        "topics": {
            "train": {"x": 1, "y": 1, "z": 0},
            "validation": {**nothing, "z": 0},
            "test": {"x": 1, "y": 0, "z": 0},
        },
        "tone": {"train": {"x": 1, "y": 0}, "validation": nothing, "test": nothing},
    }

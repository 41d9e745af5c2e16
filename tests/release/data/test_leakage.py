from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.release.data.leakage import (
    BITS,
    LEAST_WORDS,
    PART,
    WHOLE,
    Leakage,
    Sentences,
    labelled_twins,
    leakage,
    near_matches,
)
from sikap.text.words import ngrams, normal_form

LONG = "Warga desa itu menolak rencana bendungan baru di hulu sungai kata kepala desa kemarin sore"


def sentences(*rows: tuple[str, str, str, bool]) -> Sentences:
    """Rows are (split, text, kind, labelled); ids are s0, s1, …."""
    splits, texts, kinds, labelled = zip(*rows, strict=True) if rows else ((), (), (), ())
    ids = [f"s{number}" for number in range(len(rows))]
    return Sentences(ids=ids, splits=splits, texts=texts, kinds=kinds, labelled=labelled)


def of_body(train: str, test: str) -> tuple[int, int, int]:
    """Exact, normalised and near sentences of test, where each split has one."""
    found = leakage(sentences(("train", train, "body", False), ("test", test, "body", False)))
    (figure,) = [one for one in found if one.which == "body"]
    assert (figure.split, figure.of) == ("test", 1)
    return figure.exact, figure.normalised, figure.near


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (LONG, (1, 0, 0)),
        (f"“{LONG.upper()}” — ", (0, 1, 0)),
        (LONG.replace(" ", "\u00a0\n"), (0, 1, 0)),
        (LONG.replace("hulu", "hilir"), (0, 0, 1)),
        (f"{LONG} sekali", (0, 0, 1)),
        (LONG.replace("hulu", "hilir").replace("rencana", "usul"), (0, 0, 0)),
        ("Hujan turun.", (0, 0, 0)),
    ],
)
def test_a_sentence_is_counted_under_its_closest_counterpart(
    other: str, found: tuple[int, int, int]
) -> None:
    assert of_body(LONG, other) == found
    assert of_body(other, LONG) == found


def test_digits_tell_sentences_apart() -> None:
    assert of_body("Harga naik 5 persen.", "Harga naik 6 persen.") == (0, 0, 0)


def test_short_sentences_are_near_nothing() -> None:
    words = LONG.split()[: LEAST_WORDS - 1]
    assert of_body(" ".join(words), " ".join([*words[:-1], "lain"])) == (0, 0, 0)


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    text = "".join(chr(0x4E00 + 37 * number) for number in range(40))
    assert of_body(text, f"{text[:-1]}的。") == (0, 0, 1)
    assert of_body(text, "".join(chr(0x4E05 + 41 * number) for number in range(40))) == (0, 0, 0)


def test_each_comparison_has_its_own_sentences_on_both_sides() -> None:
    given_ = sentences(
        ("train", "Satu.", "heading", False),
        ("train", "Dua.", "body", False),
        ("train", "Tiga.", "body", True),
        ("test", "Satu.", "body", True),
        ("test", "Dua.", "body", True),
        ("test", "Tiga.", "body", True),
        ("validation", "Tiga!", "body", False),
    )
    figures = {(one.which, one.split): (one.of, one.exact) for one in leakage(given_)}
    assert figures == {
        ("all", "test"): (3, 3),
        ("all", "validation"): (1, 0),
        ("body", "test"): (3, 2),
        ("body", "validation"): (1, 0),
        ("labelled", "test"): (3, 1),
        ("labelled", "validation"): (0, 0),
    }


def test_without_train_or_without_others_nothing_leaks() -> None:
    assert leakage(sentences()) == ()
    assert leakage(sentences(("train", LONG, "body", True))) == ()
    assert {one.exact for one in leakage(sentences(("test", LONG, "body", True)))} == {0}


WORDS = [f"kata{number}" for number in range(6)]


def edited(words: list[str], random: Random) -> list[str]:
    words = list(words)
    for _ in range(random.randint(0, 3)):
        words[random.randrange(len(words))] = random.choice(WORDS)
    return words[random.randint(0, 2) :]


def near(one: str, other: str) -> bool:
    sets = [ngrams(text.split(" "), 3) for text in (one, other)]
    if min(len(text.split(" ")) for text in (one, other)) < LEAST_WORDS:
        return False
    return Fraction(len(sets[0] & sets[1]), len(sets[0] | sets[1])) >= Fraction(PART, WHOLE)


@given(st.randoms(use_true_random=False))
def test_near_matches_are_those_of_a_comparison_of_all_with_all(random: Random) -> None:
    first = [[random.choice(WORDS) for _ in range(random.randint(7, 16))] for _ in range(5)]
    train = {" ".join(edited(random.choice(first), random)): random.randint(1, 7) for _ in range(9)}
    wanted = {
        " ".join(edited(random.choice(first), random)): random.randint(1, 7) for _ in range(9)
    }
    expected = dict.fromkeys((text for text in wanted if len(text.split()) >= LEAST_WORDS), 0)
    for one, other in product(train, expected):
        if near(one, other):
            expected[other] |= train[one] & wanted[other]
    assert near_matches(train, wanted) == expected


TEXTS = st.sampled_from([LONG, LONG.upper(), LONG.replace("hulu", "hilir"), "Satu.", "satu", "Dua"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["train", "test", "validation"]),
        TEXTS,
        st.sampled_from(["body", "heading"]),
        st.booleans(),
    ),
    max_size=10,
)
Test = Callable[[str, str], bool]
TESTS: dict[str, Test] = {
    "exact": lambda one, other: one == other,
    "normalised": lambda one, other: normal_form(one) == normal_form(other),
    "near": lambda one, other: near(normal_form(one), normal_form(other)),
}
CHOSEN: dict[str, Callable[[tuple[str, str, str, bool]], bool]] = {
    "all": bool,
    "body": lambda row: row[2] == "body",
    "labelled": lambda row: row[3],
}


@given(ROWS, st.randoms(use_true_random=False))
def test_figures_are_those_of_a_comparison_of_all_with_all(
    rows: list[tuple[str, str, str, bool]], random: Random
) -> None:
    expected = []
    for which in BITS:
        chosen = [row for row in rows if CHOSEN[which](row)]
        train = [text for split, text, _, _ in chosen if split == "train"]
        for split in sorted({row[0] for row in rows} - {"train"}):
            counts = dict.fromkeys(TESTS, 0)
            texts = [text for where, text, _, _ in chosen if where == split]
            for text in texts:
                kinds = [k for k, same in TESTS.items() if any(same(text, t) for t in train)]
                counts |= {kind: counts[kind] + 1 for kind in kinds[:1]}
            expected.append(Leakage(which=which, split=split, of=len(texts), **counts))
    assert leakage(sentences(*rows)) == tuple(expected)
    assert leakage(sentences(*random.sample(rows, len(rows)))) == tuple(expected)


def test_labelled_twins_are_named_with_their_counterpart() -> None:
    given_ = sentences(
        ("train", "Hujan turun.", "body", True),
        ("test", "HUJAN turun", "body", True),
        ("test", "Hujan turun.", "body", False),
        ("train", "Adi pulang.", "body", False),
        ("validation", "Adi pulang.", "body", True),
    )
    assert list(labelled_twins(given_)) == [("s1", "test", "s0")]

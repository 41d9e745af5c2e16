import os
import subprocess
import sys
from itertools import chain, combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from builders import article
from sikap.articles.near_duplicates.minhash import signatures
from sikap.articles.near_duplicates.pairs import (
    components,
    copies,
    near_pairs,
    shingles,
    similarity,
)
from sikap.settings import Copies

COPIES = Copies()
LONG = " ".join(f"kata{number}" for number in range(100))


def test_the_same_words_are_a_copy_whatever_their_case_and_punctuation() -> None:
    articles = [
        article("Rusia menyerang Kyiv, kata PBB.", "b"),
        article("Hujan turun di Bogor.", "c"),
        article("RUSIA menyerang\nKyiv — kata “PBB”", "a"),
    ]
    assert copies(articles, COPIES) == [("b", "a")]


def test_a_text_with_some_words_changed_is_a_copy_and_one_with_many_is_not() -> None:
    some = LONG.replace("kata10 ", "lain ").replace("kata60 ", "")
    many = " ".join(w if n % 4 else f"lain{n}" for n, w in enumerate(LONG.split()))
    assert copies([article(LONG, "a"), article(some, "b"), article(many, "c")], COPIES) == [
        ("a", "b")
    ]


def test_a_copy_of_a_copy_belongs_to_the_group() -> None:
    words = LONG.split()
    texts = [" ".join(words[start : start + 70]) for start in (0, 15, 30)]
    assert similarity(shingles(texts[0], COPIES), shingles(texts[2], COPIES)) < COPIES.threshold
    assert copies([article(text, str(n)) for n, text in enumerate(texts)], COPIES) == [
        ("0", "1", "2")
    ]


def test_a_formula_of_an_outlet_makes_no_copies() -> None:
    formula = "baca berita pilihan kami setiap hari di kanal ini"
    articles = [
        article(f"{formula} {' '.join(f'w{n}x{k}' for k in range(20))}", f"{n}") for n in range(120)
    ]
    assert copies(articles, COPIES) == []


def test_other_words_are_no_copy() -> None:
    assert copies([article("dua puluh", "a"), article("dua puluh satu", "b")], COPIES) == []
    assert shingles("dua puluh", COPIES) != shingles("duapuluh", COPIES)


def test_texts_without_words_are_not_copies_of_each_other() -> None:
    assert copies([article("!", "a"), article("?", "b")], COPIES) == []


WORDS = st.sampled_from(["satu", "dua", "tiga", "empat", "lima"])
TEXTS = st.lists(st.lists(WORDS, max_size=9).map(" ".join), max_size=8)


@given(TEXTS, st.randoms(use_true_random=False))
def test_pairs_depend_on_nothing_but_their_two_texts(texts: list[str], random: Random) -> None:
    articles = [article(text, f"a{number}") for number, text in enumerate(texts)]
    pairs = near_pairs(articles, COPIES)
    assert near_pairs(random.sample(articles, len(articles)), COPIES) == pairs
    for pair in pairs:
        both = [one for one in articles if one.article_id in pair[:2]]
        assert near_pairs(both, COPIES) == [pair]


@given(TEXTS)
def test_pairs_are_those_of_an_exact_count_over_all(texts: list[str]) -> None:
    """But for twins, of which the first stands for all, and the few that the bands may miss."""
    sets = {f"a{number}": shingles(text, COPIES) for number, text in enumerate(texts)}
    found = near_pairs([article(text, f"a{number}") for number, text in enumerate(texts)], COPIES)
    firsts = {name: min(n for n in sets if sets[n] == sets[name]) for name in sets}
    expected = [
        (one, other, similarity(sets[one], sets[other]))
        for one, other in combinations(sorted(sets), 2)
        if similarity(sets[one], sets[other]) >= COPIES.threshold
        and firsts[one] == one
        and (firsts[other] in {one, other})
    ]
    assert set(found) <= set(expected)
    assert [pair for pair in found if pair[2] >= 0.6] == [p for p in expected if p[2] >= 0.6]


NODES = st.integers(0, 9).map(str)


@given(st.lists(st.tuples(NODES, NODES)))
def test_components_are_those_of_a_search_from_every_node(edges: list[tuple[str, str]]) -> None:
    nodes = [str(number) for number in range(10)]
    reached = {node: {node} for node in nodes}
    for _ in nodes:
        for one, other in edges:
            joined = reached[one] | reached[other]
            for node in joined:
                reached[node] |= joined
    expected = {frozenset(those) for those in reached.values()}
    found = components(nodes, edges)
    assert {frozenset(group) for group in found} == expected
    assert sorted(chain(*found)) == nodes
    assert found == sorted(found)


def test_a_script_without_spaces_is_compared_by_characters() -> None:
    chinese = "".join(chr(0x4E00 + 37 * number) for number in range(120))
    changed = chinese.replace(chinese[60], "的")
    other = "".join(chr(0x4E00 + 41 * number + 5) for number in range(120))
    articles = [article(chinese, "a"), article(f"{changed}。", "b"), article(other, "c")]
    assert copies(articles, COPIES) == [("a", "b")]


def test_a_javanese_text_with_one_syllable_changed_is_a_copy() -> None:
    letters = Random(1).choices([chr(n) for n in range(0xA98F, 0xA9B3)], k=120)
    changed = [*letters[:60], "ꦲ" if letters[60] != "ꦲ" else "ꦤ", *letters[61:]]
    articles = [article("".join(letters), "a"), article("".join(changed), "b")]
    assert copies(articles, COPIES) == [("a", "b")]


def test_many_more_copies_than_an_outlet_has_formulas_are_one_group() -> None:
    texts = [LONG.replace(f"kata{number} ", "lain ") for number in range(150)]
    (group,) = copies([article(text, f"{number:03}") for number, text in enumerate(texts)], COPIES)
    assert len(group) == 150


PRINT = """
import sys
from builders import article
from sikap.articles.near_duplicates.pairs import near_pairs
from sikap.settings import Copies
words = [f"kata{n * n % 977}" for n in range(4000)]
texts = [" ".join(words[n * 17 : n * 17 + 90]) for n in range(200)]
articles = [article(text, f"a{n:03}") for n, text in enumerate(texts)]
pairs = near_pairs(articles[:: int(sys.argv[1])], Copies())
print(hashlib.sha256(repr(pairs).encode()).hexdigest(), len(pairs))
""".replace("import sys", "import hashlib, sys")


def test_threads_hash_seeds_and_order_change_nothing() -> None:
    found = set()
    for seed, threads, step in (("0", "1", "1"), ("1", "4", "-1"), ("77", "2", "1")):
        world = {**os.environ, "PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads}
        world["PYTHONPATH"] = os.pathsep.join(sys.path)
        done = subprocess.run(
            [sys.executable, "-c", PRINT, step], env=world, capture_output=True, check=True
        )
        found.add(done.stdout.decode().split()[0])
        assert int(done.stdout.split()[1]) > 100
    assert len(found) == 1


def test_settings_say_what_a_copy_is() -> None:
    words = LONG.split()
    changed = " ".join(word if n % 10 else f"lain{n}" for n, word in enumerate(words))
    both = [article(LONG, "a"), article(changed, "b")]
    assert copies(both, Copies(words=3, threshold=0.5)) == [("a", "b")]
    assert copies(both, Copies(words=5, characters=10, threshold=0.5)) == []
    assert copies(both, Copies(words=3, threshold=0.6)) == []


@given(TEXTS, st.randoms(use_true_random=False))
def test_signatures_that_were_kept_change_nothing(texts: list[str], random: Random) -> None:
    articles = [article(text, f"a{number}") for number, text in enumerate(texts)]
    random.shuffle(articles)
    kept = signatures([one.text for one in articles], COPIES)
    assert near_pairs(articles, COPIES, kept) == near_pairs(articles, COPIES)

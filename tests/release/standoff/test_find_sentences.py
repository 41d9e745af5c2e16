"""Sentences found again in a text that has changed, told by nothing but their ids and lengths."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.records import Sentence, sentence_id
from sikap.release.standoff.find_sentences import Sought, refind

ONE, TWO, THREE = "Hujan turun.", "Sari pulang lebih awal.", "Adi menunggu di pasar 🌾."
OLD = [ONE, TWO, THREE]


def cut(texts: list[str]) -> list[Sentence]:
    """The sentences of an article in which these stand one after the other, without texts."""
    start, sentences = 0, []
    for index, text in enumerate(texts):
        id_ = sentence_id("berita", text, texts[:index].count(text))
        sentences.append(
            Sentence(
                sentence_id=id_,
                article_id="berita",
                index=index,
                paragraph=0,
                kind="body",
                start=start,
                end=start + len(text),
                text="",
            )
        )
        start += len(text) + 1
    return sentences


def states(old: list[str], new: str) -> list[str]:
    return [one.state for one in refind("berita", new, cut(old))]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (f"{ONE} {TWO} {THREE}", ["kept", "kept", "kept"]),
        (f"{ONE}\n\n{TWO}\n{THREE}\n", ["kept", "kept", "kept"]),
        (f"Baru. {ONE} {TWO} {THREE}", ["moved", "kept", "kept"]),
        (f"{ONE} {TWO} {THREE} Tamat.", ["kept", "kept", "moved"]),
        (f"{ONE} Baru. {TWO} {THREE}", ["moved", "moved", "kept"]),
        (f"{ONE} Sari pulang. {THREE}", ["moved", "lost", "moved"]),
        (f"{TWO} {ONE} {THREE}", ["moved", "moved", "moved"]),
        (f"{ONE} {TWO} {THREE} {TWO}", ["moved", "ambiguous", "moved"]),
        ("Tidak ada lagi.", ["lost", "lost", "lost"]),
        ("", ["lost", "lost", "lost"]),
    ],
)
def test_a_sentence_is_kept_moved_ambiguous_or_lost(new: str, expected: list[str]) -> None:
    assert states(OLD, new) == expected


def test_the_evidence_is_where_it_begins_and_which_neighbours_it_has() -> None:
    first, second, _ = refind("berita", f"{ONE} Baru. {TWO} {THREE}", cut(OLD))
    assert first == Sought(
        sentence_id=sentence_id("berita", ONE, 0),
        state="moved",
        starts=(0,),
        before=True,
        after=False,
    )
    assert (second.starts, second.before, second.after) == ((len(ONE) + 7,), False, True)


def test_the_places_of_what_is_ambiguous_are_told() -> None:
    sought = refind("berita", f"{ONE} {TWO} {ONE}", cut([ONE, TWO]))
    assert (sought[0].state, sought[0].starts) == ("ambiguous", (0, len(f"{ONE} {TWO} ")))


@pytest.mark.parametrize("times", [1, 3])
def test_equal_sentences_are_told_apart_only_where_there_are_as_many(times: int) -> None:
    twice = [ONE, TWO, ONE]
    assert states(twice, " ".join(twice)) == ["kept", "kept", "kept"]
    found = states(twice, " ".join([TWO, *[ONE] * times]))
    assert found == ["ambiguous", "moved", "ambiguous"]


def test_what_stands_inside_a_longer_sentence_is_no_sentence_of_its_own() -> None:
    long = f"Kata Sari, {ONE}"
    assert states([long, ONE], f"{long} {ONE}") == ["kept", "kept"]
    assert states([long, ONE], long) == ["moved", "lost"]


@pytest.mark.parametrize("glued", [f"Bak{TWO[:-1]}", f"{TWO[:-1]}an", f"x{TWO[:-1]}2"])
def test_what_begins_or_ends_inside_a_word_is_other_words(glued: str) -> None:
    old = [ONE, TWO[:-1], THREE]
    assert states(old, f"{ONE} {glued} {THREE}") == ["moved", "lost", "moved"]
    assert states(old, f"{ONE} {TWO[:-1]} {glued} {THREE}") == ["kept", "moved", "moved"]


def test_a_sentence_that_was_cut_out_of_a_word_is_found_there_again() -> None:
    first, second = cut(["Baca JugaSari", "pulang."])
    glued = [
        msgspec.structs.replace(first, end=9, sentence_id=sentence_id("berita", "Baca Juga", 0)),
        msgspec.structs.replace(
            second, start=9, end=21, sentence_id=sentence_id("berita", "Sari pulang.", 0)
        ),
    ]
    found = refind("berita", "Baru. Baca JugaSari pulang.", glued)
    assert [one.state for one in found] == ["moved", "kept"]


def test_scripts_without_spaces_have_no_words_to_be_inside_of() -> None:
    assert states(["市长推迟", "居民欢迎。"], "昨天市长推迟居民欢迎。") == ["moved", "kept"]


def test_another_article_has_other_ids() -> None:
    assert [one.state for one in refind("lain", " ".join(OLD), cut(OLD))] == ["lost"] * 3


pieces = st.sampled_from(["Aa.", "Bb.", "Cc dd.", "Ee ff gg.", "Aa. Bb."])


@given(st.lists(pieces, min_size=1, max_size=8), st.lists(pieces, max_size=8))
def test_every_place_that_is_found_has_the_very_text(old: list[str], new: list[str]) -> None:
    text = " ".join(new)
    sentences = cut(old)
    for one, was, sentence in zip(refind("berita", text, sentences), old, sentences, strict=True):
        assert one.sentence_id == sentence.sentence_id
        for start in one.starts:
            assert text[start : start + len(was)] == was
        assert bool(one.starts) == (one.state != "lost")


@given(st.lists(st.text("abc 🌾", min_size=1).filter(lambda t: t == t.strip()), max_size=6))
def test_a_text_that_did_not_change_keeps_every_sentence_that_is_told_apart(
    old: list[str],
) -> None:
    unlike = [t for t in dict.fromkeys(old) if not any(t in other for other in set(old) - {t})]
    glued = "|".join(unlike)
    whole = [msgspec.structs.replace(one, text="") for one in cut(unlike)]
    for place, one in enumerate(refind("berita", glued, whole)):
        assert one.state in {"moved", "kept", "ambiguous"}, unlike[place]

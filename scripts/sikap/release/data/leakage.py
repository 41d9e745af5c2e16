"""Sentences of other splits that ``train`` holds too: to the letter, in other dress, or nearly.

Two sentences are *exact* where their texts are equal; *normalised* where their words are, in
NFKC, casefolded, without punctuation and with single spaces (digits are kept); *near* where both
have at least eight words and the Jaccard index of their word 3-grams is at least three fifths. In
a script without spaces these are 20 characters and character 6-grams.

All are counted exactly. Near ones are found by prefix and positional filtering (Bayardo, Ma and
Srikant 2007; Xiao, Wang, Lin and Yu 2008): of two sets that are so alike, the rarest few members
must overlap, whatever frequent phrases they share or not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sikap.records import Record
from sikap.release.data.splits import TRAIN
from sikap.text.words import ngrams, normal_form, units

SHINGLE_WORDS, SHINGLE_CHARACTERS = 3, 6
LEAST_WORDS, LEAST_CHARACTERS = 8, 20
PART, WHOLE = 3, 5
"""Near sentences share at least ``PART`` of ``WHOLE`` of their shingles; integers, to be exact."""

Holders = dict[int, dict[tuple[int, int], list[int]]]
"""Places of sets by a shingle among their rarest, their size, and the position of the shingle."""
Which = Literal["all", "body", "labelled"]
ALL, BODY, LABELLED = 1, 2, 4
BITS: dict[Which, int] = {"all": ALL, "body": BODY, "labelled": LABELLED}


class Leakage(Record, frozen=True, kw_only=True):
    """How many of the ``of`` sentences of a split have a counterpart in train.

    ``which`` sentences are compared, on both sides: all, those of kind body, or those that were
    annotated. Each is counted once, under the closest of its counterparts.
    """

    which: Which
    split: str
    of: int
    exact: int
    normalised: int
    near: int


class Sentences(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of the same length: id, split and text of a sentence, its kind, whether annotated."""

    ids: Sequence[str]
    splits: Sequence[str]
    texts: Sequence[str]
    kinds: Sequence[str]
    labelled: Sequence[bool]

    def masks(self) -> list[int]:
        """For each sentence which comparisons it is part of, as bits."""
        return [
            ALL | (BODY if kind == "body" else 0) | (LABELLED if labelled else 0)
            for kind, labelled in zip(self.kinds, self.labelled, strict=True)
        ]


def leakage(sentences: Sentences) -> tuple[Leakage, ...]:
    """The figures of every split but train, splits by name."""
    masks = sentences.masks()
    normals = _normal_forms(sentences.texts)
    exact, normalised = dict[str, int](), dict[str, int]()
    for split, text, mask in zip(sentences.splits, sentences.texts, masks, strict=True):
        if split == TRAIN:
            exact[text] = exact.get(text, 0) | mask
            normalised[normals[text]] = normalised.get(normals[text], 0) | mask
    wanted = dict[str, int]()
    others = Counter[tuple[str, str, int]]()
    for split, text, mask in zip(sentences.splits, sentences.texts, masks, strict=True):
        if split != TRAIN:
            others[split, text, mask] += 1
            missing = mask & ~normalised.get(normals[text], 0)
            wanted[normals[text]] = wanted.get(normals[text], 0) | missing
    near = near_matches(normalised, {text: mask for text, mask in wanted.items() if mask})
    counts = Counter[tuple[Which, str, str]]()
    for (split, text, mask), number in others.items():
        found = (exact.get(text, 0), normalised.get(normals[text], 0), near.get(normals[text], 0))
        for which, bit in BITS.items():
            if mask & bit:
                counts[which, split, _closest(found, bit)] += number
    return tuple(
        _figure(counts, which, split)
        for which in BITS
        for split in sorted({*sentences.splits} - {TRAIN})
    )


def labelled_twins(sentences: Sentences) -> Iterator[tuple[str, str, str]]:
    """Yield annotated sentences of other splits with the words of an annotated one of train.

    Each is (its id, its split, the first such id in train).
    """
    rows = list(
        zip(sentences.ids, sentences.splits, sentences.texts, sentences.labelled, strict=True)
    )
    first: dict[str, str] = {}
    for id_, split, text, labelled in rows:
        if labelled and split == TRAIN:
            first.setdefault(normal_form(text), id_)
    for id_, split, text, labelled in rows:
        if labelled and split != TRAIN and normal_form(text) in first:
            yield id_, split, first[normal_form(text)]


def near_matches(train: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """For normal forms of other splits, the bits under which train has a near one.

    Both map a normal form to bits; of ``wanted`` they are those that are looked for.
    """
    texts, sets = [], []
    numbers: dict[str, int] = {}
    for text in wanted:
        grams = _grams(text)
        if grams:
            texts.append(text)
            sets.append(frozenset(numbers.setdefault(gram, len(numbers)) for gram in grams))
    frequency = Counter(number for one in sets for number in one)
    holders: Holders = defaultdict(lambda: defaultdict(list))
    for place, one in enumerate(sets):
        rarest = _rarest(one, len(one) - _least(len(one)) + 1, frequency)
        for position, number in enumerate(rarest):
            holders[number][len(one), position].append(place)
    missing = [wanted[text] for text in texts]
    for text, mask in train.items():
        grams = _grams(text)
        known = {numbers[gram] for gram in grams if gram in numbers}
        # Grams that no other split has are the rarest of all, and match nothing.
        spare = len(known) - _least(len(grams)) + 1
        if not grams or spare <= 0:
            continue
        rarest = _rarest(known, spare, frequency)
        for place in _candidates(rarest, len(grams) - len(known), len(grams), holders, missing):
            if missing[place] & mask and _is_near(known, len(grams), sets[place]):
                missing[place] &= ~mask
    return {text: wanted[text] & ~left for text, left in zip(texts, missing, strict=True)}


def _candidates(
    rarest: Sequence[int], first: int, size: int, holders: Holders, missing: Sequence[int]
) -> set[int]:
    """Places that share one of the rarest shingles of a set of ``size``, and may share enough.

    ``rarest`` begins at position ``first`` of the set, rarest first. Where two sets first meet,
    they can share no more than what follows there, in either. Places that lack nothing any more
    are forgotten.
    """
    found: set[int] = set()
    for position, number in enumerate(rarest, first):
        for (other, place_there), places in holders.get(number, {}).items():
            most = min(size - position, other - place_there)
            if (WHOLE + PART) * most >= PART * (size + other):
                places[:] = [place for place in places if missing[place]]
                found.update(places)
    return found


def _rarest(numbers: Iterable[int], size: int, frequency: Mapping[int, int]) -> list[int]:
    return sorted(numbers, key=lambda number: (frequency[number], number))[:size]


def _least(size: int) -> int:
    """How many of ``size`` shingles a near sentence must share at least."""
    return -(-PART * size // WHOLE)


def _is_near(known: set[int], size: int, other: frozenset[int]) -> bool:
    shared = len(known & other)
    return WHOLE * shared >= PART * (size + len(other) - shared)


def _grams(normal: str) -> frozenset[str]:
    """The shingles of a normal form; none where it is too short to be compared."""
    given, unspaced = units(normal)
    if len(given) < (LEAST_CHARACTERS if unspaced else LEAST_WORDS):
        return frozenset()
    return ngrams(given, SHINGLE_CHARACTERS if unspaced else SHINGLE_WORDS)


def _normal_forms(texts: Iterable[str]) -> dict[str, str]:
    return {text: normal_form(text) for text in dict.fromkeys(texts)}


def _closest(found: tuple[int, int, int], bit: int) -> str:
    kinds = zip(("exact", "normalised", "near"), found, strict=True)
    return next((kind for kind, bits in kinds if bits & bit), "none")


def _figure(counts: Mapping[tuple[Which, str, str], int], which: Which, split: str) -> Leakage:
    by_kind = {kind: counts[which, split, kind] for kind in ("exact", "normalised", "near", "none")}
    of = sum(by_kind.values())
    del by_kind["none"]
    return Leakage(which=which, split=split, of=of, **by_kind)

"""Tokens with code point offsets, and BIO tags over them.

The tokenizer is the pre-tokenizer of BERT as Hugging Face's `tokenizers` ships it (white space and
punctuation), and each character of a script that is written without spaces stands alone.
"""

import functools
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import msgspec
from tokenizers import Regex
from tokenizers.pre_tokenizers import BertPreTokenizer, Split
from tokenizers.pre_tokenizers import Sequence as Chain

from sikap.records import Extent

_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
TOKENIZER = Chain([BertPreTokenizer(), Split(Regex(_UNSPACED), "isolated")])


class Tagging(msgspec.Struct, frozen=True, kw_only=True):
    """BIO tags, one a token, and how many mentions could not be tagged and why."""

    tags: tuple[str, ...]
    overlapped: int
    misaligned: int


def tokenize(text: str) -> list[Extent]:
    """The tokens of a sentence as code point offsets ``[start, end)``.

    No token reaches over a space and words come again, so the tokenizer is asked for each word
    once: a corpus is cut twice as fast so (`scripts/benchmark.py` measures it).
    """
    extents: list[Extent] = []
    position = 0
    for word in text.split(" "):
        for start, end in _word(word):
            extents.append((position + start, position + end))
        position += len(word) + 1
    return extents


@functools.lru_cache(maxsize=100_000)
def _word(word: str) -> tuple[Extent, ...]:
    return tuple(offsets for _, offsets in TOKENIZER.pre_tokenize_str(word))


def tag(tokens: Sequence[Extent], mentions: Iterable[tuple[int, int, str]]) -> Tagging:
    """Tag tokens with (start, end, label) mentions.

    Of overlapping mentions the longest, then the first, is tagged; one whose borders are not
    borders of tokens is not tagged. The same mention twice (with two holders) counts once.
    """
    tags = ["O"] * len(tokens)
    overlapped = misaligned = 0
    for start, end, label in sorted(set(mentions), key=lambda m: (m[0] - m[1], m[0], m[2])):
        first, last = bisect_left(tokens, (start,)), bisect_left(tokens, (end,)) - 1
        if not (0 <= first <= last and tokens[first][0] == start and tokens[last][1] == end):
            misaligned += 1
            continue
        if any(tag != "O" for tag in tags[first : last + 1]):
            overlapped += 1
            continue
        tags[first : last + 1] = [f"B-{label}", *[f"I-{label}"] * (last - first)]
    return Tagging(tags=tuple(tags), overlapped=overlapped, misaligned=misaligned)

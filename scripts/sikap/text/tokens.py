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
from sikap.text.unicode import UNSPACED_SCRIPTS

# In Tibetan a mark parts the syllables: they are tokens already.
_SCRIPTS = "".join(rf"\p{{{script}}}" for script in UNSPACED_SCRIPTS if script != "Tibetan")
TOKENIZER = Chain([BertPreTokenizer(), Split(Regex(rf"[{_SCRIPTS}]\p{{M}}*"), "isolated")])


class Tokens(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The tokens of a sentence, in their order, and their borders in code points.

    ``texts`` are empty where there is no text.
    """

    texts: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def extents(self) -> tuple[Extent, ...]:
        """The borders of each token as ``[start, end)``."""
        return tuple(zip(self.starts, self.ends, strict=True))


class Tagging(msgspec.Struct, frozen=True, kw_only=True):
    """BIO tags, one a token, and how many mentions could not be tagged and why."""

    tags: tuple[str, ...]
    overlapped: int
    misaligned: int


def tokenize(text: str) -> Tokens:
    """The tokens of a sentence.

    No token reaches over a space and words come again, so the tokenizer is asked for each word
    once: a corpus is cut several times as fast so (`scripts/benchmarks/benchmark.py` measures it).
    """
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for word in text.split(" "):
        length = len(word)
        pieces = _word(word)
        if pieces is None:  # a token by itself, as most words are
            texts.append(word)
            starts.append(position)
            ends.append(position + length)
        else:
            for piece, start, end in pieces:
                texts.append(piece)
                starts.append(position + start)
                ends.append(position + end)
        position += length + 1
    return Tokens(texts=texts, starts=starts, ends=ends)


@functools.lru_cache(maxsize=100_000)
def _word(word: str) -> tuple[tuple[str, int, int], ...] | None:
    """The tokens of a word with their borders; None where it is one token."""
    extents = [extent for _, extent in TOKENIZER.pre_tokenize_str(word)]
    if extents == [(0, len(word))]:
        return None
    return tuple((word[start:end], start, end) for start, end in extents)


def tag(tokens: Tokens, mentions: Iterable[tuple[int, int, str]]) -> Tagging:
    """Tag tokens with (start, end, label) mentions.

    Of overlapping mentions the longest, then the first, is tagged; one whose borders are not
    borders of tokens is not tagged. The same mention twice (with two holders) counts once.
    """
    starts, ends = tokens.starts, tokens.ends
    tags = ["O"] * len(starts)
    overlapped = misaligned = 0
    for start, end, label in sorted(set(mentions), key=lambda m: (m[0] - m[1], m[0], m[2])):
        first, last = bisect_left(starts, start), bisect_left(ends, end)
        inside = first < len(starts) and last < len(ends)
        if not inside or starts[first] != start or ends[last] != end:
            misaligned += 1
            continue
        if any(tag != "O" for tag in tags[first : last + 1]):
            overlapped += 1
            continue
        tags[first : last + 1] = [f"B-{label}", *[f"I-{label}"] * (last - first)]
    return Tagging(tags=tuple(tags), overlapped=overlapped, misaligned=misaligned)

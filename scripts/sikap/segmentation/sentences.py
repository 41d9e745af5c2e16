"""From an article to its sentences, and the check of their spans.

Body paragraphs are cut by ``ends``; blocks of other kinds are one record each.
"""

from collections.abc import Iterable, Iterator, Sequence

from sikap.errors import Problem
from sikap.languages import Rules
from sikap.records import Article, Sentence, sentence_id
from sikap.segmentation.blocks import Block, split_blocks
from sikap.segmentation.sentence_ends import sentence_ends
from sikap.text.unicode import OUTER, trim

__all__ = ["check_sentences", "segment", "sentence_ends"]


def segment(article: Article, rules: Rules) -> list[Sentence]:
    """The sentences of an article in order, with exact spans into its text."""
    id_, whole = article.article_id, article.text
    seen: dict[str, int] = {}
    sentences = []
    for index, (block, start, end) in enumerate(_pieces(whole, rules)):
        text = whole[start:end]
        occurrence = seen.get(text, 0)
        seen[text] = occurrence + 1
        sentences.append(
            Sentence(
                sentence_id=sentence_id(id_, text, occurrence),
                article_id=id_,
                index=index,
                paragraph=block.paragraph,
                kind=block.kind,
                start=start,
                end=end,
                text=text,
            )
        )
    return sentences


def check_sentences(article: Article, sentences: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield what is wrong with the spans of an article's sentences, given in order of index.

    Codes: span-outside, span-text, span-overlap, gap-text.
    """
    sentences = list(sentences)
    if _whole(article.text, sentences):
        return
    text, position = article.text, 0
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        if not 0 <= start < end <= len(text):
            found = f"[{start}, {end}) does not lie in a text of {len(text)} code points"
            yield _problem("span-outside", sentence.sentence_id, found)
            continue
        if text[start:end] != sentence.text:
            found = f"[{start}, {end}) gives {text[start:end][:60]!r}, not {sentence.text[:60]!r}"
            yield _problem("span-text", sentence.sentence_id, found)
        if start < position:
            found = f"it begins at {start}, before the last one ends at {position}"
            yield _problem("span-overlap", sentence.sentence_id, found)
        elif not OUTER.fullmatch(text, position, start):
            yield _gap(article, position, start)
        position = max(position, end)
    if not OUTER.fullmatch(text, position):
        yield _gap(article, position, len(text))


def _whole(text: str, sentences: Sequence[Sentence]) -> bool:
    """Whether nothing is wrong: what nearly always holds is seen in a quarter of the time."""
    position = 0
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        if not position <= start < end or text[start:end] != sentence.text:
            return False
        between = text[position:start]
        if between and not between.isspace() and not OUTER.fullmatch(between):
            return False
        position = end
    return position <= len(text) and OUTER.fullmatch(text, position) is not None


def _pieces(text: str, rules: Rules) -> Iterator[tuple[Block, int, int]]:
    for block in split_blocks(text, rules):
        begin, stop = block.start, block.end
        if block.kind != "body":
            yield block, begin, stop
            continue
        offset = begin
        for length in sentence_ends(text[begin:stop], rules):
            stop = offset + length
            end = stop - (text[stop - 1] == " ")
            # Nearly always a blank is all that has to go.
            if begin < end and _shown(text[begin]) and _shown(text[end - 1]):
                yield block, begin, end
            else:
                start, end = trim(text, begin, stop)
                if start < end:
                    yield block, start, end
            begin = stop


def _shown(character: str) -> bool:
    """Whether a character is surely one that ``trim`` leaves."""
    return " " < character < "\x7f" or (character.isprintable() and character not in " \u034f")


def _gap(article: Article, start: int, end: int) -> Problem:
    found = f"no sentence holds {article.text[start:end].strip()[:60]!r} in [{start}, {end})"
    return _problem("gap-text", article.article_id, found)


def _problem(code: str, id_: str, found: str) -> Problem:
    return Problem(code=code, id=id_, found=found, fix="run 'sikap segment' again")

"""From an article to its sentences, and the check of their spans.

sentencex finds the borders inside a body paragraph; what it gets wrong in a language is mended by
the rules of that language. Blocks of other kinds are one record each.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sentencex

from sikap.errors import Problem
from sikap.ingest.blocks import Block, split_blocks
from sikap.ingest.invisible import OUTER, trim
from sikap.languages import Rules
from sikap.records import Article, Sentence, sentence_id

_LOOK_BACK = 40
_SPACE = re.compile(r"\s")
# A closing mark that the segmenter left to the next sentence, but no opening straight quote.
_CLOSING = re.compile(r"\s?[”’»）」』\])]+(?=\s|\Z)|[\"'](?=\s|\Z)|\.+(?=\s|\Z)")
# Two sentences without a space between them: the mark, a quote, a capital word.
_GLUED = re.compile(r"[.!?](?P<quote>[“”\"]?)(?=[^\W\d_]{2})")
_STRETCH_LENGTH = 5000
_STRETCH = re.compile(r"[。！？][”」』）]*|[.!?][\"”)]*\s+(?=\W?[A-Z])")
_WORD = re.compile(r"\w")
_SMALL_WORD = re.compile(r"[^\W\d_A-Z]{2}\Z")
_STRAIGHT = re.compile('"')
_WORD_STOP = re.compile(r"[^\W\d_]{3,}\.\Z")
_NUMBER = re.compile(r"\W*(?:\d{1,3}|[A-Za-z])[.)]\s*\Z")
_ADDRESS = re.compile(r"(?:www\.|://|@)\S*\Z")
_STOP = re.compile(r"\.(?=\s+[“\"‘(]?[A-Z])")


def segment(article: Article, rules: Rules) -> list[Sentence]:
    """The sentences of an article in order, with exact spans into its text."""
    seen: Counter[str] = Counter()
    sentences = []
    for index, (block, start, end) in enumerate(_pieces(article.text, rules)):
        text = article.text[start:end]
        sentences.append(
            Sentence(
                sentence_id=sentence_id(article.article_id, text, seen[text]),
                article_id=article.article_id,
                index=index,
                paragraph=block.paragraph,
                kind=block.kind,
                start=start,
                end=end,
                text=text,
            )
        )
        seen[text] += 1
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


def sentence_ends(text: str, rules: Rules) -> list[int]:
    """Where the sentences of one paragraph end, as ascending offsets; the last is its length."""
    # A line break inside a paragraph is soft, but the segmenter would take two for a paragraph's.
    flat = _SPACE.sub(" ", text)
    glued = set(_glued(flat))
    ends = set(_found(flat, rules)).difference(glued)
    kept = {_after_closing(flat, end) for end in ends if not _inside(flat, end, rules)}
    kept.update(glued, _known_stops(flat, rules))
    return _with_words(flat, sorted(end for end in kept if 0 < end < len(flat)))


def _found(text: str, rules: Rules) -> Iterator[int]:
    """Yield the ends that the segmenter sees.

    It takes quadratic time where a paragraph has no spaces, so a long one is given in stretches.
    """
    start = 0
    while start < len(text):
        cut = _STRETCH.search(text, start + _STRETCH_LENGTH)
        stop = cut.end() if cut else len(text)
        for boundary in sentencex.get_sentence_boundaries(rules.segmenter, text[start:stop]):
            yield start + boundary["end_index"]
        start = stop


def _with_words(text: str, ends: list[int]) -> list[int]:
    """The ends without those that would leave a mark alone; it goes to the next, or the last."""
    kept, last = [], 0
    for end in ends:
        if _WORD.search(text, last, end):
            kept.append(end)
            last = end
    if kept and not _WORD.search(text, last):
        kept.pop()
    return [*kept, len(text)]


def _pieces(text: str, rules: Rules) -> Iterator[tuple[Block, int, int]]:
    for block in split_blocks(text, rules):
        if block.kind != "body":
            yield block, block.start, block.end
            continue
        begin = block.start
        for length in sentence_ends(text[block.start : block.end], rules):
            start, end = trim(text, begin, block.start + length)
            if start < end:
                yield block, start, end
            begin = block.start + length


def _known_stops(text: str, rules: Rules) -> Iterator[int]:
    for match in _STOP.finditer(text):
        if _matches(rules.always, text, match.end()):
            yield match.end()


def _glued(text: str) -> Iterator[int]:
    # Of straight quotes every other one opens.
    quotes = {match.start(): number % 2 for number, match in enumerate(_STRAIGHT.finditer(text))}
    for match in _GLUED.finditer(text):
        mark, word = match.start(), match.end()
        if not (text[word].isupper() and text[word + 1].islower()):
            continue
        if quotes.get(mark + 1, match["quote"] == "”"):
            yield word
        elif _SMALL_WORD.search(text, max(0, mark - 2), mark) and not _ADDRESS.search(
            text, max(0, mark - _LOOK_BACK), mark
        ):
            yield mark + 1


def _inside(text: str, end: int, rules: Rules) -> bool:
    """Whether a border that the segmenter found lies inside a sentence."""
    stop = end
    while stop and text[stop - 1] == " ":
        stop -= 1
    rest = text[end : end + 3].lstrip()
    if not stop or not rest or _NUMBER.match(text, 0, end):
        return bool(rest)
    if text[stop - 1] in "“‘":
        return True
    if text[end - 1] == "." and text[end].isalpha():
        # Without white space, as in "REPUBLIKA.CO.ID".
        return True
    begin = max(0, stop - _LOOK_BACK)
    if rest[0].islower() and not rest[1:2].isupper():
        # "Benarkah?" tanya dia. A small letter after a word and a full stop is carelessness, but
        # not after an abbreviation ("PT. X Tbk. sebagai").
        abbreviated = any(_matches(r, text, stop) for r in (rules.never, rules.seldom))
        return abbreviated or not _WORD_STOP.search(text, begin, stop)
    if text[stop - 1] != "." or _matches(rules.always, text, stop):
        return False
    return _matches(rules.never, text, stop) or (
        rest[0] in "(,;" and _matches(rules.seldom, text, stop)
    )


def _matches(stops: re.Pattern[str], text: str, stop: int) -> bool:
    return stops.search(text, max(0, stop - _LOOK_BACK), stop) is not None


def _after_closing(text: str, end: int) -> int:
    closing = _CLOSING.match(text, end)
    return closing.end() if closing else end


def _gap(article: Article, start: int, end: int) -> Problem:
    found = f"no sentence holds {article.text[start:end].strip()[:60]!r} in [{start}, {end})"
    return _problem("gap-text", article.article_id, found)


def _problem(code: str, id_: str, found: str) -> Problem:
    return Problem(code=code, id=id_, found=found, fix="run 'sikap segment' again")

"""Articles of one sentence a letter or word, rounds over them, and what becomes of both."""

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from sikap.records import Annotator, Item, Kind, Sentence, sentence_id
from sikap.rounds.planning.plan import design_round
from sikap.rounds.planning.request import RoundInputs, RoundRequest
from sikap.rounds.planning.sample import SamplingFrame
from sikap.rounds.reanchoring.context import Standing
from sikap.rounds.reanchoring.evidence import traced
from sikap.rounds.reanchoring.match import anchors

LETTERS = st.lists(st.sampled_from("abcx"), min_size=1, max_size=8)


def article(
    texts: Iterable[str], article_id: str = "w", kinds: dict[int, Kind] | None = None
) -> list[Sentence]:
    """The sentences of an article, with a space between each two."""
    sentences: list[Sentence] = []
    seen: dict[str, int] = {}
    start = 0
    for index, text in enumerate(texts):
        occurrence = seen.get(text, 0)
        seen[text] = occurrence + 1
        sentences.append(
            Sentence(
                sentence_id=sentence_id(article_id, text, occurrence),
                article_id=article_id,
                index=index,
                paragraph=0,
                kind=(kinds or {}).get(index, "body"),
                start=start,
                end=start + len(text),
                text=text,
            )
        )
        start += len(text) + 1
    return sentences


def planned(
    sentences: Sequence[Sentence], round_id: str = "r1", only: Iterable[int] | None = None
) -> list[Item]:
    """The items of a round over sentences, by their places; all by default."""
    chosen = {sentences[place].sentence_id for place in only} if only is not None else None
    done = frozenset(s.sentence_id for s in sentences if chosen and s.sentence_id not in chosen)
    return design_items(round_id, sentences, done)


def design_items(
    round_id: str, sentences: Sequence[Sentence], done: frozenset[str] = frozenset()
) -> list[Item]:
    """The items of a round for one annotator over all body sentences that are not done."""
    inputs = RoundInputs(
        round_id=round_id,
        ordinal=1,
        roster=(Annotator(annotator="a1", kind="expert", qualifications=""),),
        config=b"",
        guidelines=b"",
    )
    frame = SamplingFrame(sentences=sentences, done=done)
    return design_round(RoundRequest(), inputs, frame)[1]


def after(items: Sequence[Item], now: Sequence[Sentence]) -> list[tuple[str, str, int | None]]:
    """What became of each: its state and reason, and the place where it is now."""
    where = {one.sentence_id: one.index for one in now}
    found = traced(anchors(items, Standing(now)), now)
    return [(one.state, one.reason, None if one.to is None else where[one.to]) for one in found]

"""Put texts back into a stand-off release: all of it, or what can be restored for sure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sikap.records import Article, Round, Sentence, sentence_id
from sikap.release.data.content import Content, Restored
from sikap.release.standoff.find_sentences import Sought, refind
from sikap.rounds.withdrawal import recounted
from sikap.storage.files import encode_lines, sha256
from sikap.text.unicode import trim


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an article: ``whole`` (the very text), ``drifted`` or ``missing``.

    ``sought`` has one for each of its sentences where it drifted; ``annotations`` counts those
    that are lost with sentences that were not found for sure.
    """

    article_id: str
    state: Literal["whole", "drifted", "missing"]
    sought: tuple[Sought, ...] = ()
    annotations: int = 0


class Rehydrated(msgspec.Struct, frozen=True, kw_only=True):
    """The content with texts, and what became of every article in the order of their ids."""

    content: Content
    fates: tuple[Fate, ...]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """An article with its text and its sentences; None where it is missing."""

    article: Article | None
    sentences: tuple[Sentence, ...]
    fate: Fate


def rehydrate(content: Content, copies: Mapping[str, Article]) -> Rehydrated:
    """Put back the texts of ``copies``, which are by article id.

    Nothing else of them is believed but their titles, and the sources that the stand-off release
    leaves out: what else an article says of itself was published. A copy is the article where its
    text has the digest that was published.
    """
    sentences: dict[str, list[Sentence]] = {one.article_id: [] for one in content.articles}
    for sentence in content.sentences:
        sentences[sentence.article_id].append(sentence)
    said = Counter(annotation.sentence_id for annotation in content.annotations)
    parts = [
        _part(article, copies.get(article.article_id), sentences[article.article_id], said)
        for article in content.articles
    ]
    whole = msgspec.structs.replace(
        content,
        text="full",
        full=None,
        tokens={},
        unseen=frozenset(),
        leakage=(),
        articles=tuple(part.article for part in parts if part.article is not None),
        sentences=tuple(one for part in parts for one in part.sentences),
    )
    return Rehydrated(content=whole, fates=tuple(part.fate for part in parts))


def in_part(rehydrated: Rehydrated, sums: str) -> Content:
    """The content marked as restored, without what hangs on sentences that are lost.

    ``sums`` is the SHA-256 of the SHA256SUMS of the stand-off release. Digests are computed anew;
    those of rounds, of which the bytes are not there, stay.
    """
    content, fates = rehydrated.content, rehydrated.fates
    sought = [one for fate in fates for one in fate.sought]
    states = Counter(one.state for one in sought)
    # A piece of text without a sentence can have the id of one that is lost.
    lost = {one.sentence_id for one in sought if one.state in {"ambiguous", "lost"}}
    ids = {sentence.sentence_id for sentence in content.sentences} - lost
    annotations = tuple(one for one in content.annotations if one.sentence_id in ids)
    rounds = tuple(_rounds(content, ids))
    gone = {one.round_id for one in content.rounds} - {one.round_id for one in rounds}
    digests = dict(content.inputs.digests)
    for round_id in gone:
        del digests[f"round {round_id}"]
    digests["articles"] = sha256(encode_lines(content.articles))
    digests["sentences"] = sha256(encode_lines(content.sentences))
    articles = {article.article_id for article in content.articles}
    whole = Counter(fate.state for fate in fates)
    return msgspec.structs.replace(
        content,
        inputs=msgspec.structs.replace(content.inputs, digests=digests),
        rounds=rounds,
        annotations=annotations,
        labels=tuple(label for label in content.labels if label.sentence_id in ids),
        splits={id_: split for id_, split in content.splits.items() if id_ in articles},
        restored=Restored(
            sums=sums,
            missing=whole["missing"],
            drifted=whole["drifted"],
            moved=states["moved"],
            lost=len(lost),
            annotations=sum(fate.annotations for fate in fates),
        ),
    )


def _rounds(content: Content, ids: set[str]) -> Iterator[Round]:
    """Yield every round that has annotations of the sentences ``ids``, with counts that fit."""
    for manifest in content.rounds:
        said = [one for one in content.annotations if one.round_id == manifest.round_id]
        kept = [one for one in said if one.sentence_id in ids]
        lost = {one.item_id for one in said if one.sentence_id not in ids}
        if kept:
            yield recounted(manifest, manifest.counts.items - len(lost), kept)


def _part(
    article: Article, copy: Article | None, sentences: Sequence[Sentence], said: Counter[str]
) -> _Part:
    id_ = article.article_id
    if copy is None:
        sought = tuple(
            Sought(sentence_id=one.sentence_id, state="lost", starts=()) for one in sentences
        )
        lost = sum(said[one.sentence_id] for one in sentences)
        fate = Fate(article_id=id_, state="missing", sought=sought, annotations=lost)
        return _Part(article=None, sentences=(), fate=fate)
    article = msgspec.structs.replace(
        article, text=copy.text, title=copy.title, source=article.source or copy.source
    )
    if sha256(copy.text) == article.text_sha256:
        texts = (copy.text[one.start : one.end] for one in sentences)
        given = zip(sentences, texts, strict=True)
        return _Part(
            article=article,
            sentences=tuple(msgspec.structs.replace(one, text=text) for one, text in given),
            fate=Fate(article_id=id_, state="whole"),
        )
    return _drifted(article, copy, sentences, said)


def _drifted(
    article: Article, copy: Article, sentences: Sequence[Sentence], said: Counter[str]
) -> _Part:
    sought = refind(article.article_id, copy.text, sentences)
    found = {
        place: one.starts[0] for place, one in enumerate(sought) if one.state in {"kept", "moved"}
    }
    records, lost = _records(copy.text, sentences, found)
    sought = [
        msgspec.structs.replace(one, state="ambiguous") if place in lost else one
        for place, one in enumerate(sought)
    ]
    gone = (one for one in sought if one.state in {"ambiguous", "lost"})
    fate = Fate(
        article_id=article.article_id,
        state="drifted",
        sought=tuple(sought),
        annotations=sum(said[one.sentence_id] for one in gone),
    )
    article = msgspec.structs.replace(
        article,
        text_sha256=sha256(copy.text),
        raw_sha256=copy.raw_sha256,
        encoding=copy.encoding,
        normalised=copy.normalised,
    )
    return _Part(article=article, sentences=tuple(records), fate=fate)


def _records(
    text: str, sentences: Sequence[Sentence], found: Mapping[int, int]
) -> tuple[list[Sentence], set[int]]:
    """The sentences of a changed text, and places of those whose id no longer comes out.

    What lies between those that were found becomes records of the kind other: a release leaves no
    text to nobody. An id counts equal texts before it, so it can be that of another by now.
    """
    kept = dict(found)
    while True:
        records, wrong = _numbered(text, sentences, kept)
        if not wrong:
            return records, set(found) - set(kept)
        kept = {place: start for place, start in kept.items() if place not in wrong}


def _numbered(
    text: str, sentences: Sequence[Sentence], kept: Mapping[int, int]
) -> tuple[list[Sentence], set[int]]:
    seen: Counter[str] = Counter()
    records: list[Sentence] = []
    wrong = set()
    paragraph = 0
    for start, end, place in _stretches(text, sentences, kept):
        piece = text[start:end]
        old = sentences[place] if place is not None else None
        paragraph = old.paragraph if old else paragraph
        id_ = sentence_id(sentences[0].article_id, piece, seen[piece])
        if old is not None and place is not None and id_ != old.sentence_id:
            wrong.add(place)
        records.append(
            Sentence(
                sentence_id=id_,
                article_id=sentences[0].article_id,
                index=len(records),
                paragraph=paragraph,
                kind=old.kind if old else "other",
                start=start,
                end=end,
                text=piece,
            )
        )
        seen[piece] += 1
    return records, wrong


def _stretches(
    text: str, sentences: Sequence[Sentence], kept: Mapping[int, int]
) -> Iterable[tuple[int, int, int | None]]:
    """Yield start and end of every record in order, and its place among the sentences, if any."""
    position = 0
    for place in sorted(kept, key=lambda one: kept[one]):
        start = kept[place]
        between = trim(text, position, start)
        if between[0] < between[1]:
            yield *between, None
        position = start + sentences[place].end - sentences[place].start
        yield start, position, place
    between = trim(text, position, len(text))
    if between[0] < between[1]:
        yield *between, None

"""A synthetic corpus of any size, for measuring: invented sentences with random labels.

It shows how fast sikap is, or what a page looks like, and nothing else; words are strings of
letters, labels are drawn by lot.
"""

import random
from collections.abc import Iterator, Sequence

from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.study import Marks, Study
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.records import (
    Annotation,
    Annotator,
    Article,
    Counts,
    Design,
    Digests,
    Item,
    Label,
    Round,
    Sentence,
    Span,
    item_id,
    sentence_id,
)
from sikap.release.data.content import Content, Inputs, Meta
from sikap.release.documents.datasheet import compose
from sikap.rounds.settle import settle
from sikap.settings import Copies
from sikap.steps.releases.assemble import versions
from sikap.storage import schemas
from sikap.storage.files import encode_lines, sha256

PER_ARTICLE = 20
ANNOTATORS = ("a1", "a2")
CONFIG = "stance_entities.xml"
GUIDELINES = b"# Synthetic\n"
SPLITS = ("train", "validation", "test")
JUDGES = ("a1", "a2", "a3", "a4", "a5")
SCALES = {
    "stance": ("favor", "against", "neutral"),
    "tone": tuple("12345"),
    "topic": ("economy", "health", "law", "nature", "sports", "transport", "other"),
}
STANCES = (("neutral", None), ("favor", "author"), ("against", "source"), ("favor", "source"))


def invented_words(count: int, draw: random.Random) -> list[str]:
    """Strings of 2 to 10 letters, drawn by lot; a few come twice."""
    return ["".join(draw.choices("abdegiklmnoprstu", k=draw.randint(2, 10))) for _ in range(count)]


def synthetic(count: int, seed: int = 0) -> Content:
    """The content of a release with ``count`` sentences, each judged by two annotators."""
    draw = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
    words = invented_words(20_000, draw)
    config = (schemas.folder() / CONFIG).read_bytes()
    scheme = read_scheme(config, CONFIG, ("holder",))
    articles, sentences = _texts(count, words, draw)
    annotations = [said for one in sentences for said in _annotations(one, scheme, draw)]
    manifest = _round(count, len(annotations))
    digests = {"config": sha256(config), "guidelines": sha256(GUIDELINES)}
    digests |= {"articles": sha256(encode_lines(articles))}
    digests |= {"sentences": sha256(encode_lines(sentences))}
    digests |= {"round one": sha256(encode_lines(annotations))}
    return Content(
        meta=_meta(),
        inputs=Inputs(digests=digests, versions=versions()),
        scheme=scheme,
        config_file=CONFIG,
        guidelines_file="guidelines.md",
        files={CONFIG: config, "guidelines.md": GUIDELINES},
        articles=tuple(articles),
        sentences=tuple(sentences),
        rounds=(manifest,),
        annotations=tuple(annotations),
        passes={said.item_id: 1 for said in annotations},
        labels=tuple(settled(sentences, annotations, manifest, scheme)),
        splits={article.article_id: draw.choices(SPLITS, (8, 1, 1))[0] for article in articles},
        datasheet=compose("Synthetic", {}, "", draft=True),
        draft=True,
    )


def study(count: int, seed: int = 0) -> Study:
    """What five annotators, who err more and more often, might say of ``count`` sentences.

    Three of them judge each, all on three scales, and mark spans; some get it a second time.
    """
    draw = random.Random(seed)  # noqa: S311 - figures to look at, no secret
    words = ["".join(draw.choices("abdegiklmnoprstu", k=draw.randint(2, 10))) for _ in range(500)]
    _, sentences = _texts(count, words, draw)
    scheme = read_scheme((schemas.folder() / CONFIG).read_bytes(), CONFIG, ("holder",))
    truth = {name: [draw.choice(scale) for _ in sentences] for name, scale in SCALES.items()}
    spans = [tuple(_spans(one, scheme, draw)) for one in sentences]
    shifts = [(n, who) for n in range(count) for who in sorted(draw.sample(JUDGES, k=3))]
    moments = [20.0 * place for place in range(len(shifts))]
    clusters = {one.sentence_id: one.article_id for one in sentences}

    def judged(name: str, chosen: Sequence[tuple[int, str]]) -> Ratings:
        rows = [
            (sentences[n].sentence_id, who, _judged(truth[name][n], who, SCALES[name], draw))
            for n, who in chosen
        ]
        return ratings_of(
            name,
            rows,
            level="ordinal" if name == "tone" else "nominal",
            values=SCALES[name],
            clusters=clusters,
            when=moments[: len(rows)],
        )

    def marked(chosen: Sequence[tuple[int, str]]) -> Marks:
        return Marks(
            name="entities",
            labels=tuple(scheme.labels),
            spans={
                (sentences[n].sentence_id, who): tuple(_marked(spans[n], who, scheme.labels, draw))
                for n, who in chosen
            },
            clusters=clusters,
            lengths={one.sentence_id: len(one.text) for one in sentences},
            settled={one.sentence_id: spans[n] for n, one in enumerate(sentences)},
            when={
                (sentences[n].sentence_id, who): moment
                for (n, who), moment in zip(chosen, moments, strict=False)
            },
        )

    again = shifts[:: max(1, len(shifts) // 150)]
    return Study(
        name="synthetic",
        variables=tuple(judged(name, shifts) for name in SCALES),
        again=tuple(judged(name, again) for name in SCALES),
        layers=(marked(shifts),),
        marks_again=(marked(again),),
        texts={one.sentence_id: one.text for one in sentences},
    )


def _judged(true: str, who: str, scale: Sequence[str], draw: random.Random) -> str:
    """What an annotator says where ``true`` is right: errors go to the next value as a rule."""
    if draw.random() >= 0.06 * (1 + JUDGES.index(who)):
        return true
    return scale[(scale.index(true) + draw.choice((1, 1, 2))) % len(scale)]


def _marked(
    spans: Sequence[Span], who: str, labels: Sequence[str], draw: random.Random
) -> Iterator[Span]:
    for span in spans:
        error = draw.random() / (1 + JUDGES.index(who))
        if error < 0.02:
            continue
        start = span.start + (2 if 0.02 <= error < 0.04 and span.end - span.start > 3 else 0)
        label = draw.choice(labels) if 0.04 <= error < 0.06 else span.label
        yield Span(start=start, end=span.end, label=label, attributes={})


def settled(
    sentences: Sequence[Sentence],
    annotations: Sequence[Annotation],
    manifest: Round,
    scheme: Scheme,
) -> list[Label]:
    """The labels that the annotations settle to."""
    items = (
        Item(
            item_id=item_id("one", one.sentence_id, 1),
            round_id="one",
            sentence_id=one.sentence_id,
            pass_=1,
            article_id=one.article_id,
            start=one.start,
            end=one.end,
            text=one.text,
            before="",
            after="",
            annotators=ANNOTATORS,
        )
        for one in sentences
    )
    return settle([manifest], items, annotations, scheme)


def _texts(
    count: int, words: Sequence[str], draw: random.Random
) -> tuple[list[Article], list[Sentence]]:
    articles, sentences = [], []
    for number in range(-(-count // PER_ARTICLE)):
        id_ = f"article-{number:07}"
        texts = [
            " ".join(draw.choices(words, k=draw.randint(8, 24))).capitalize() + "."
            for _ in range(min(PER_ARTICLE, count - number * PER_ARTICLE))
        ]
        start = 0
        for index, text in enumerate(texts):
            sentences.append(
                Sentence(
                    sentence_id=sentence_id(id_, text, 0),
                    article_id=id_,
                    index=index,
                    paragraph=index // 4,
                    kind="body",
                    start=start,
                    end=start + len(text),
                    text=text,
                )
            )
            start += len(text) + 1
        text = " ".join(texts)
        articles.append(
            Article(
                article_id=id_,
                text=text,
                text_sha256=sha256(text),
                raw_sha256=sha256(text),
                source=f"{id_}.txt",
                language="id",
                licence="CC0-1.0",
                encoding="utf-8",
                normalised=(),
            )
        )
    return articles, sentences


def _annotations(sentence: Sentence, scheme: Scheme, draw: random.Random) -> Iterator[Annotation]:
    spans = list(_spans(sentence, scheme, draw))
    for annotator in ANNOTATORS:
        # The second annotator now and then misses the last mention.
        marked = spans if annotator == "a1" or draw.random() < 0.9 else spans[:-1]
        yield Annotation(
            annotation_id=f"{sentence.sentence_id}-{annotator}",
            item_id=item_id("one", sentence.sentence_id, 1),
            round_id="one",
            sentence_id=sentence.sentence_id,
            annotator=annotator,
            status="submitted",
            spans=tuple(marked),
            choices={},
            seconds=draw.randint(20, 900) / 10,
        )


def _spans(sentence: Sentence, scheme: Scheme, draw: random.Random) -> Iterator[Span]:
    end = 0
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        start = sentence.text.find(" ", end + draw.randint(0, 40)) + 1
        end = sentence.text.find(" ", start)
        if not 0 < start < end:
            return
        stance, holder = draw.choice(STANCES)
        attributes: dict[str, tuple[str, ...]] = {"stance": (stance,)}
        attributes |= {"holder": (holder,)} if holder else {}
        label = draw.choice(scheme.labels)
        yield Span(start=start, end=end, label=label, attributes=attributes)


def _round(items: int, submitted: int) -> Round:
    digest = sha256("synthetic")
    return Round(
        round_id="one",
        ordinal=1,
        purpose="production",
        roster=tuple(Annotator(annotator=a, kind="rule", qualifications="") for a in ANNOTATORS),
        design=Design(
            overlap=2,
            calibration=0,
            repeats=0,
            gold=0,
            blindness="separated",
            seed=0,
            sampling="all",
        ),
        digests=Digests(config=digest, guidelines=digest, items=digest),
        state="pulled",
        counts=Counts(items=items, submitted=submitted, skipped=0, drafts=0, rejected=0),
    )


def _meta() -> Meta:
    return Meta(
        name="synthetic",
        title="Synthetic",
        allowed_licences=("CC0-1.0",),
        authors=(),
        published="",
        summary="Random letters with random labels.",
        language="id",
        licence="CC0-1.0",
        version="1.0.0",
        homepage="",
        uses=(),
        limits=(),
        tags=(),
        task_ids=(),
        text_origin="machine-generated",
        levels={},
        copies=Copies(),
    )

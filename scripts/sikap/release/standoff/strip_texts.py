"""A release without texts: what people may be given who have the articles themselves.

What stays are ids, offsets, labels, digests and what is said about the articles. The borders of
tokens stay as well, so that the tagged configs can be built without a text to cut.
"""

import re
from collections.abc import Iterable

import msgspec

from sikap.records import Article, Sentence
from sikap.release.data.content import Content, Full
from sikap.release.data.leakage import leakage
from sikap.release.data.statistics import sentences_of
from sikap.release.data.tables import settled_spans
from sikap.release.data.views import UNSEEN, views_of
from sikap.text.tokens import tokenize

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def stand_off(content: Content, full: Full, *, drop_urls: bool = False) -> Content:
    """The content without a word of its articles; ``full`` proves what can be restored.

    With ``drop_urls`` the source of an article that has an address is not given either.
    """
    texts = {sentence.sentence_id: sentence.text for sentence in content.sentences}
    views = views_of(content)
    labelled = {label.sentence_id for label in content.labels}
    return msgspec.structs.replace(
        content,
        text="standoff",
        full=full,
        articles=tuple(_articles(content.articles, drop_urls=drop_urls)),
        sentences=tuple(_sentences(content.sentences)),
        tokens={
            one.sentence_id: tokenize(one.text).extents
            for one in content.sentences
            if one.sentence_id in labelled
        },
        unseen=frozenset(
            (label.sentence_id, span.start, span.end)
            for label in content.labels
            for span in settled_spans(label)
            if UNSEEN in views.of(label.article_id, texts[label.sentence_id][span.start : span.end])
        ),
        leakage=leakage(sentences_of(content)),
    )


def _articles(articles: Iterable[Article], *, drop_urls: bool) -> Iterable[Article]:
    for article in articles:
        source = "" if drop_urls and URL.fullmatch(article.source) else article.source
        yield msgspec.structs.replace(article, text="", title=None, source=source)


def _sentences(sentences: Iterable[Sentence]) -> Iterable[Sentence]:
    return (msgspec.structs.replace(sentence, text="") for sentence in sentences)

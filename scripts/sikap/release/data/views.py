"""Views of the test split: rows that are harder than the rest, for what train does not have.

A view is no table of its own. The column ``views`` names those to which a row of ``test`` belongs,
so that nothing is stored twice and one filter gives a view.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sikap.records import Article
from sikap.release.data.content import Content
from sikap.release.data.splits import TEST, TRAIN
from sikap.rounds.settle import is_open
from sikap.text.words import normal_form

UNSEEN = "target"
"""The view of mentions that train has nowhere, which only texts can tell."""
VIEWS = {
    "time": "its article was published after every article of `train`",
    "outlet": "no article of `train` is by the outlet of its article",
    UNSEEN: "its mention, whatever the case and punctuation, is marked nowhere in `train`",
}
"""Every view and what holds of a row in it; ``target`` is of rows that have a mention only."""

Source = tuple[str, str | None, str | None]
"""An article as id, outlet and day of publication (an ISO date), the latter where known."""


class Views(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to know the views of a row.

    ``of_article`` has those of every article of ``test``, which its rows share; ``marked`` has the
    mentions of ``train`` in their normal form.
    """

    of_article: dict[str, tuple[str, ...]]
    marked: frozenset[str]

    def of(self, article_id: str, target: str | None = None) -> list[str]:
        """The views of a row of an article, in the order of ``VIEWS``; none outside ``test``."""
        shared = self.of_article.get(article_id)
        if shared is None:
            return []
        unseen = target is not None and normal_form(target) not in self.marked
        return [*shared, UNSEEN] if unseen else list(shared)


def views_of(content: Content) -> Views:
    """The views of a content, whose rows any config can then be asked for."""
    texts = {sentence.sentence_id: sentence.text for sentence in content.sentences}
    mentions = (
        texts[label.sentence_id][span.start : span.end]
        for label in content.labels
        if content.splits[label.article_id] == TRAIN
        for span in label.spans
        if not is_open(span.provenance)
    )
    return Views(
        of_article=article_views(sources(content.articles), content.splits),
        marked=frozenset(map(normal_form, set(mentions))),
    )


def sources(articles: Iterable[Article]) -> list[Source]:
    """What the views by time and outlet need to know of articles."""
    return [(one.article_id, one.outlet, one.published) for one in articles]


def article_views(
    articles: Iterable[Source], splits: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """The views of every article of ``test``.

    What is not known is compared with nothing: an article without a day is in
    no view by time, and where no article of ``train`` has one, no other article is either.
    """
    articles = list(articles)
    train = [one for one in articles if splits[one[0]] == TRAIN]
    outlets = {normal_form(outlet) for _, outlet, _ in train if outlet}
    last = max((day for _, _, day in train if day), default=None)
    found = {}
    for article_id, outlet, day in articles:
        if splits[article_id] == TEST:
            holds = {
                "time": bool(day and last and day > last),
                "outlet": bool(outlet and outlets and normal_form(outlet) not in outlets),
            }
            found[article_id] = tuple(view for view, held in holds.items() if held)
    return found


def unknown_in_train(articles: Iterable[Source], splits: Mapping[str, str]) -> dict[str, int]:
    """How many articles of ``train`` have no day or outlet, and so hold nothing out of a view."""
    train = [one for one in articles if splits[one[0]] == TRAIN]
    return {
        "published": sum(1 for _, _, day in train if not day),
        "outlet": sum(1 for _, outlet, _ in train if not outlet),
    }


def count(columns: Iterable[Sequence[str]], names: Iterable[str]) -> dict[str, int]:
    """How many rows each of some views has; ``columns`` has the views of every row."""
    counter = Counter(view for views in columns for view in views)
    return {name: counter[name] for name in names}

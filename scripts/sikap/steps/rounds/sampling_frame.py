"""Which sentences of a project a round may draw."""

from collections.abc import Iterable, Sequence

from sikap.articles.pii import not_to_show, private_data
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.records import FIRST, Sentence
from sikap.rounds.planning.request import Among, RoundRequest
from sikap.rounds.planning.sample import SamplingFrame
from sikap.rounds.settle import open_count
from sikap.steps.project_files import RoundFiles, read_articles
from sikap.steps.rounds.settle import settled_labels


def build_sampling_frame(
    project: Project,
    request: RoundRequest,
    earlier: Sequence[RoundFiles],
    sentences: Sequence[Sentence],
) -> SamplingFrame:
    """The sentences, and what the request needs to know of them.

    ``covered`` counts who was to judge a sentence, not who has: else a round would be planned
    otherwise again whenever somebody annotates meanwhile.
    """
    articles = read_articles(project) if request.stratify is not None else []
    annotators: dict[str, set[str]] = {}
    for item in (item for files in earlier for item in files.items):
        if item.pass_ == FIRST:
            annotators.setdefault(item.sentence_id, set()).update(item.annotators)
    return SamplingFrame(
        sentences=sentences,
        done=_excluded_ids(project, request.among, earlier, sentences),
        private=_private_ids(project, sentences),
        articles={article.article_id: article for article in articles},
        covered={sentence: len(names) for sentence, names in annotators.items()},
    )


def _private_ids(project: Project, sentences: Iterable[Sentence]) -> frozenset[str]:
    """Ids of the body sentences that no annotator may see, as the settings ask for.

    They are those that hold data of private persons, and those between which annotators would see
    them.
    """
    if project.settings.private == "keep":
        return frozenset()
    book = RuleBook(project.outlets)
    of_article: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        of_article.setdefault(sentence.article_id, []).append(sentence)
    ids: set[str] = set()
    for article in read_articles(project):
        rules = book.rules(article.language, article.outlet)
        own = of_article.get(article.article_id, ())
        if own and (matches := private_data(article.text, rules)):
            ids |= not_to_show(own, matches)
    return frozenset(ids)


def _excluded_ids(
    project: Project, among: Among, earlier: Sequence[RoundFiles], sentences: Sequence[Sentence]
) -> frozenset[str]:
    """Ids of the sentences that the earlier rounds exclude.

    A gold item excludes none: its answer was known, and nobody's judgement of it counted.
    """
    if among == "all":
        return frozenset()
    if among == "new":
        items = (item for files in earlier for item in files.items)
        return frozenset(item.sentence_id for item in items if item.pass_ == FIRST)
    labels, _ = settled_labels(earlier, sentences, project)
    undecided = {label.sentence_id for label in labels if open_count(label)}
    return frozenset(s.sentence_id for s in sentences) - undecided

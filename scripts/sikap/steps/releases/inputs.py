"""Everything that a release is built from, read at once and without what was withdrawn.

What the files of a project must keep to before a release is built from them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.errors import Problem
from sikap.project import Project
from sikap.records import UNPUBLISHED, Article, Gone, Sentence
from sikap.release.data.content import renumber
from sikap.rounds.withdrawal import in_release, withdrawn
from sikap.segmentation.sentences import check_sentences
from sikap.steps.project_files import (
    RoundFiles,
    read_articles,
    read_rounds,
    read_sentences,
    read_tombstones,
)
from sikap.steps.rounds.reanchored import CurrentRounds, load_rounds
from sikap.steps.rounds.settle import wrong_annotations
from sikap.storage.files import sha256


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """Articles by id, sentences by (article_id, index), rounds by ordinal.

    The rounds are as they follow from the sentences as they are now.

    ``names`` maps pseudonyms of the project to those of releases. Those who withdrew are numbered
    as well, so that the others keep theirs. ``withdrawn`` is what a release says of them.
    """

    articles: list[Article]
    sentences: list[Sentence]
    rounds: list[RoundFiles]
    current: CurrentRounds
    names: dict[str, str]
    withdrawn: tuple[Gone, ...]


def read_inputs(project: Project) -> Records:
    """The records of a project; raises InputError where a file is missing or of another form."""
    tombstones = read_tombstones(project)
    gone = withdrawn(tombstones).articles
    unsaid = dict.fromkeys(UNPUBLISHED)
    articles = [
        msgspec.structs.replace(one, **unsaid)
        for one in read_articles(project)
        if one.article_id not in gone
    ]
    sentences = [one for one in read_sentences(project) if one.article_id not in gone]
    current = load_rounds(project)
    manifests = (files.manifest for files in read_rounds(project) if files.annotations)
    names = renumber(tuple(manifests))
    return Records(
        articles=sorted(articles, key=lambda one: one.article_id),
        sentences=sorted(sentences, key=lambda one: (one.article_id, one.index)),
        rounds=current.rounds,
        current=current,
        names=names,
        withdrawn=in_release(tombstones, names),
    )


ARTICLES, SENTENCES = "dataset/articles.jsonl", "dataset/sentences.jsonl"


def border_problems(project: Project, records: Records) -> Iterator[Problem]:
    """Yield everything in which articles, sentences and annotations do not fit each other."""
    articles, sentences = records.articles, records.sentences
    if not articles:
        found, fix = "there is no article", "put articles into dataset/raw/ and run 'sikap ingest'"
        yield Problem(code="release-empty", file=ARTICLES, found=found, fix=fix)
    yield from _repeated((one.article_id for one in articles), ARTICLES)
    yield from _repeated((one.sentence_id for one in sentences), SENTENCES)
    yield from _texts(articles, sentences)
    yield from wrong_annotations(records.rounds, project.scheme())


def _repeated(ids: Iterable[str], file: str) -> Iterator[Problem]:
    for id_, count in Counter(ids).items():
        if count > 1:
            found, fix = f"{count} records have this id", "make the file again"
            yield Problem(code="duplicate-id", file=file, id=id_, found=found, fix=fix)


def _texts(articles: Sequence[Article], sentences: Sequence[Sentence]) -> Iterator[Problem]:
    by_article: dict[str, list[Sentence]] = {article.article_id: [] for article in articles}
    for sentence in sentences:
        if sentence.article_id in by_article:
            by_article[sentence.article_id].append(sentence)
        else:
            id_, found = sentence.sentence_id, "its article is not in articles.jsonl"
            fix = "run 'sikap segment' again"
            yield Problem(code="reference", file=SENTENCES, id=id_, found=found, fix=fix)
    for article in articles:
        if sha256(article.text) != article.text_sha256:
            id_, found = article.article_id, "text_sha256 is not that of the text"
            fix = "run 'sikap ingest' again"
            yield Problem(code="digest", file=ARTICLES, id=id_, found=found, fix=fix)
        for problem in check_sentences(article, by_article[article.article_id]):
            yield msgspec.structs.replace(problem, file=SENTENCES)

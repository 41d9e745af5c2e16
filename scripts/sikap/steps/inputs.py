"""Everything that a release is built from, read at once and without what was withdrawn."""

import msgspec

from sikap.project import Project
from sikap.records import UNPUBLISHED, Article, Gone, Sentence
from sikap.release.data.content import renumber
from sikap.rounds.withdrawn import in_release, withdrawn
from sikap.steps.files import (
    RoundFiles,
    read_articles,
    read_rounds,
    read_sentences,
    read_tombstones,
)
from sikap.steps.followed import Followed, followed_rounds


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """Articles by id, sentences by (article_id, index), rounds by ordinal.

    The rounds are as they follow from the sentences as they are now.

    ``names`` maps pseudonyms of the project to those of releases. Those who withdrew are numbered
    as well, so that the others keep theirs. ``withdrawn`` is what a release says of them.
    """

    articles: list[Article]
    sentences: list[Sentence]
    rounds: list[RoundFiles]
    followed: Followed
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
    rounds = read_rounds(project)
    followed = followed_rounds(project, rounds, sentences)
    names = renumber(tuple(files.manifest for files in rounds if files.annotations))
    return Records(
        articles=sorted(articles, key=lambda one: one.article_id),
        sentences=sorted(sentences, key=lambda one: (one.article_id, one.index)),
        rounds=followed.rounds,
        followed=followed,
        names=names,
        withdrawn=in_release(tombstones, names),
    )

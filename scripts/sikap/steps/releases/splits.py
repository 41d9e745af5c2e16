"""The splits of a release from the files of a project, and what is left out on their account."""

from collections.abc import Collection, Iterator, Sequence

from sikap.articles.near_duplicates.pairs import near_pairs
from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Article, Sentence
from sikap.release.data.content import Content
from sikap.release.data.leakage import labelled_twins
from sikap.release.data.splits import Assignment, Ledger, Quarantined, assign, held_out
from sikap.release.data.statistics import sentences_of
from sikap.rounds.withdrawal import recounted
from sikap.steps.articles.near_duplicates import kept_signatures
from sikap.steps.project_files import RoundFiles
from sikap.storage.files import decode_json, read_bytes


def draw(project: Project, articles: Sequence[Article]) -> Assignment:
    """The split of every article, or why it has none, from ledger, settings and copies.

    Raises InputError where the ledger contradicts the settings, the articles or itself.
    """
    name = project.name(project.ledger)
    if project.ledger.is_file():
        ledger = decode_json(read_bytes(project.ledger, name, ""), Ledger, name)
    else:
        ledger = Ledger(salt=project.settings.name, articles={})
    unknown = sorted(set(ledger.articles.values()) - set(project.settings.splits))
    if unknown:
        found = f"it has splits {', '.join(unknown)} that the settings do not have"
        fix = "name them in [tool.sikap.splits]: the ledger holds for ever"
        raise InputError(Problem(code="ledger", file=name, found=found, fix=fix))
    held = project.settings.held_out
    return assign(
        ledger,
        project.settings.splits,
        (article.article_id for article in articles),
        near_pairs(articles, project.settings.copies, kept_signatures(project, articles)),
        held_out(articles, held.outlets, held.published_from),
    )


def sentence_leaks(project: Project, content: Content) -> Iterator[Problem]:
    """Yield labelled sentences that train has too, where the settings refuse that."""
    if project.settings.leakage == "refuse":
        for id_, split, twin in labelled_twins(sentences_of(content)):
            found = f"the sentence, of {split}, has the words of {twin} in train"
            fix = 'leave one of the two out of rounds, or set leakage = "report"'
            yield Problem(code="leak", file="dataset/labels.jsonl", id=id_, found=found, fix=fix)


def tied(one: Quarantined) -> str:
    """The splits that it would tie, with the articles there, as "train (a, b) and test"."""
    parts = (f"{s} ({', '.join(ids)})" if ids else s for s, ids in one.bridges.items())
    return " and ".join(parts)


def without_articles(
    rounds: Sequence[RoundFiles], sentences: Sequence[Sentence], gone: Collection[str]
) -> list[RoundFiles]:
    """The rounds without what was said of the sentences of some articles, ``gone`` by id.

    The counts of a round are those of the items and annotations that are left.
    """
    lost = {one.sentence_id for one in sentences if one.article_id in gone}
    return [_without(files, lost) for files in rounds] if lost else list(rounds)


def _without(files: RoundFiles, lost: Collection[str]) -> RoundFiles:
    items = tuple(item for item in files.items if item.sentence_id not in lost)
    annotations = tuple(one for one in files.annotations if one.sentence_id not in lost)
    manifest = recounted(files.manifest, len(items), annotations)
    gold = tuple(answer for answer in files.gold if answer.sentence_id not in lost)
    return RoundFiles(manifest=manifest, items=items, annotations=annotations, gold=gold)

"""What is asked of a round, made into a wish: the files that it names are read and checked."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import msgspec

from sikap.articles.pii import not_to_show, private_data
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.records import FIRST, Blindness, Gold, Purpose, Sentence
from sikap.rounds.planning.gold import read_gold
from sikap.rounds.planning.plan import Known
from sikap.rounds.planning.request import Among, Wish
from sikap.rounds.planning.sample import Draw
from sikap.rounds.settle import open_count
from sikap.steps.project_files import RoundFiles, read_articles
from sikap.steps.rounds.plan_files import roster_of
from sikap.steps.rounds.settle import settled_labels
from sikap.storage.files import decode_text, read_bytes


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a round on the command line; see Wish for what it means.

    ``annotators`` are pseudonyms of the project's roster, all of it by default; ``gold`` is a file
    of known answers, ``items`` one of sentence ids, one a line.
    """

    purpose: Purpose = "production"
    annotators: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    among: Among = "new"
    draw: Draw = "random"
    stratify: str | None = None
    items: Path | None = None
    overlap: int | None = None
    calibration: int = 0
    repeats: int = 0
    gold: Path | None = None
    blindness: Blindness = "separated"


def wish_of(
    project: Project,
    round_id: str,
    asked: Asked,
    sentences: Sequence[Sentence],
    gone: Collection[str],
) -> Wish:
    """The wish, with all that it names read; ``gone`` are annotators who withdrew.

    Raises InputError for files that cannot be used and annotators that there are not.
    """
    return Wish(
        round_id=round_id,
        purpose=asked.purpose,
        roster=roster_of(project, asked.annotators, gone),
        sample=asked.sample,
        seed=asked.seed,
        among=asked.among,
        draw=asked.draw,
        stratify=asked.stratify,
        listed=_listed(asked.items),
        overlap=asked.overlap,
        calibration=asked.calibration,
        repeats=asked.repeats,
        gold=_gold(project, asked.gold, sentences),
        blindness=asked.blindness,
    )


def _listed(path: Path | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    data = read_bytes(path, str(path), "name an existing file of sentence ids")
    lines = decode_text(data, str(path)).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _gold(project: Project, path: Path | None, sentences: Sequence[Sentence]) -> tuple[Gold, ...]:
    if path is None:
        return ()
    data = read_bytes(path, str(path), "name an existing file of known answers")
    return read_gold(data, str(path), sentences, project.scheme())


def known(
    project: Project,
    asked: Asked,
    earlier: Iterable[RoundFiles],
    sentences: Iterable[Sentence],
) -> Known:
    """What a draw needs to know beside the sentences, where it needs it.

    Who was to judge a sentence counts, not who has: else a round would be planned otherwise again
    whenever somebody annotates meanwhile.
    """
    articles = read_articles(project) if asked.stratify is not None else []
    had: dict[str, set[str]] = {}
    for item in (item for files in earlier for item in files.items):
        if item.pass_ == FIRST:
            had.setdefault(item.sentence_id, set()).update(item.annotators)
    covered = {sentence: len(names) for sentence, names in had.items()}
    return Known(
        articles={one.article_id: one for one in articles},
        covered=covered,
        private=unseen(project, sentences),
    )


def unseen(project: Project, sentences: Iterable[Sentence]) -> frozenset[str]:
    """Ids of the body sentences that no annotator may see, as the settings ask for.

    They are those that hold data of private persons, and those between which annotators would see
    them.
    """
    if project.settings.private == "keep":
        return frozenset()
    book = RuleBook(project.outlets)
    of_article: dict[str, list[Sentence]] = {}
    for one in sentences:
        of_article.setdefault(one.article_id, []).append(one)
    ids: set[str] = set()
    for article in read_articles(project):
        of = of_article.get(article.article_id, ())
        rules = book.rules(article.language, article.outlet)
        if of and (found := private_data(article.text, rules)):
            ids |= not_to_show(of, found)
    return frozenset(ids)


def left_out(
    project: Project, among: Among, earlier: Sequence[RoundFiles], sentences: Sequence[Sentence]
) -> frozenset[str]:
    """Ids of the sentences that the earlier rounds take out of the choice.

    A gold item takes none out: its answer was known, and nobody's judgement of it counted.
    """
    if among == "all":
        return frozenset()
    if among == "new":
        items = (item for files in earlier for item in files.items)
        return frozenset(item.sentence_id for item in items if item.pass_ == FIRST)
    labels, _ = settled_labels(earlier, sentences, project)
    undecided = {label.sentence_id for label in labels if open_count(label)}
    return frozenset(s.sentence_id for s in sentences) - undecided

"""The step that shows which articles are copies, for people who decide whether one should go."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

import msgspec

from sikap.articles.near_duplicates.pairs import shingles, similarity
from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Article
from sikap.settings import Copies
from sikap.steps.articles.near_duplicates import clusters
from sikap.steps.parallel import cores
from sikap.steps.report import Progress, Report, silent

ALL_PAIRS = 20
"""Articles of a cluster up to which each is compared with each; beyond, each with the first."""
CHANGES, WORDS, LONGEST = 5, 8, 5_000
"""Changes that are shown, words of each side of one, and words of a text that is compared."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An article of a cluster, and what is known of where it comes from."""

    article_id: str
    outlet: str | None
    published: str | None
    title: str | None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """How alike two articles are: Jaccard index of shingles, and whether the texts are equal."""

    one: str
    other: str
    similarity: float
    exact: bool


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Articles that are copies, or copies of copies, with what its most alike texts differ in.

    ``pairs`` compares each with each, in clusters above `ALL_PAIRS` each with the first.
    ``between`` names two articles, the most alike of those that are not equal, and ``changes`` the
    first words that they differ in, as "-old +new"; both are empty where all are equal.
    """

    articles: tuple[Member, ...]
    pairs: tuple[Compared, ...]
    between: tuple[str, ...]
    changes: tuple[str, ...]


class CopiesReport(Report, frozen=True, kw_only=True):
    """All clusters of copies, by their first ids, and the settings by which they are ones."""

    settings: Copies
    clusters: tuple[Cluster, ...]

    def lines(self) -> Iterator[str]:
        """Yield a paragraph for each cluster."""
        count = sum(len(cluster.articles) for cluster in self.clusters)
        yield (
            f"{count} articles in {len(self.clusters)} clusters of copies: at least "
            f"{self.settings.threshold:g} of all runs of {self.settings.words} words shared"
        )
        for cluster in self.clusters:
            yield ""
            for one in cluster.articles:
                known = [part for part in (one.outlet, one.published, one.title) if part]
                yield "  ".join([one.article_id, *known])
            for pair in cluster.pairs:
                how = "the same text" if pair.exact else f"{pair.similarity:.2f}"
                yield f"  {pair.one} ~ {pair.other}: {how}"
            if cluster.between:
                yield f"  from {cluster.between[0]} to {cluster.between[1]}:"
                yield from (f"    {change}" for change in cluster.changes)
        if self.clusters:
            yield ""
            yield "to leave one out: sikap withdraw ARTICLE"


def report_near_duplicates(project: Project, progress: Progress = silent) -> CopiesReport:
    """Compare the articles of every cluster; nothing of the project is changed.

    Raises InputError where there are no articles yet.
    """
    if not project.articles.is_file():
        found, fix = "there is no such file", "run 'sikap ingest' first"
        file = project.name(project.articles)
        raise InputError(Problem(code="file-missing", file=file, found=found, fix=fix))
    cluster_of = clusters(project, project.articles, cores(), progress)
    settings = project.settings.copies
    return CopiesReport(settings=settings, clusters=tuple(_compared(project, cluster_of)))


def _compared(project: Project, cluster_of: Mapping[str, str]) -> Iterator[Cluster]:
    """Yield the clusters by their names; the articles of one are in memory at once."""
    decoder = msgspec.json.Decoder(Article)
    starts: dict[str, list[int]] = {}
    with project.articles.open("rb") as file:
        start = 0
        for line in file:
            cluster = cluster_of.get(decoder.decode(line).article_id)
            if cluster is not None:
                starts.setdefault(cluster, []).append(start)
            start += len(line)
        for cluster in sorted(starts):
            articles = []
            for start in starts[cluster]:
                file.seek(start)
                articles.append(decoder.decode(file.readline()))
            yield compare(articles, project.settings.copies)


def compare(articles: Sequence[Article], settings: Copies) -> Cluster:
    """A cluster with the similarities of its articles, and what its most alike ones differ in."""
    ordered = sorted(articles, key=lambda one: one.article_id)
    by_id = {one.article_id: one for one in ordered}
    sets = {one.article_id: shingles(one.text, settings) for one in ordered}
    names = list(by_id)
    some = (
        list(combinations(names, 2))
        if len(names) <= ALL_PAIRS
        else [(names[0], name) for name in names[1:]]
    )
    pairs = tuple(
        Compared(
            one=one,
            other=other,
            similarity=round(similarity(sets[one], sets[other]), 4),
            exact=by_id[one].text == by_id[other].text,
        )
        for one, other in some
    )
    unequal = [pair for pair in pairs if not pair.exact]
    closest = max(unequal, key=lambda pair: pair.similarity, default=None)
    between = (closest.one, closest.other) if closest else ()
    return Cluster(
        articles=tuple(
            Member(
                article_id=one.article_id,
                outlet=one.outlet,
                published=one.published,
                title=one.title,
            )
            for one in ordered
        ),
        pairs=pairs,
        between=between,
        changes=tuple(changes(*(by_id[name].text for name in between))) if between else (),
    )


def changes(old: str, new: str) -> Iterator[str]:
    """Yield the first words that two texts differ in, and how many more places there are."""
    one, other = old.split(), new.split()
    if max(len(one), len(other)) > LONGEST:
        yield f"{len(one)} and {len(other)} words, too many to show what differs"
        return
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    places = [step for step in steps if step[0] != "equal"]
    if not places:
        yield "white space alone"
    for _, start, end, start_there, end_there in places[:CHANGES]:
        parts = (("-", one[start:end]), ("+", other[start_there:end_there]))
        yield " ".join(f"{sign}{_short(words)}" for sign, words in parts if words)
    if len(places) > CHANGES:
        yield f"and {len(places) - CHANGES} more places"


def _short(words: Sequence[str]) -> str:
    shown = " ".join(words[:WORDS])
    more = len(words) - WORDS
    return f"[{shown} … {more} more words]" if more > 0 else f"[{shown}]"

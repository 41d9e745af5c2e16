"""The step that shows on a sample of articles what each rule for blocks matched."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sikap.errors import InputError, Problem
from sikap.languages import Rule, RuleBook
from sikap.project import Project
from sikap.records import Article
from sikap.rounds.withdrawal import withdrawn
from sikap.segmentation.explain import Reason, reasons
from sikap.steps.project_files import read_articles, read_tombstones
from sikap.steps.report import Report

_AROUND = 40
_SHOWN = 160
_PATTERN = 84
"""Code points of a pattern in a line; --json has it whole."""
_Key = tuple[str | None, str, int, str]
"""A rule: its file, key, number and pattern."""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What decided about a piece of an article, with its words and those around it."""

    article_id: str
    before: str
    words: str
    after: str
    reason: Reason


class RuleCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule decided in the sample, and in how many of its articles."""

    file: str | None
    key: str
    number: int
    pattern: str
    times: int
    articles: int


class ExplainReport(Report, frozen=True, kw_only=True):
    """What each rule matched in the articles of the sample; rules that matched nothing count 0.

    Of articles that were named ``pieces`` hold the body too.
    """

    sample: tuple[str, ...]
    of: int
    pieces: tuple[Explained, ...]
    rules: tuple[RuleCount, ...]

    def lines(self) -> Iterator[str]:
        """Yield the pieces by article, a row for each rule that decided, and the other rules."""
        article = None
        for piece in self.pieces:
            if piece.article_id != article:
                article = piece.article_id
                yield f"== {article}"
            reason = piece.reason
            kind = "soft break" if reason.key in {"break", "unfinished"} else reason.kind
            yield f"{kind:<12} …{piece.before}⟦{piece.words}⟧{piece.after}…"
            if reason.key != "body":
                yield f"{'':<12} {_name(reason)}: {_short(reason.pattern)}"
        yield f"{len(self.sample)} of {self.of} articles; how often each rule decided:"
        yield f"{'times':>6}{'articles':>9}  rule"
        never: dict[str, list[int]] = {}
        for one in self.rules:
            if one.times:
                yield f"{one.times:>6}{one.articles:>9}  {_name(one)}: {_short(one.pattern)}"
            else:
                never.setdefault(f"{one.file} {one.key}", []).append(one.number)
        for name, numbers in never.items():
            yield f"{'never':>15}  {name} {', '.join(map(str, numbers))}"


def explain_segmentation(
    project: Project, ids: Sequence[str] = (), *, sample: int = 20, seed: int = 0
) -> ExplainReport:
    """Show what decided about the blocks of some articles, by lot or by their ids; write nothing.

    Raises InputError where an id is of no article (``unknown-article``) or rules cannot be used.
    """
    gone = withdrawn(read_tombstones(project)).articles
    articles = [one for one in read_articles(project) if one.article_id not in gone]
    chosen = _chosen(articles, ids, sample, seed)
    book, pieces = RuleBook(project.outlets), list[Explained]()
    counts, inside = Counter[_Key](), dict[_Key, set[str]]()
    for article in chosen:
        each = book.each(article.language, article.outlet)
        for rule in each:
            inside.setdefault(_key(rule), set())
        rules = book.rules(article.language, article.outlet)
        for reason in reasons(article.text, rules, each, body=bool(ids)):
            pieces.append(_explained(article, reason))
            if reason.key == "body":
                continue
            counts[_key(reason)] += 1
            inside.setdefault(_key(reason), set()).add(article.article_id)
    return ExplainReport(
        sample=tuple(one.article_id for one in chosen),
        of=len(articles),
        pieces=tuple(pieces),
        rules=tuple(_counted(counts, inside)),
    )


def _key(rule: Rule | Reason) -> _Key:
    return rule.file, rule.key, rule.number, rule.pattern


def _counted(counts: Mapping[_Key, int], inside: Mapping[_Key, set[str]]) -> Iterator[RuleCount]:
    """Yield a count for each rule but words that titles write small: alone they decide nothing."""
    for key, articles in inside.items():
        file, name, number, pattern = key
        if name != "small":
            yield RuleCount(
                file=file,
                key=name,
                number=number,
                pattern=pattern,
                times=counts[key],
                articles=len(articles),
            )


def _chosen(
    articles: Sequence[Article], ids: Sequence[str], sample: int, seed: int
) -> list[Article]:
    if not ids:
        # A lot to look at, no secret.
        drawn = random.Random(seed).sample(range(len(articles)), min(sample, len(articles)))  # noqa: S311
        return [articles[number] for number in sorted(drawn)]
    known = {article.article_id: article for article in articles}
    missing = [one for one in ids if one not in known]
    if missing:
        raise InputError([_unknown(one) for one in missing])
    return [known[one] for one in dict.fromkeys(ids)]


def _unknown(article_id: str) -> Problem:
    fix = "give the article_id of a line of articles.jsonl"
    return Problem(code="unknown-article", id=article_id, found="there is no such article", fix=fix)


def _explained(article: Article, reason: Reason) -> Explained:
    text, start, end = article.text, reason.start, reason.end
    words = text[start:end]
    return Explained(
        article_id=article.article_id,
        before=text[max(0, start - _AROUND) : start],
        words=words
        if len(words) <= _SHOWN
        else f"{words[: _SHOWN - _AROUND].rstrip()} … {words[-_AROUND:].lstrip()}",
        after=text[end : end + _AROUND],
        reason=reason,
    )


def _name(rule: Reason | RuleCount) -> str:
    return f"{rule.file} {rule.key} {rule.number}" if rule.file else f"shape {rule.key}"


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= _PATTERN else f"{pattern[:_PATTERN]}…"

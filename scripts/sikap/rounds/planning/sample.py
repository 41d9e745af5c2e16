"""Draw the sentences of a round: at random, by stratum, by article, or the least covered.

All draws take those that a hash of the seed puts first, so a larger sample holds the smaller one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from sikap.errors import InputError, Problem
from sikap.records import Article, Sentence, short_id
from sikap.rounds.planning.request import RoundRequest

NOT_KNOWN = "not known"


class SamplingFrame(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences of a project, and what decides which of them a round may draw.

    ``sentences`` are in the order of sentences.jsonl. ``done`` has the ids of those that earlier
    rounds exclude, ``private`` of those that no annotator may see, for data of private persons
    stand in them or beside them. ``articles`` are by id; ``covered`` counts the annotators that
    each sentence had so far.
    """

    sentences: Sequence[Sentence]
    done: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    articles: Mapping[str, Article] = {}
    covered: Mapping[str, int] = {}


def drawn(
    candidates: Sequence[Sentence],
    what: str,
    request: RoundRequest,
    frame: SamplingFrame,
) -> tuple[set[str], str]:
    """The ids of the sentences that are drawn, and in words how.

    ``what`` says of the candidates what they are. Raises InputError for a field to stratify by that
    neither sentences nor articles have.
    """
    ids = [sentence.sentence_id for sentence in candidates]
    of = len({one.article_id for one in candidates}) if request.draw == "articles" else len(ids)
    value_of = _values(request.stratify, frame.articles) if request.stratify is not None else None
    if request.sample == 0:
        return set(), "none but sentences with a known answer"
    if request.sample is None or request.sample >= of:
        return set(ids), f"all {what}"
    if request.draw == "articles":
        chosen = set(_first({one.article_id for one in candidates}, request.sample, request.seed))
        words = f"all {what} of {request.sample} of {of} articles, at random"
        return {one.sentence_id for one in candidates if one.article_id in chosen}, words
    words = f"{request.sample} of {of} {what}"
    if request.draw == "least-covered":
        least = sorted(ids, key=lambda id_: (frame.covered.get(id_, 0), _place(request.seed, id_)))
        return set(least[: request.sample]), f"{words}, those with the fewest annotators first"
    if value_of is not None:
        strata: dict[str, list[str]] = defaultdict(list)
        for sentence in candidates:
            strata[value_of(sentence)].append(sentence.sentence_id)
        shares = allocate({name: len(those) for name, those in strata.items()}, request.sample)
        chosen = {
            id_ for name, n in shares.items() for id_ in _first(strata[name], n, request.seed)
        }
        return chosen, f"{words}, at random in proportion to {request.stratify}"
    return set(_first(ids, request.sample, request.seed)), f"{words}, at random"


def allocate(sizes: Mapping[str, int], sample: int) -> dict[str, int]:
    """Share a sample among strata in proportion to their sizes, by the largest remainder.

    Of equal remainders the larger stratum comes first, then the name. ``sample`` is at most the sum
    of the sizes, so that no stratum is asked for more than it has.
    """
    total = sum(sizes.values())
    exact = {name: divmod(sample * size, total) for name, size in sizes.items()}
    order = sorted(sizes, key=lambda name: (-exact[name][1], -sizes[name], name))
    left = sample - sum(whole for whole, _ in exact.values())
    return {name: exact[name][0] + (name in order[:left]) for name in sorted(sizes)}


def _values(field: str, articles: Mapping[str, Article]) -> Callable[[Sentence], str]:
    """The value of a field of a sentence, or of its article where sentences have no such field."""
    if field in Sentence.__struct_fields__:
        return lambda sentence: str(getattr(sentence, field))
    if field not in Article.__struct_fields__:
        fields = dict.fromkeys((*Sentence.__struct_fields__, *Article.__struct_fields__))
        found = f"neither sentences nor articles have a field {field!r}"
        fix = f"stratify by one of {', '.join(fields)}"
        raise InputError(Problem(code="round-design", found=found, fix=fix))

    def of_article(sentence: Sentence) -> str:
        article = articles.get(sentence.article_id)
        value = getattr(article, field) if article else None
        return NOT_KNOWN if value is None else str(value)

    return of_article


def _first(ids: Iterable[str], count: int, seed: int) -> list[str]:
    return sorted(ids, key=lambda id_: _place(seed, id_))[:count]


def _place(seed: int, id_: str) -> str:
    return short_id(seed, "draw", id_)

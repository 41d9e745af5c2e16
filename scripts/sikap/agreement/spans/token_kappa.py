"""κ and α over the label of every token, with and without the tokens that nobody marked.

A token has the label of the span that it shares a code point with (`flatten`: the longest, then
the first), or none. Most tokens of a text are marked by nobody; published figures differ by
whether these count, so both are given. Items whose tokens are not known are left out.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, counted, mean_known, over
from sikap.agreement.bootstrap.dense_sums import totals
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.categorical.coefficients import own_alpha
from sikap.agreement.categorical.sparse_pairs import MOST_DRAWN
from sikap.agreement.categorical.variable import figures
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.spans.f1_scores import too_many
from sikap.agreement.spans.flatten import painted
from sikap.agreement.spans.match_counts import Spans, by_item, labels_of
from sikap.agreement.study import Marks, Options
from sikap.records import Extent

NONE = "O"
N = TypeVar("N", bound=Hashable)
UNKNOWN = "the tokens of no item that two annotators looked at are known"
ALIKE = "every two annotators gave all tokens one and the same label"
UNMARKED = "nobody marked a token"


class Tokens(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The labels of all tokens of the items that two annotators or more looked at.

    ``token``, ``who`` and ``label`` are columns of places; label 0 is none. ``item`` is the item
    of each token, ``cluster`` the cluster of each item. ``pairs`` has a row for every pair of
    annotators on every token: token, pair, and the label of each of the two.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    annotators: tuple[str, ...]
    clusters: tuple[str, ...]
    token: Codes
    who: Codes
    label: Codes
    owner: Codes
    duos: tuple[tuple[str, str], ...]
    pairs: Codes


def tokens_of(marks: Marks) -> Tokens:
    """Label the tokens of a layer as each annotator did."""
    labels = labels_of(marks)
    looked = {
        item: spans
        for item, spans in by_item(marks.spans).items()
        if len(spans) > 1 and item in marks.tokens
    }
    annotators = sorted({who for spans in looked.values() for who in spans})
    clusters = sorted({marks.clusters.get(item, item) for item in looked})
    duos = sorted({duo for spans in looked.values() for duo in combinations(spans, 2)})
    order = _places(labels)
    people, groups, of_duo = _places(annotators), _places(clusters), _places(duos)
    names: list[str] = []
    columns: list[Codes] = [np.zeros((0, 3), dtype=np.int64)]
    owners: list[Codes] = [np.zeros(0, dtype=np.int64)]
    pairs: list[Codes] = [np.zeros((0, 4), dtype=np.int64)]
    for item, spans in looked.items():
        extents = sorted(marks.tokens[item])
        said = _said(spans, extents, order)
        places = np.arange(len(names), len(names) + len(extents))
        names += [f"{item}:{start}-{end}" for start, end in extents]
        owners.append(np.full(len(extents), groups[marks.clusters.get(item, item)]))
        columns += [_column(places, people[who], codes) for who, codes in said.items()]
        pairs += [
            _column(places, of_duo[one, other], said[one], said[other])
            for one, other in combinations(said, 2)
        ]
    column = np.concatenate(columns)
    return Tokens(
        labels=(_none(labels), *labels),
        names=tuple(names),
        annotators=tuple(annotators),
        clusters=tuple(clusters),
        token=column[:, 0],
        who=column[:, 1],
        label=column[:, 2],
        owner=np.concatenate(owners),
        duos=tuple(duos),
        pairs=np.concatenate(pairs),
    )


def _places(names: Iterable[N]) -> dict[N, int]:
    return {name: place for place, name in enumerate(names)}


def _said(
    spans: Mapping[str, Spans], extents: Sequence[Extent], order: dict[str, int]
) -> dict[str, Codes]:
    """The label of each token of an item, by annotator."""
    starts, ends = [start for start, _ in extents], [end for _, end in extents]
    return {who: _codes(several, starts, ends, order) for who, several in spans.items()}


def _codes(spans: Spans, starts: list[int], ends: list[int], order: dict[str, int]) -> Codes:
    """The label of each token: 0 for none, else one more than its place."""
    if not spans:
        return np.zeros(len(starts), dtype=np.int64)
    codes = np.array([*(order[span.label] + 1 for span in spans), 0])
    return codes[painted(spans, starts, ends, order)]


def _column(places: Codes, whose: int, *codes: Codes) -> Codes:
    """Rows of token, annotator or pair, and what was said."""
    return np.column_stack((places, np.full(len(places), whose), *codes))


def _none(labels: Iterable[str]) -> str:
    """A name for no label that no label has."""
    name, taken = NONE, set(labels)
    while name in taken:
        name = f"({name})"
    return name


def ratings(tokens: Tokens, name: str, *, marked: bool = False) -> Ratings:
    """The labels of tokens as ratings; with ``marked`` of those alone that somebody marked."""
    counts = np.bincount(
        tokens.token[tokens.label > 0] if marked else tokens.token, minlength=len(tokens.names)
    )
    kept = counts > 0
    rows = kept[tokens.token]
    new = np.cumsum(kept) - 1
    used, cluster = np.unique(tokens.owner[kept], return_inverse=True)
    return Ratings(
        name=name,
        level="nominal",
        values=tokens.labels,
        items=tuple(tokens.names[place] for place in np.flatnonzero(kept)),
        annotators=tokens.annotators,
        clusters=tuple(tokens.clusters[place] for place in used),
        item=new[tokens.token[rows]],
        annotator=tokens.who[rows],
        value=tokens.label[rows],
        cluster=cluster.reshape(-1),
        when=np.full(int(rows.sum()), np.nan),
    )


def token_figures(marks: Marks, options: Options) -> tuple[Figure, ...]:
    """Krippendorff's α of all annotators and the mean of Cohen's κ, each with and without."""
    tokens = tokens_of(marks)
    found: list[Figure] = []
    for suffix, marked in (("", False), ("-marked", True)):
        rated = ratings(tokens, marks.name, marked=marked)
        of_all = figures(rated, options, (own_alpha("nominal"),))[0]
        of_all = msgspec.structs.replace(of_all, coefficient=f"token-krippendorff-alpha{suffix}")
        found.append(_because(of_all, tokens, marked=marked))
        found.append(_cohen(tokens, f"token-cohen-kappa{suffix}", options, marked=marked))
    return tuple(found)


def _because(found: Figure, tokens: Tokens, *, marked: bool) -> Figure:
    if found.undefined is None:
        return found
    reason = _undefined(tokens, len(tokens.names), marked=marked)
    return msgspec.structs.replace(found, undefined=reason)


def _undefined(tokens: Tokens, looked: int, *, marked: bool) -> str:
    if not looked:
        return UNKNOWN
    if marked and not tokens.label.any():
        return UNMARKED
    return ALIKE


def _cohen(tokens: Tokens, name: str, options: Options, *, marked: bool) -> Figure:
    """The mean over pairs of annotators of Cohen's κ; pairs without one are left out.

    With ``marked`` a pair has only those tokens that one of the two marked.
    """
    rows = tokens.pairs
    if marked:
        rows = rows[(rows[:, 2] > 0) | (rows[:, 3] > 0)]
    token, pair, one, other = rows.T
    base = Basis(
        units=len(np.unique(token)),
        ratings=2 * len(rows),
        annotators=len({who for place in np.unique(pair) for who in tokens.duos[place]}),
        clusters=len(np.unique(tokens.owner[token])),
    )
    width, labels = len(tokens.duos), len(tokens.labels)
    many = width > MOST_DRAWN
    owner = np.zeros(len(rows), dtype=np.int64) if many else tokens.owner[token]
    groups = 1 if many else len(tokens.clusters)
    equal = one == other
    table = np.concatenate(
        (
            counted((owner[equal], pair[equal]), (groups, width))[..., None],
            counted((owner, pair, one), (groups, width, labels)),
            counted((owner, pair, other), (groups, width, labels)),
        ),
        axis=-1,
    )
    cells = (width, 2 * labels + 1)
    once, drawn = totals(table.reshape(groups, cells[0] * cells[1]), options)
    found = figure(
        name,
        float(mean_known(_kappas(once.reshape(cells), labels)[None])[0]),
        mean_known(_kappas(drawn.reshape(len(drawn), *cells), labels)),
        base,
        options,
        because=_undefined(tokens, len(tokens.names), marked=marked),
    )
    return too_many(found) if many else found


def _kappas(sums: Floats, labels: int) -> Floats:
    """Cohen's κ of equal pairs and the two margins: … × (1 + 2 labels) to …."""
    size = sums[..., 1 : labels + 1].sum(axis=-1)
    chance = (sums[..., 1 : labels + 1] * sums[..., labels + 1 :]).sum(axis=-1)
    equal = over(sums[..., 0], size)
    expected = over(chance, size * size)
    return over(equal - expected, np.where(np.isnan(expected), 0.0, 1 - expected))

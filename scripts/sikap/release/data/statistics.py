"""Figures of a release, counted from its content; everything that card and datasheet state."""

from collections import Counter
from collections.abc import Mapping

from sikap.agreement.release_summary import Stated
from sikap.records import Record
from sikap.release.data.class_balance import Balance, balance_of
from sikap.release.data.content import Content
from sikap.release.data.leakage import Leakage, Sentences, leakage
from sikap.release.data.splits import TEST
from sikap.release.data.tables import Tables, column, settled_spans
from sikap.release.data.views import VIEWS, count, sources, unknown_in_train
from sikap.rounds.agreement_summary import stated_of_rounds
from sikap.rounds.settle import is_open, open_count
from sikap.text.tokens import Tokens, tag


class Facts(Record, frozen=True, kw_only=True):
    """Counts; every dictionary is in a fixed order and leaves nothing out.

    ``licences`` are those of articles, "" where none was stated; ``values`` those of Choices by
    control; ``settled`` counts spans by how their presence was settled; ``untagged`` spans by why
    no BIO tag stands for them; ``annotators`` those who said something, if only that they skip.
    ``balance`` are classes by config and split; ``views`` rows of test by config and view;
    ``unknown`` articles of train without day or outlet; ``leakage`` sentences of the other splits
    that train has too.
    """

    articles: int
    licences: dict[str, int]
    sentences: int
    kinds: dict[str, int]
    labelled: int
    empty: int
    open: int
    spans: int
    labels: dict[str, int]
    values: dict[str, dict[str, int]]
    settled: dict[str, int]
    untagged: dict[str, int]
    annotations: dict[str, int]
    annotators: dict[str, int]
    agreement: tuple[Stated, ...]
    rows: dict[str, dict[str, int]]
    balance: Balance
    views: dict[str, dict[str, int]]
    unknown: dict[str, int]
    leakage: tuple[Leakage, ...]


def _licences(content: Content) -> dict[str, int]:
    """How many articles have each licence, spelt as in allowed_licences: case is of no matter."""
    spelt = {licence.casefold(): licence for licence in content.meta.allowed_licences}
    given = (article.licence or "" for article in content.articles)
    return _ordered(Counter(spelt.get(licence.casefold(), licence) for licence in given))


def facts(content: Content, tables: Tables) -> Facts:
    """Count everything once."""
    spans = [span for label in content.labels for span in label.spans]
    present = [span for label in content.labels for span in settled_spans(label)]
    return Facts(
        articles=len(content.articles),
        licences=_licences(content),
        sentences=len(content.sentences),
        kinds=_ordered(Counter(sentence.kind for sentence in content.sentences)),
        labelled=len(content.labels),
        empty=sum(1 for label in content.labels if not label.spans),
        open=sum(open_count(label) for label in content.labels),
        spans=len(present),
        labels=_every(content.scheme.labels, Counter(span.label for span in present)),
        values=_values(content),
        settled=_ordered(Counter(span.provenance.how for span in spans)),
        untagged=_untagged(content, tables),
        annotations=_ordered(Counter(annotation.status for annotation in content.annotations)),
        annotators=_ordered(Counter(kind for _, kind in _active(content))),
        agreement=stated_of_rounds(
            content.rounds,
            content.annotations,
            content.passes,
            {one.sentence_id: one.article_id for one in content.sentences},
            content.scheme,
            content.meta.levels,
        ),
        rows={
            config: {split: table.num_rows for split, table in by_split.items()}
            for config, by_split in tables.items()
        },
        balance=balance_of(content, list(tables.get("articles", {}))),
        views=_views(content, tables),
        unknown=unknown_in_train(sources(content.articles), content.splits),
        # Without texts it is what was counted in them.
        leakage=leakage(sentences_of(content)) if content.text == "full" else content.leakage,
    )


def sentences_of(content: Content) -> Sentences:
    """The sentences as columns."""
    labelled = {label.sentence_id for label in content.labels}
    return Sentences(
        ids=[one.sentence_id for one in content.sentences],
        splits=[content.splits[one.article_id] for one in content.sentences],
        texts=[one.text for one in content.sentences],
        kinds=[one.kind for one in content.sentences],
        labelled=[one.sentence_id in labelled for one in content.sentences],
    )


def _views(content: Content, tables: Tables) -> dict[str, dict[str, int]]:
    counts = {}
    mentions = {control.name for control in content.scheme.of_kind("attribute")}
    for config, by_split in tables.items():
        if config not in {"annotations", "articles"}:
            names = [view for view in VIEWS if view != "target" or config in mentions]
            test = {split: table for split, table in by_split.items() if split == TEST}
            counts[config] = count(column(test, "views"), names)
    return counts


def _active(content: Content) -> set[tuple[str, str]]:
    """Who has a row in the round that names them, and of what kind they are there."""
    rows = {(said.round_id, said.annotator) for said in content.annotations}
    return {
        (entry.annotator, entry.kind)
        for manifest in content.rounds
        for entry in manifest.roster
        if (manifest.round_id, entry.annotator) in rows
    }


def _ordered(counter: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counter.items()))


def _every(names: tuple[str, ...], counter: Mapping[str, int]) -> dict[str, int]:
    return {name: counter.get(name, 0) for name in names}


def _values(content: Content) -> dict[str, dict[str, int]]:
    counts = {}
    for control in content.scheme.controls:
        if control.kind == "spans":
            continue
        if control.kind == "attribute":
            given = [s.attributes for label in content.labels for s in settled_spans(label)]
        else:
            given = [label.choices for label in content.labels]
        choices = [choices[control.name] for choices in given if control.name in choices]
        counter = Counter(value for choice in choices for value in choice.values)
        undecided = sum(1 for choice in choices if is_open(choice.provenance))
        counts[control.name] = {**_every(control.values, counter), "open": undecided}
    return counts


def _untagged(content: Content, tables: Tables) -> dict[str, int]:
    labels = {label.sentence_id: label for label in content.labels}
    counts = {"overlapped": 0, "misaligned": 0}
    for control in content.scheme.of_kind("spans"):
        by_split = tables.get(control.name, {})
        names = ("sentence_id", "token_starts", "token_ends")
        for id_, starts, ends in zip(*(column(by_split, name) for name in names), strict=True):
            spans = [s for s in settled_spans(labels[id_]) if s.label in control.values]
            if spans:
                tokens = Tokens(texts=(), starts=starts, ends=ends)
                tagging = tag(tokens, [(span.start, span.end, span.label) for span in spans])
                counts["overlapped"] += tagging.overlapped
                counts["misaligned"] += tagging.misaligned
    return counts

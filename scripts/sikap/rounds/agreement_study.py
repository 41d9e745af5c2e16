"""A round as a study: what its annotators said, in the form that agreement is computed from.

Items are sentences, clusters are articles. Only what was submitted takes part: a skipped item is a
missing rating. First passes are compared between annotators; second ones with the first of the same
annotator; known answers (pass 0) are in neither.

A choice is asked where its condition holds, and is missing elsewhere. Where it was asked and is
empty, nothing was chosen, which is an answer, as it is one when labels are settled: the empty set
of a choice of several values, the value ``(none)`` of a nominal one. Any other level has no place
for it on its scale, so there it is missing.

Each control that marks spans is a layer of its own: labels of two typologies never compete.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

import msgspec

from sikap.agreement.coded_rows import MISSING, Rows, ratings_of, rows_of
from sikap.agreement.ratings import Level, Ratings
from sikap.agreement.study import Attribute, Key, Marks, Study
from sikap.dates import seconds_of
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import FIRST, REPEAT, Annotation, Extent, Label, Round, Span
from sikap.rounds.measurement_levels import level_of, scale_of

T = TypeVar("T")


class Sentences(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of sentences beside what was said of them, by sentence id.

    ``articles`` has all of them; ``texts``, ``tokens`` (extents in the text) and ``settled`` (the
    spans that are decided on, see `settled_spans`) may lack some: what needs them is undefined.
    """

    articles: Mapping[str, str]
    texts: Mapping[str, str] = {}
    tokens: Mapping[str, tuple[Extent, ...]] = {}
    settled: Mapping[str, tuple[Span, ...]] = {}


def study_of(
    manifest: Round,
    annotations: Iterable[Annotation],
    passes: Mapping[str, int],
    sentences: Sentences,
    scheme: Scheme,
    levels: Mapping[str, Level] = {},
) -> Study:
    """The study of one round; annotations of other rounds are left out.

    ``passes`` maps ids of items to their pass. ``levels`` has the level of a control by its name;
    without one it is nominal, or masi where several values may be chosen. Annotations fit the
    scheme, and no annotator has two of one item: `steps.settle.wrong_annotations` names others.
    """
    by_pass: dict[int, list[Annotation]] = {FIRST: [], REPEAT: []}
    for one in annotations:
        if one.status == "submitted" and one.round_id == manifest.round_id:
            of_pass = by_pass.get(passes.get(one.item_id, -1))
            if of_pass is not None:
                of_pass.append(one)
    # In one order, whatever theirs is: so equal rounds give equal bytes.
    first, again = (sorted(by_pass[pass_], key=_key) for pass_ in (FIRST, REPEAT))
    variables, layers = _parts(first, sentences, scheme, levels)
    variables_again, layers_again = _parts(again, sentences, scheme, levels) if again else ((), ())
    return Study(
        name=manifest.round_id,
        guidelines=manifest.digests.guidelines,
        variables=variables,
        again=variables_again,
        layers=layers,
        marks_again=layers_again,
        texts=_of_these([one.sentence_id for one in first], sentences.texts),
    )


def settled_spans(labels: Iterable[Label]) -> dict[str, tuple[Span, ...]]:
    """The spans that are decided on, by sentence; an attribute that is open has no value."""
    return {
        label.sentence_id: tuple(
            Span(
                start=span.start,
                end=span.end,
                label=span.label,
                attributes={
                    name: choice.values for name, choice in span.attributes.items() if choice.values
                },
            )
            for span in label.spans
            if span.provenance.how != "open"
        )
        for label in labels
    }


_key: Callable[[Annotation], Key] = attrgetter("sentence_id", "annotator")


def _parts(
    said: Sequence[Annotation],
    sentences: Sentences,
    scheme: Scheme,
    levels: Mapping[str, Level],
) -> tuple[tuple[Ratings, ...], tuple[Marks, ...]]:
    """What was chosen and what was marked in one pass."""
    times = [seconds_of(one.created_at) for one in said]
    return (
        tuple(_variables(said, times, sentences, scheme, levels)),
        _layers(said, times, sentences, scheme, levels),
    )


def _variables(
    said: Sequence[Annotation],
    times: Sequence[float | None],
    sentences: Sentences,
    scheme: Scheme,
    levels: Mapping[str, Level],
) -> Iterator[Ratings]:
    choices = scheme.of_kind("choice")
    if choices:  # else nobody needs the rows, which take a while to make
        items, annotators = [one.sentence_id for one in said], [one.annotator for one in said]
        rows = rows_of(items, annotators, sentences.articles, times)
        for control in choices:
            yield _variable(said, rows, control, level_of(control, levels))


def _variable(said: Sequence[Annotation], rows: Rows, control: Control, level: Level) -> Ratings:
    name, when = control.name, control.when
    given = [
        one.choices.get(name, ()) if when is None or when.holds(one.choices) else None
        for one in said
    ]
    scale, place = scale_of(control, level, {values for values in given if values is not None})
    return ratings_of(
        rows, name, scale, [place[values] if values is not None else MISSING for values in given]
    )


def _layers(
    said: Sequence[Annotation],
    times: Sequence[float | None],
    sentences: Sentences,
    scheme: Scheme,
    levels: Mapping[str, Level],
) -> tuple[Marks, ...]:
    keys = list(map(_key, said))
    when = {key: at for key, at in zip(keys, times, strict=True) if at is not None}
    judged = dict.fromkeys(sentence for sentence, _ in keys)
    texts = _of_these(judged, sentences.texts)
    settled = _of_these(judged, sentences.settled)
    return tuple(
        Marks(
            name=control.name,
            labels=control.values,
            attributes=tuple(_attributes(control, scheme, levels)),
            spans=dict(zip(keys, _of(control, (one.spans for one in said), scheme), strict=True)),
            clusters=_of_these(judged, sentences.articles),
            lengths={id_: len(text) for id_, text in texts.items()},
            tokens=_of_these(judged, sentences.tokens),
            settled=dict(zip(settled, _of(control, settled.values(), scheme), strict=True)),
            when=when,
        )
        for control in scheme.of_kind("spans")
    )


def _attributes(
    control: Control, scheme: Scheme, levels: Mapping[str, Level]
) -> Iterator[Attribute]:
    for one in scheme.of_kind("attribute"):
        if not one.of_labels or set(one.of_labels) & set(control.values):
            yield Attribute(name=one.name, values=one.values, level=level_of(one, levels))


def _of(
    control: Control, every: Iterable[tuple[Span, ...]], scheme: Scheme
) -> Iterable[tuple[Span, ...]]:
    """The spans of each that a control marked, for no label belongs to two controls."""
    if len(scheme.of_kind("spans")) == 1:
        return every
    return (tuple(span for span in spans if span.label in control.values) for spans in every)


def _of_these(ids: Iterable[str], known: Mapping[str, T]) -> dict[str, T]:
    """What is known of some ids, in their order."""
    return {id_: known[id_] for id_ in ids if id_ in known} if known else {}

"""Everything about the spans of one layer: scores, errors, tokens, borders on the continuum."""

from collections import Counter

from sikap.agreement.report import ByValue, Layer
from sikap.agreement.span_counts import basis, between_annotators, labels_of, met
from sikap.agreement.span_scores import by_pair, errors, of_labels, pooled
from sikap.agreement.study import Marks, Options


def layer(marks: Marks, options: Options, again: Marks | None = None) -> Layer:
    """All figures of a layer; ``again`` are the spans of items that came a second time."""
    del again
    found = met(marks, between_annotators(marks))
    base = basis(found, marks)
    means, pairs = by_pair(found, marks, base, options)
    used = _used(marks)
    return Layer(
        name=marks.name,
        labels=labels_of(marks),
        basis=base,
        figures=(*pooled(found, base, options), *means),
        by_label=tuple(
            ByValue(value=label, count=used.get(label, 0), figures=figures)
            for label, figures in zip(found.labels, of_labels(found, base, options), strict=True)
        ),
        pairs=pairs,
        annotators=(),
        errors=errors(found),
        settled=(),
        course=(),
        consistency=(),
        needed=(),
    )


def _used(marks: Marks) -> Counter[str]:
    """How often each label was used in all."""
    return Counter(span.label for spans in marks.spans.values() for span in spans)

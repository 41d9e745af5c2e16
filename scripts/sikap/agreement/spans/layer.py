"""Everything about the spans of one layer: scores, errors, tokens, borders on the continuum."""

from collections import Counter

from sikap.agreement.figures import Figure
from sikap.agreement.report import ByValue, Layer
from sikap.agreement.spans.annotators import annotators, settled, span_consistency
from sikap.agreement.spans.counts import basis, between_annotators, met
from sikap.agreement.spans.exact import exact
from sikap.agreement.spans.scores import by_pair, errors, of_labels, pooled
from sikap.agreement.spans.token_labels import token_figures
from sikap.agreement.spans.unitizing import unitizing_figures
from sikap.agreement.spans.unitizing_2004 import alpha_u_figures
from sikap.agreement.study import Marks, Options


def headline(marks: Marks, options: Options) -> tuple[Figure, ...]:
    """The main figure of a layer: exact F1 over all pairs of annotators; it is light."""
    return (exact(marks, options)[0].figure,)


def layer(marks: Marks, options: Options, again: Marks | None = None) -> Layer:
    """All figures of a layer; ``again`` are the spans of items that came a second time."""
    found = met(marks, between_annotators(marks))
    base = basis(found, marks)
    means, pairs = by_pair(found, marks, base, options)
    cut, cut_labels = unitizing_figures(marks, options)
    older, older_labels = alpha_u_figures(marks, options)
    scored = of_labels(found, base, options)
    used = _used(marks)
    return Layer(
        name=marks.name,
        labels=found.labels,
        basis=base,
        figures=(
            *pooled(found, base, options),
            *means,
            *token_figures(marks, options),
            *cut,
            older,
        ),
        by_label=tuple(
            ByValue(value=label, count=used[label], figures=(*figures, *alphas))
            for label, figures, *alphas in zip(
                found.labels, scored, cut_labels, older_labels, strict=True
            )
        ),
        pairs=pairs,
        annotators=annotators(marks, found, options),
        errors=errors(found),
        settled=settled(marks, options),
        course=(),
        consistency=() if again is None else span_consistency(marks, again, options),
        needed=(),
    )


def _used(marks: Marks) -> Counter[str]:
    """How often each label was used in all."""
    return Counter(span.label for spans in marks.spans.values() for span in spans)

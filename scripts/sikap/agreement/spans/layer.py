"""Everything about the spans of one layer: scores, errors, tokens, borders on the continuum."""

from collections import Counter

from sikap.agreement.report import ByValue, Layer
from sikap.agreement.spans.annotators import annotators, settled, span_consistency
from sikap.agreement.spans.f1_scores import by_pair, errors, of_labels, pooled
from sikap.agreement.spans.match_counts import basis, between_annotators, met
from sikap.agreement.spans.token_kappa import token_figures
from sikap.agreement.spans.unitizing_alpha import unitizing_figures
from sikap.agreement.study import Marks, Options


def layer(marks: Marks, options: Options, again: Marks | None = None) -> Layer:
    """All figures of a layer; ``again`` are the spans of items that came a second time."""
    found = met(marks, between_annotators(marks))
    base = basis(found, marks)
    means, pairs = by_pair(found, marks, base, options)
    cut, cut_labels = unitizing_figures(marks, options)
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
        ),
        by_label=tuple(
            ByValue(value=label, count=used[label], figures=(*figures, alpha))
            for label, figures, alpha in zip(found.labels, scored, cut_labels, strict=True)
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

"""What each figure of spans is, in words that can stand in a paper, with its source."""

from sikap.agreement.report import Definition

SEMEVAL = (
    "Segura-Bedmar, Martínez & Herrero-Zazo 2013, SemEval-2013 Task 9: Extraction of Drug-Drug "
    "Interactions from Biomedical Texts"
)
MATCHED = (
    "Spans are matched one to one between two annotators so that they share most code points. "
)
KINDS = {
    "exact": (
        "Exact F1",
        "The share of spans, of both annotators, that the other marked with the same borders and "
        "label. ",
        "Tjong Kim Sang & De Meulder 2003, Introduction to the CoNLL-2003 Shared Task; Hripcsak & "
        "Rothschild 2005, Agreement, the F-Measure, and Reliability in Information Retrieval",
    ),
    "borders": (
        "F1 of borders",
        "The share of spans, of both annotators, that the other marked with the same borders, "
        "whatever the label. ",
        SEMEVAL,
    ),
    "partial": (
        "Partial F1",
        MATCHED + "The share of spans, of both annotators, that are matched, whatever the label, "
        "where a match with other borders counts half. ",
        SEMEVAL,
    ),
    "type": (
        "F1 of types",
        MATCHED + "The share of spans, of both annotators, that are matched with one of the same "
        "label, whatever the borders. ",
        SEMEVAL,
    ),
}
POOLED = (
    "Over all pairs of annotators and all items that both looked at, taken together. Items where "
    "both marked nothing add nothing; undefined where nobody marked anything."
)
MEAN = (
    "The mean over pairs of annotators, each with all items that both looked at; pairs that marked "
    "nothing are left out."
)
SETTLED = "Over the settled items that the annotator looked at, taken together."

SPAN_DEFINITIONS: dict[str, Definition] = {
    **{
        f"span-f1-{kind}": Definition(title=title, text=text + POOLED, source=source)
        for kind, (title, text, source) in KINDS.items()
    },
    **{
        f"span-f1-{kind}-mean": Definition(
            title=f"{title}, mean of pairs", text=text + MEAN, source=source
        )
        for kind, (title, text, source) in KINDS.items()
    },
    "span-precision-exact": Definition(
        title="Exact precision",
        text="The share of an annotator's spans that were settled with the same borders and "
        f"label. {SETTLED}",
        source=KINDS["exact"][2],
    ),
    "span-recall-exact": Definition(
        title="Exact recall",
        text="The share of settled spans that an annotator marked with the same borders and "
        f"label. {SETTLED}",
        source=KINDS["exact"][2],
    ),
}

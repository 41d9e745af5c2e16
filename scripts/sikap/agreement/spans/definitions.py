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

TOKENS = {
    "": ("all tokens", "tokens that nobody marked among them"),
    "-marked": ("marked tokens", "of those tokens alone that one of {} marked"),
}
LABELLED = (
    "A token has the label of the span that it shares a code point with (the longest, then the "
    "first), or O."
)
UNITIZING = (
    "Krippendorff, Mathet, Bouvry & Widlöcher 2016, On the Reliability of Unitizing Textual "
    "Continua: Further Developments, Quality & Quantity 50"
)

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
    **{
        f"token-cohen-kappa{suffix}": Definition(
            title=f"Cohen's κ of tokens, {title}",
            text=f"Cohen's κ over the label of each token, {tokens.format('the two')}, as the mean "
            "over pairs of annotators, each with all items that both looked at. " + LABELLED,
            source="Cohen 1960, A coefficient of agreement for nominal scales, Educational and "
            "Psychological Measurement 20(1)",
        )
        for suffix, (title, tokens) in TOKENS.items()
    },
    **{
        f"token-krippendorff-alpha{suffix}": Definition(
            title=f"Krippendorff's α of tokens, {title}",
            text=f"Nominal α over the label of each token, {tokens.format('the annotators')}, of "
            "all annotators. " + LABELLED,
            source="Krippendorff 2011, Computing Krippendorff's Alpha-Reliability",
        )
        for suffix, (title, tokens) in TOKENS.items()
    },
    "unitizing-alpha": Definition(
        title="Krippendorff's unitizing α",
        text="uα: one minus observed over expected disagreement about which code points belong to "
        "units of which label and which to gaps; chance pairs no unit with itself. Texts are laid "
        "end to end; of spans that one annotator laid upon each other the longest counts, then the "
        "first.",
        source=UNITIZING,
    ),
    "unitizing-alpha-binary": Definition(
        title="Krippendorff's unitizing α, binary",
        text="|uα: as uα, but of marked against not marked, whatever the labels.",
        source=UNITIZING,
    ),
    "unitizing-alpha-label": Definition(
        title="Krippendorff's unitizing α of one label",
        text="|uα where the spans of one label alone are units and all else is gap.",
        source=UNITIZING,
    ),
}

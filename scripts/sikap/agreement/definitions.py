"""What each coefficient is, in words that can stand in a paper, with its source."""

from sikap.agreement.report import Definition
from sikap.agreement.span_definitions import SPAN_DEFINITIONS

DEFINITIONS: dict[str, Definition] = {
    "percent-agreement": Definition(
        title="Percent agreement",
        text="The share of pairs of ratings on one unit that are equal, as the mean over units "
        "with two ratings or more. Nothing is corrected for chance.",
        source="Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed.",
    ),
    "krippendorff-alpha": Definition(
        title="Krippendorff's α",
        text="One minus observed over expected disagreement, weighted by the distance of the "
        "variable's level; units with one rating do not count, chance is taken from all ratings "
        "on the other units, without replacement.",
        source="Krippendorff 2011, Computing Krippendorff's Alpha-Reliability",
    ),
    **SPAN_DEFINITIONS,
}
"""By coefficient; a key is stable: thresholds, agreement.json and cards name figures by it."""

"""The definitions of all figures, as reports, cards and thresholds name them."""

from sikap.agreement.causes.definitions import CAUSE_DEFINITIONS
from sikap.agreement.choices.definitions import CHOICE_DEFINITIONS
from sikap.agreement.report import Definition
from sikap.agreement.spans.definitions import SPAN_DEFINITIONS

DEFINITIONS: dict[str, Definition] = {
    **CHOICE_DEFINITIONS,
    **SPAN_DEFINITIONS,
    **CAUSE_DEFINITIONS,
}
"""By coefficient; a key is stable: thresholds, agreement.json and cards name figures by it."""

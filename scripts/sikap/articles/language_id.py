"""The language of a text, as its letters tell it: `py3langid` on what stands first."""

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENOUGH = 1_000
"""Code points that are looked at."""
LEAST = 20
"""Letters below which a text tells no language."""
_HEAD = 2 * ENOUGH
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\d+")
_CODES = {
    "id": "in ind",
    "he": "iw heb",
    "yi": "ji",
    "jv": "jw jav",
    "no": "nb nob nor",
    "nn": "nno",
    "tl": "fil",
    "ro": "mo",
    "zh": "cmn zho chi",
    "en": "eng",
    "ms": "msa may zsm zlm",
    "ar": "ara arb",
    "de": "deu ger",
    "fr": "fra fre",
    "es": "spa",
    "pt": "por",
    "ru": "rus",
    "ja": "jpn",
    "ko": "kor",
    "th": "tha",
    "vi": "vie",
    "hi": "hin",
    "tr": "tur",
    "nl": "nld dut",
    "it": "ita",
    "pl": "pol",
    "sh": "hbs",
}
"""Codes of the identifier, with other codes of the same language, older or of three letters."""
_ALIASES = {code: ours for ours, codes in _CODES.items() for code in codes.split()}
_CLOSE = (
    # Standard Indonesian and Malay share most of their words; Javanese news is full of Indonesian.
    {"id", "ms", "jv"},
    # One written language with two forms, and the Danish that one of them grew out of.
    {"no", "nn", "da"},
    # One language by its words, under several names.
    {"sr", "hr", "bs", "sh"},
    # Understood by each other's readers, with spellings that differ in few places.
    {"cs", "sk"},
    {"gl", "pt"},
    {"ca", "oc"},
    {"bg", "mk"},
    {"af", "nl"},
    {"az", "tr"},
    {"fa", "tg"},
    {"xh", "zu"},
    # Devanagari, with many words in common.
    {"hi", "mr", "ne", "sa"},
    # Written Chinese; readers of other varieties write it too.
    {"zh", "wuu", "yue"},
    {"ar", "ary", "arz"},
)
"""Languages whose texts are easily taken for each other, and why."""


def identified_language(text: str) -> str | None:
    """The language code of a text, of two letters where there is one; None where it tells none.

    Its first thousand code points are looked at, without addresses, digits and lines in capitals,
    such as those that invite to scroll. One in fewer than twenty letters tells none.
    """
    sample = _sample(text)
    if sum(map(str.isalpha, sample)) < LEAST:
        return None
    # Its letters never lie outside the model's arithmetic; what numpy says of it is for its makers.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        language: str = _identifier().classify(sample)[0]
    return language if language not in {"und", "zxx"} else None


def mismatch(stated: str, identified: str | None) -> bool:
    """Whether a text is clearly in another language than is said of it.

    Regions and scripts do not count; nor do languages that are easily confused, or that the
    identifier does not know.
    """
    if identified is None:
        return False
    one, other = _primary(stated), _primary(identified)
    if one == other or any({one, other} <= close for close in _CLOSE):
        return False
    return one in _known()


def _primary(tag: str) -> str:
    primary = tag.replace("_", "-").partition("-")[0].casefold()
    return _ALIASES.get(primary, primary)


def _sample(text: str) -> str:
    head = _NO_WORDS.sub(" ", text[:_HEAD])
    lines = [line for line in head.split("\n") if not line.isupper()]
    sample = "\n".join(lines)[:ENOUGH]
    return sample if sample.strip() else head[:ENOUGH]


@cache
def _known() -> frozenset[str]:
    return frozenset(map(_primary, _identifier().labels))


@cache
def _identifier() -> "LanguageIdentifier":
    # It unpacks its model, which takes half a second: whoever identifies nothing needs none of it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

"""The forms of names and numbers that people write: tags, ids, days, versions.

Settings, commands and readers match them in full. `schema/*.schema.json` repeats them between ``^``
and ``$``: the tests hold the two together.
"""

import re

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A BCP 47 tag: a code of two or three letters, then script, region and so on, as in zh-Hant-TW.

BCP 47 keeps longer first subtags for later, so a longer one is the name of a language. The schema
of a release takes such names too, for releases that were made with them.
"""
LICENCE_ID = re.compile(r"[A-Za-z0-9.+-]+")
"""An SPDX identifier, such as CC-BY-4.0."""
LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+() :-]*")
"""SPDX identifiers, in an expression or alone."""
ROUND_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""The id of a round, which is the name of its folder."""
ANNOTATOR = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""The pseudonym of an annotator."""
SPLIT = re.compile(r"[a-z]+")
"""The name of a split."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A day as 2023-11-23; `dates.is_day` knows whether the calendar has it."""
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
"""The version of a dataset: three numbers."""
SHA256 = re.compile(r"[0-9a-f]{64}")
LINE = re.compile(r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+")
"""One line of text without control characters: the name of a dataset, its title, an author."""
WEB_PAGE = re.compile(r"https?://[^\s]+")

_CODES = {
    "ar": "arabic arab", "de": "german jerman", "en": "english inggris", "es": "spanish spanyol",
    "fr": "french prancis", "id": "indonesian indonesia bahasa", "ja": "japanese jepang",
    "jv": "javanese jawa", "ms": "malay melayu", "nl": "dutch belanda", "su": "sundanese sunda",
    "zh": "chinese mandarin",
}  # fmt: skip
"""Languages that people here write the names of, with their names in English and Indonesian."""


def suggest_language(text: str) -> str:
    """What to write instead of a text that is no language tag."""
    name = text.strip().lower().removeprefix("bahasa ")
    codes = (code for code, names in _CODES.items() if name in names.split())
    tag = next(codes, "-".join(text.replace("_", " ").split()))
    return f'write "{tag}"' if LANGUAGE.fullmatch(tag) else 'write one such as "en" or "id-ID"'


def version_numbers(version: str) -> tuple[int, ...]:
    """The three numbers of a version; raises ValueError where it is not of the form 1.2.3."""
    if not VERSION.fullmatch(version):
        raise ValueError(f"version {version!r} is not of the form 1.2.3")
    return tuple(map(int, version.split(".")))

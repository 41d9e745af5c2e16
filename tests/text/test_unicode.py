"""What Unicode says of characters, held against the data that Python and the tokenizer have."""

import re
import unicodedata

import pytest
from tokenizers import Regex
from tokenizers.pre_tokenizers import Split

from sikap.text.unicode import (
    BETWEEN,
    CONTROLS,
    INVISIBLE,
    UNSPACED,
    UNSPACED_SCRIPTS,
    combining_marks,
    hidden,
)
from sikap.text.words import is_unspaced, normal_form, shingles

ASSIGNED = [
    chr(n) for n in range(0x30000) if unicodedata.category(chr(n)) not in {"Cn", "Cs", "Co"}
]


@pytest.mark.parametrize("script", UNSPACED_SCRIPTS)
def test_a_script_without_spaces_has_all_letters_that_unicode_gives_it(script: str) -> None:
    letters = "".join(one for one in ASSIGNED if one.isalpha() and one == normal_form(one))
    of_script = Split(Regex(rf"\p{{{script}}}"), "removed")
    others = {one for piece, _ in of_script.pre_tokenize_str(letters) for one in piece}
    assert set(letters) - others <= set(UNSPACED.findall(letters))
    assert re.search(f"[{UNSPACED_SCRIPTS[script]}]", letters)


def test_each_set_of_characters_that_show_nothing_holds_the_smaller_ones() -> None:
    sets = [
        {one for one in map(chr, range(0x20000)) if re.match(pattern, one)}
        for pattern in (f"[{BETWEEN}]", f"[{INVISIBLE}]", hidden().pattern)
    ]
    assert sets[0] < sets[1] < sets[2]
    assert {one for one in map(chr, range(128)) if re.match(f"[{CONTROLS}]", one)} >= {
        one for one in map(chr, range(128)) if not one.isprintable() and not one.isspace()
    }


def test_a_mark_is_of_one_category() -> None:
    assert combining_marks("Mn").isdisjoint(combining_marks("Mc", "Me"))
    assert "\u20dd" in combining_marks("Me")
    assert "\u0301" in combining_marks("Mn")


def test_words_and_scripts_without_spaces_part_at_the_same_letters() -> None:
    for letter in ASSIGNED:
        if letter.isalpha() and letter == normal_form(letter):
            assert is_unspaced(letter) == bool(UNSPACED.match(letter)), letter
    assert shingles("ꦱꦧꦤꦥ", 3, 2) == {"ꦱ ꦧ", "ꦧ ꦤ", "ꦤ ꦥ"}

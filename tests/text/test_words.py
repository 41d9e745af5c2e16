import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.text.words import is_unspaced, normal_form, shingles, units, units_of, words

CHINESE = "省长支持该水坝项目，居民则拒绝。"
THAI = "ผู้ว่าราชการจังหวัดสนับสนุนโครงการเขื่อน"
JAVANESE = "ꦱꦧꦼꦤ꧀ꦥꦿꦤꦠꦏꦭꦲꦶꦂꦫꦏꦺꦏꦤ꧀ꦛꦶꦩꦂꦢꦶꦏꦭꦤ꧀ꦢꦂꦧꦺꦩꦂꦠꦧꦠ꧀ꦭꦤ꧀ꦲꦏ꧀ꦲꦏ꧀ꦏꦁꦥꦝ"
BALINESE = "ᬫᬓᬲᬫᬶᬫᬦᬸᬲᬦᬾᬓᭂᬫ᭄ᬩᬲᬶᬦ᭄ᬫᬳᬃᬤᬶᬓᬮᬦ᭄ᬧᬢᭂᬄ"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv, kata\n PBB: “Rp 2,5 juta”!", "kyiv kata pbb rp 2 5 juta"),
        ("ＦＵＬＬ　ｗｉｄｔｈ ﬁ", "full width fi"),
        ("Bu q\u0303ori", "bu q\u0303ori"),
        ("हिन्दी में", "हिन्दी में"),
        ("!?", "!?"),
        ("", ""),
    ],
)
def test_a_normal_form_keeps_words_marks_and_digits_alone(text: str, expected: str) -> None:
    assert normal_form(text) == expected


@given(st.text(max_size=40))
def test_the_normal_form_of_words_is_itself(text: str) -> None:
    once = normal_form(text)
    if words(text):
        assert words(once) == once.split(" ")


@pytest.mark.parametrize(
    ("text", "unspaced"),
    [
        (CHINESE, True),
        (THAI, True),
        (JAVANESE, True),
        (BALINESE, True),
        ("カタカナとひらがな", True),
        ("ᮞᮊᮥᮙ᮪ᮔ ᮏᮜ᮪ᮙ ᮌᮥᮘᮢᮌ᮪ ᮊ ᮃᮜᮙ᮪", False),
        ("Kota Lama", False),
        ("한국어 문장", False),
        ("Wali Kota 北京", False),
        ("", False),
    ],
)
def test_scripts_without_spaces_are_known(text: str, unspaced: bool) -> None:
    assert is_unspaced(normal_form(text)) == unspaced


def test_shingles_are_of_words_or_of_characters() -> None:
    assert shingles("satu dua, tiga Empat", 3, 5) == {"satu dua tiga", "dua tiga empat"}
    assert shingles("北京市长。拒绝", 3, 5) == {"北 京 市 长 拒", "京 市 长 拒 绝"}


def test_what_is_shorter_than_a_shingle_is_its_one_shingle() -> None:
    assert shingles("satu dua", 3, 5) == {"satu dua"}
    assert shingles("?", 3, 5) == {"?"}
    assert shingles("dua puluh", 3, 5) != shingles("duapuluh", 3, 5)


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text("aB_1 ,.-“”–…•·é\n\t\x0b\x1f"))
def test_quick_ways_give_the_words_that_a_pattern_gives(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not any(unicodedata.category(c) in {"Mn", "Mc"} for c in folded):
        assert words(text) == re.findall(r"\w+", folded)
    assert units_of(text) == units(normal_form(text))

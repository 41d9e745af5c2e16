import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sikap.articles.normalise import Frozen, encoding_of, freeze, freeze_text
from sikap.errors import Problem

SENTENCE = "Presiden “Joko” datang – lalu pergi."


def frozen(data: bytes) -> Frozen:
    result = freeze(data, "a.txt")
    assert isinstance(result, Frozen)
    return result


def rejected(data: bytes) -> Problem:
    result = freeze(data, "a.txt")
    assert isinstance(result, Problem)
    return result


def test_plain_utf8_is_kept_as_it_is() -> None:
    assert frozen(SENTENCE.encode()) == Frozen(SENTENCE, "utf-8", ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding_and_goes(encoding: str) -> None:
    result = frozen(SENTENCE.encode(encoding))
    assert (result.text, result.normalised) == (SENTENCE, ("bom",))


def test_what_was_changed_is_recorded_in_a_fixed_order() -> None:
    result = frozen("\ufeffKafe\u0301\r\nBaru\rLama\n".encode())
    assert result == Frozen("Kaf\u00e9\nBaru\nLama\n", "utf-8", ("bom", "newlines", "nfc"))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", SENTENCE * 20),
        ("cp1252", "Apa kabar, café ini buka?"),
        ("cp1251", "Президент заявил в Москве о новых мерах. " * 5),
        ("gb18030", "同样，施力的大小不同，引起的加速度不同。" * 5),
        ("cp932", "日本の首相は東京で会見を行い、新しい政策を発表した。" * 5),
    ],
)
def test_another_encoding_is_detected_and_recorded(encoding: str, text: str) -> None:
    result = frozen(text.encode(encoding))
    assert (result.text, result.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", None),
        (b"\xef\xbb\xbf \n\t", "empty", None),
        ("\u200b\u2060 \u00a0".encode(), "empty", None),
        (b"satu\ndua\x00", "control-character", 2),
        ("satu\u0085dua".encode(), "control-character", 1),
        (b"satu\x0cdua", "control-character", 1),
        (b"satu\ndua \xed\xa0\x80", "surrogate", 2),
        (b"\xff\xfe\x00\xd8", "encoding", None),
        (bytes(range(256)), "encoding", None),
    ],
)
def test_what_cannot_be_an_article_is_rejected(data: bytes, code: str, line: int | None) -> None:
    problem = rejected(data)
    assert (problem.code, problem.line, problem.file) == (code, line, "a.txt")


def test_a_surrogate_in_a_decoded_text_is_named_with_its_offset() -> None:
    problem = freeze_text("satu\n\ud83d dua", "a.json", "utf-8")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.line) == ("surrogate", 2)
    assert "U+D83D at code point 5" in problem.found


@given(st.binary())
@example(b"\xff\xfe\x00\x00")
def test_any_bytes_become_a_clean_text_or_a_problem(data: bytes) -> None:
    result = freeze(data, "a.txt")
    if isinstance(result, Problem):
        assert result.code in {"empty", "encoding", "surrogate", "control-character"}
        return
    assert unicodedata.is_normalized("NFC", result.text)
    categories = {unicodedata.category(character) for character in result.text if character >= " "}
    assert not categories & {"Cc", "Cs"}
    assert "\r" not in result.text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_frozen_text_freezes_to_itself(text: str) -> None:
    first = freeze(text.encode(), "a.txt")
    if isinstance(first, Frozen) and not first.text.startswith("\ufeff"):
        assert frozen(first.text.encode()) == Frozen(first.text, "utf-8", ())


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "本报讯：昨天上午，市长在会议上说，今年的经济增长将超过预期。" * 6),
        ("cp932", "きのうの午前、市長は会議で、ことしの経済成長は予想を上回ると述べた。" * 6),
        ("cp1256", "قال رئيس البلدية أمس إن الاقتصاد سينمو هذا العام أكثر من المتوقع. " * 6),
        ("cp1252", "Harga di “Pasar Lama” naik — kata José — 3 persen.\n" * 6),
        ("utf-16-le", "Harga beras naik, kata Bu Sari.\n" * 6),
        ("utf-16-be", "Harga beras naik, kata Bu Sari.\n" * 6),
        ("utf-16-le", "本报讯：昨天上午，市长在会议上说 3 次。\n" * 6),
    ],
)
def test_texts_of_the_world_are_read_in_their_encodings(encoding: str, text: str) -> None:
    frozen = freeze(text.encode(encoding), "x.txt")
    assert isinstance(frozen, Frozen)
    assert frozen.text == text
    assert encoding_of(text.encode(encoding)) == (frozen.encoding, 0)


def test_an_encoding_that_is_told_is_not_guessed() -> None:
    frozen = freeze("Ł".encode("iso8859-2"), "x.txt", "latin2")
    assert isinstance(frozen, Frozen)
    assert (frozen.text, frozen.encoding) == ("Ł", "iso8859-2")
    assert isinstance(freeze(b"\xff", "x.txt", "ascii"), Problem)


def test_a_few_broken_characters_leave_a_long_file_in_utf8() -> None:
    assert encoding_of("Café, Łódź. ".encode() * 40 + b"\xff") == ("utf-8", 0)

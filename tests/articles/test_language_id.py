import subprocess
import sys

import pytest

from news import DATASET_TEXTS
from sikap.articles.language_id import identified_language, mismatch

TEXTS = {
    "id": "Pemerintah kota menunda rapat karena hujan deras turun sejak pagi di wilayah itu.",
    "en": "The council put off its meeting because heavy rain had been falling since morning.",
    "de": "Der Rat verschob seine Sitzung, weil es seit dem Morgen in der Stadt stark regnete.",
    "ar": "أجل المجلس اجتماعه بسبب الأمطار الغزيرة التي هطلت على المدينة منذ الصباح الباكر",
    "zh": "由于早上以来城里一直下着大雨,市议会决定推迟原定于今天下午举行的例行会议。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_letters_tell_the_language(language: str) -> None:
    assert identified_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "Ia pergi.", "12 345 678 901 234 567 890", "—" * 500])
def test_few_letters_tell_none(text: str) -> None:
    assert identified_language(text) is None


def test_addresses_and_lines_in_capitals_are_passed_over() -> None:
    noise = "SCROLL TO CONTINUE WITH CONTENT\nhttps://example.org/the-news-of-the-day\n" * 10
    assert identified_language(noise + TEXTS["id"]) == "id"
    assert identified_language(TEXTS["id"].upper()) == "id"


def test_the_language_is_the_same_in_every_process() -> None:
    code = (
        "import sys; from sikap.articles.language_id import identified_language as language\n"
        "print(language(sys.argv[1]))"
    )
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, TEXTS["de"]],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )
        assert (run.stdout, run.stderr) == ("de\n", "")


@pytest.mark.parametrize(
    ("stated", "identified", "is_one"),
    [
        ("id", "en", True),
        ("id-ID", "id", False),
        ("en_GB", "en", False),
        ("ind", "id", False),
        ("in", "id", False),
        ("id", "ms", False),
        ("nb", "no", False),
        ("nb-NO", "da", False),
        ("sr-Latn", "hr", False),
        ("zh-Hant", "yue", False),
        ("zh", "ja", True),
        ("id", None, False),
        # Minangkabau, which the identifier does not know, cannot be told from what it takes it for.
        ("min", "id", False),
    ],
)
def test_only_what_is_clearly_another_language_is_a_mismatch(
    stated: str, identified: str | None, is_one: bool
) -> None:
    assert mismatch(stated, identified) is is_one


@pytest.mark.parametrize("text", DATASET_TEXTS)
def test_news_is_in_its_language(text: str) -> None:
    assert identified_language(text) == "id"

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.articles.publication_date import contradictions, iso_day, published_in
from sikap.languages import RuleBook

BOOK = RuleBook()
ID, EN = BOOK.rules("id"), BOOK.rules("en")
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@pytest.mark.parametrize(
    "value",
    [
        "2023-11-23",
        "2023-11-23T23:59:00+07:00",
        "2023-11-23 00:10:00Z",
        "2023/11/23",
        "2023年11月23日",
        "20231123",
        20231123,
        "20231123101500",
        "Thu, 23 Nov 2023 10:15:00 +0700",
        "Thu Nov 23 2023 10:15:00 GMT+0700",
        "Thu Nov 23 10:15:00 2023",
        "Kamis, 23 November 2023 10:15 WIB",
        "Jurnalis-Kamis, 23 Nopember 2023 |19:31 WIB",
        "Kabar.example - 23/11/2023, 19:56 WIB",
        "23-11-2023",
        "23.11.2023",
        "23 Nov 2023",
        "23-NOP-2023",
        "November 23, 2023",
        "Nov. 23rd, 2023",
        1700697600,
        "1700697600",
        1700697600000,
        1700697600123.0,
        "1700697600000",
    ],
)
def test_a_day_is_read_however_it_is_written(value: str | int | float) -> None:
    assert iso_day(value, "id") == "2023-11-23"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "tidak diketahui",
        "31/02/2023",
        "2023-13-01",
        "29 Februari 2023",
        "11/23/2023",
        "23/11/23",
        "November 2023",
        "10 Juni 2025, diperbarui 11 Juni 2025",
        "23 November 2023" + " " * 300 + ".",
        float("nan"),
        float("inf"),
        10**300,
        5,
        -1700697600,
        True,
    ],
)
def test_what_names_no_day_or_two_is_none(value: str | int | float) -> None:
    assert iso_day(value, "id") is None


def test_the_language_says_which_number_is_the_day() -> None:
    assert iso_day("09/11/2023", "id-ID") == "2023-11-09"
    assert iso_day("09/11/2023", "en") is None
    assert iso_day("23/11/2023", "en") == iso_day("11/23/2023", "en") == "2023-11-23"
    assert iso_day("11/11/2023", "en") == "2023-11-11"
    assert iso_day("23/11/2023", "zz") == "2023-11-23"


@given(DAYS, st.sampled_from(["id", "en", "zz"]))
def test_every_day_comes_back_in_every_form_of_machines(day: date, language: str) -> None:
    english = calendar.month_abbr[day.month]
    forms = (
        day.isoformat(),
        f"{day.isoformat()}T10:00:00+07:00",
        f"{day.year:04}{day.month:02}{day.day:02}",
        f"{day.day:02} {english} {day.year:04} 10:00:00 GMT",
    )
    assert {iso_day(form, language) for form in forms} == {day.isoformat()}


@given(DAYS, st.sampled_from(["id", "en"]), st.data())
def test_every_day_comes_back_by_every_name_of_its_month(
    day: date, language: str, data: st.DataObject
) -> None:
    months = BOOK.rules(language).calendar.months
    names = sorted(name for name, number in months.items() if number == day.month)
    name = data.draw(st.sampled_from(names))
    year = f"{day.year:04}"
    for form in (f"{day.day} {name.title()} {year}", f"{name.upper()} {day.day}, {year}"):
        assert iso_day(form, language) == day.isoformat()


@given(st.integers(10**8, 9_999_999_999))
def test_seconds_and_milliseconds_are_days_of_utc(seconds: int) -> None:
    day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date().isoformat()
    assert iso_day(str(seconds), "id") == iso_day(seconds * 1000, "id") == day


@given(st.text() | st.floats() | st.integers(), st.sampled_from(["id", "en", "zh"]))
def test_nothing_that_a_source_says_raises(value: str | int | float, language: str) -> None:
    day = iso_day(value, language)
    assert day is None or date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "KOTA CONTOH, 9 JUNI 2025 – Wali kota datang.",
        "Kota Contoh (9/6/2025) - Wali kota datang.",
        "Senin, 09 Jun 2025 14:00 WIB\nKota Contoh - Wali kota datang.",
        "Wali Kota Datang\nBudi - kabar\nSenin, 9 Juni 2025 | 14:00 WIB\nIa datang.",
        "Kabar.example.com - 09/06/2025, 20:43 WIB\nIa datang.",
        "Tayang: Senin, 9 Juni 2025 20:23 WITA\nIa datang.",
        "Ia datang pada 1 Mei 2024.\nDiterbitkan pada 9 Juni 2025",
        "2025-06-09 10:00\nDipublikasikan: 9 Juni 2025\nIa datang.",
    ],
)
def test_a_text_can_say_when_it_was_published(text: str) -> None:
    assert published_in(text, ID) == "2025-06-09"


@pytest.mark.parametrize(
    "text",
    [
        "Gempa Contoh 9 Juni 2025 – Ini Datanya\nIa datang.",
        "Jadwal Laga, 10 Juni 2025 pukul 18.45 WIB\nIa datang.",
        "Ia datang pada Senin, 9 Juni 2025 – dan pulang.",
        "Ia datang.\nSenin, 9 Juni 2025\nIa pulang.",
        "Senin, 9 Juni 2025\nSelasa, 10 Juni 2025\nIa pulang.",
        "Diperbarui: 9 Juni 2025\nIa pulang.",
        "Buku itu diterbitkan pada 9 Juni 2025 oleh Ombak.",
        "Senin, 31 Juni 2025 10:00 WIB\nIa pulang.",
        "",
    ],
)
def test_the_day_of_an_event_is_not_that_of_publication(text: str) -> None:
    assert published_in(text, ID) is None


def test_english_texts_say_it_in_their_own_words() -> None:
    assert published_in("SAMPLETON, June 9, 2025 (Wire) - He came.", EN) == "2025-06-09"
    assert published_in("Published June 9, 2025 at 3:15 PM ET\nHe came.", EN) == "2025-06-09"


def told(text: str, published: str | None = "2023-11-25", language: str = "id") -> list[object]:
    rules = BOOK.rules(language)
    return [(text[c.start : c.end], c.day) for c in contradictions(text, rules, published)]


@pytest.mark.parametrize(
    "written",
    [
        "Rabu (23/11/2023",
        "Rabu (23/11/23",
        "Rabu (23/11",
        "Rabu, 23 November 2023",
        "Rabu malam (23 Nopember 2023",
        "RABU, 23 NOVEMBER",
        "Jum'at (2023-11-23",
        "Rabu\n(23/11/2023",
    ],
)
def test_a_weekday_that_contradicts_its_day_is_told(written: str) -> None:
    assert told(f"Ia datang, {written}) lalu pulang.") == [(written, "2023-11-23")]


@pytest.mark.parametrize(
    "text",
    [
        "Ia datang Kamis (23/11/2023), lalu pulang Jumat (24/11).",
        "Lomba itu Sabtu-Minggu (14-15/6/2025).",
        "Lomba itu Sabtu dan Minggu (18/11/2023).",
        "Ia datang malam Jumat (23/11/2023).",
        "Toko buka Senin 08.30-10.00 dan Rabu 10/11/12/13.",
        "Sudah dua minggu, 23 November 2023 itu.",
        "Ia lahir Senin, 17 Agustus 1700.",
        "Rapat Rabu, 23-24 November 2023.",
    ],
)
def test_what_does_not_contradict_is_not_told(text: str) -> None:
    assert told(text) == []


def test_a_day_that_there_is_not_contradicts_every_weekday() -> None:
    assert told("Ia datang Rabu (31/11/2023).") == [("Rabu (31/11/2023", None)]


def test_a_day_without_a_year_is_the_nearest_to_the_publication() -> None:
    assert told("Ia datang Minggu (31/12).", "2024-01-02") == []
    assert told("Ia datang Senin (31/12).", "2024-01-02") == [("Senin (31/12", "2023-12-31")]
    assert told("Ia datang Senin (1/1).", "2023-12-30") == []
    assert told("Ia datang Rabu (23/11).", None) == []


def test_english_weekdays_are_read_in_either_order_of_numbers() -> None:
    text = (
        "He came Wednesday, November 23, 2023, and left Thursday (11/23/2023), Friday 24 November."
    )
    assert told(text, language="en") == [("Wednesday, November 23, 2023", "2023-11-23")]

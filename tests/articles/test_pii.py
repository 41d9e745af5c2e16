import random
import time

import pytest

from builders import sentence
from news import DATASET_TEXTS
from sikap.articles.pii import Found, masked, not_to_show, private_data
from sikap.languages import RuleBook

BOOK = RuleBook()


def found(text: str, language: str = "id") -> list[tuple[str, str]]:
    spans = private_data(text, BOOK.rules(language))
    return [(one.name or one.kind, text[one.start : one.end]) for one in spans]


@pytest.mark.parametrize(
    "number",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "0812.3456.7890",
        "+6281234567890",
        "+62 812-3456-7890",
        "6281234567890",
        "(021) 5551234",
        "0274-555123",
        "+1 202-555-0143",
    ],
)
@pytest.mark.parametrize(
    "form", ["Hubungi Sari di {}, katanya.", "Telp.{}", "WA: {}/Budi", "({})", "{}"]
)
def test_a_telephone_number_is_found_where_it_stands(number: str, form: str) -> None:
    text = form.format(number)
    assert [(kind, what.lstrip("(")) for kind, what in found(text)] == [
        ("phone", number.lstrip("("))
    ]


def test_an_address_that_calls_a_number_is_one() -> None:
    assert found("https://wa.me/6281234567890") == [("phone", "6281234567890")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Surel siti.aminah@contoh.co.id, ujarnya.", "siti.aminah@contoh.co.id"),
        ("Surel budi@contoh.comUntuk itu ia", "budi@contoh.com"),
        ("e-mail:RINI@CONTOH.ID.", "RINI@CONTOH.ID"),
        ("rini [at] contoh.com", "rini [at] contoh.com"),
    ],
)
def test_an_address_is_found(text: str, address: str) -> None:
    assert found(text) == [("email", address)]


@pytest.mark.parametrize(
    "number", ["3273014501900001", "327301 450190 0001", "32.7301.450190.0001"]
)
def test_an_identity_number_is_no_telephone_number(number: str) -> None:
    assert found(f"KTP korban bernomor {number}.") == [("nik", number)]


def test_identity_numbers_are_those_of_the_language() -> None:
    assert found("NPWP 01.234.567.8-901.000.") == [("npwp", "01.234.567.8-901.000")]
    assert found("Her number is 123-45-6789.", "en") == [("us-social-security", "123-45-6789")]
    assert found("KTP 3273014501900001.", "zz") == []


@pytest.mark.parametrize(
    "text",
    [
        "Harga naik dari Rp 10.500.000 menjadi Rp 12.750.000.",
        "Donasi ke rekening Bank Contoh 0812345678 atas nama panitia.",
        "Nomor resi 081234567890.",
        "Pusat panggilan 1500-046, 0800-1-234567, polisi 110, ambulans 119.",
        "Laga 2019-2024 berakhir 3-1, 21-19, 18-21, 21-15.",
        "UU Nomor 23 Tahun 2014 Pasal 12 ayat (1).",
        "Putusan Nomor 0812/Pdt.G/2025/PN.Jkt dan 081/PMK.05/2023.",
        "Koordinat -6.2087634, 106.845599; suhu 0,123456789.",
        "Perolehan suara 8.123.456.789 dan 08.123.456.",
        "ISBN 978-602-8519-93-9",
        "Pukul 08.00-17.00 WIB pada 01/02/2025 08.30.",
        "Baca https://contoh.id/read/081234567890/judul",
        "Akun @budi.santoso, Instagram@budi.terkini, dan @budi@contoh.social",
        "Hubungi redaksi@contoh.id atau info@contoh.id.",
        "Nomor 3273993201900001 dan 9973014501900001.",
        "NIP 198001012005011001.",
    ],
)
def test_what_only_looks_like_it_is_not_found(text: str) -> None:
    assert found(text) == []


def test_planted_numbers_are_found_nearly_all() -> None:
    draw = random.Random(3)
    missed = 0
    for _ in range(200):
        prefix = draw.choice(["0812", "0813", "0821", "0852", "0857", "0878", "0895", "0838"])
        rest = f"{draw.randrange(10**8):08}"
        number = draw.choice(
            [
                f"{prefix}{rest}",
                f"{prefix}-{rest[:4]}-{rest[4:]}",
                f"+62 {prefix[1:]} {rest[:4]} {rest[4:]}",
            ]
        )
        missed += found(f"Warga dapat menghubungi {number} sejak Rabu (18/6/2025).") == []
    assert missed <= 2


@pytest.mark.parametrize("text", DATASET_TEXTS)
def test_news_without_private_data_is_passed_over(text: str) -> None:
    assert found(text) == []


def test_what_is_told_of_it_does_not_give_it_away() -> None:
    assert masked("081234567821") == "08…21"
    assert masked("a@b.id") == "a…d"
    assert masked("abc") == "…"


def test_annotators_see_a_sentence_between_its_neighbours() -> None:
    texts = ("Satu.", "Dua.", "Telepon.", "Empat.", "Lima.")
    body = [sentence(text, index=n, start=10 * n) for n, text in enumerate(texts)]
    phone = Found(start=21, end=25, kind="phone")
    assert not_to_show(body, [phone]) == {one.sentence_id for one in body[1:4]}
    assert not_to_show(body, []) == not_to_show([], [phone]) == set()


def test_what_stands_in_no_body_sentence_is_seen_by_nobody() -> None:
    of = [
        sentence("Satu.", index=0, start=0),
        sentence("Redaksi.", index=1, start=10, kind="byline"),
        sentence("Tiga.", index=2, start=20),
    ]
    assert not_to_show(of, [Found(start=10, end=14, kind="email")]) == set()


def test_the_time_grows_with_the_text_alone() -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        found("NIK 3201234507900123 dan " * times)
        return time.process_time() - started

    seconds(1)
    assert seconds(16_000) < 50 * seconds(2_000)

"""Each case is invented: a text cut at every bar, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.languages import RuleBook, known_languages
from sikap.segmentation.sentences import sentence_ends

BOOK = RuleBook()


def cut(text: str, language: str) -> list[str]:
    pieces, start = [], 0
    for end in sentence_ends(text, BOOK.rules(language)):
        pieces.append(text[start:end].strip())
        start = end
    return pieces


INDONESIAN = [
    # abbreviations, titles, initials
    "Dr. Ir. H. Bima Pratama, M.M. hadir. | Ia diam.",
    "Ia lulus, bergelar S.H. | Lalu ia bekerja.",
    "Beras, gula, dll. | Mereka membelinya.",
    "Menurut Bintang P. Laras, hujan turun. | Benar.",
    "Ia tinggal di blok D. | Namun rumahnya kecil.",
    # numbers
    "Rapat pukul 10.30. | Harga Rp. 5.000 per kg. | Turun 2,5 persen.",
    "Ia memakai kaus No. 5 saja. | Pasal 5 ayat 2.",
    "1. Cuci beras. | 2. Rebus air.",
    "Tiga warga luka. | 3 orang selamat.",
    "Aturan itu lama. 4 | Namun berlaku.",
    "Ini berlaku sejak 1998. | Pasar ramai.",
    # quotation marks and brackets
    'Ia bertanya, "Mengapa?" | Lalu ia pergi.',
    "“Kami pulang. Kami lelah,” katanya. | Hujan turun.",
    "Ia tertawa. | “Baik!” katanya. | Ia pergi.",
    "(Baca aturannya.) | Lalu isi formulir.",
    "Ia tiba (lihat hlm. 5) kemarin. | Ia senang.",
    'Buku "Senja" itu laris. | "Saya senang," katanya.',
    # ellipses and marks in a row
    "Ia diam... | Kemudian ia pergi.",
    "Ia diam… | Kemudian ia pergi.",
    "Ia … diam saja. | Sungguh?! | Ya.",
    # addresses
    "Kirim ke meja@contoh.co.id atau www.contoh.com. | Gratis.",
    "Buka https://contoh.id/a.B?c=1 sekarang. | Cepat.",
    # references and footnotes
    "Kota itu tua. [3] | Warganya ramah.",
]
ENGLISH = [
    "Mr. Smith met Dr. A. B. Jones. | They left.",
    "The U.S. Navy sailed. | She lives in the U.S. | The ship sank.",
    "It began at 5 p.m. on Monday. | It was 9 p.m. | He slept.",
    "See Fig. 3 and No. 5. | He said no. | Then he left.",
    "Smith v. Jones was heard. | Lee et al. (2010) agree.",
    "Acme Inc. and Sons Co. won. | It rained on Jan. 5. | We left.",
    '"Stop!" he said. | "Go." | She went.',
    "‘Never.’ | He left. | “Why?” | Nobody knew.",
    "It was late. [12] | Rights matter. 4 | Even so, he went.",
    "“It was late,” she said. | “We were tired. | We went home,” he added.",
    "She waited ... and left. | He was (see p. 5) right.",
    "Write to a.b@example.org or see example.com. | It is free.",
    "John Smith Jr. spoke. | St. Louis won. | (It was late.) | They left.",
    "He sold pods. | iPhones came later.",
]
OTHERS = [
    ("zh", "他来了。|1990年他走了。|“你来吗？”他问。|“我不来。”|他很生气。"),
    ("zh", "他说：“好。走吧。”|然后走了。|是的……他走了；天黑了。|你好吗?|我很好!|气温是3.5度。"),
    ("zh", "（见下文。）|下一句。|真的？！|是的！"),
    ("ja", "「はい。」と言った。|そう！|「もう帰る。明日来る。」|彼は立った。|3.5キロ歩いた。"),
    ("ja", "「本当？」と聞いた。|『春』を読む。|長さは３．５だ。"),
    ("ar", "وصل د. سالم. | كيف حالك؟ | أنا بخير!"),
    ("ur", "یہ ہے۔ | وہ ہے۔ | کیا؟ | ہاں"),
    ("fa", "او آمد. | چرا؟ | نمی‌دانم."),
    ("hi", "डॉ. राय आए। | ठीक है? | हाँ।|वह गए॥"),
    ("hy", "Բարև։ | Այո։"),
    ("am", "ሰላም። | ነው።"),
    ("my", "ကကက။ | ခခခ။"),
    ("km", "កកក។ | ខខខ។"),
    ("bo", "བོད་ཡིག། | འདི་ནི།"),
    ("el", "Τι είναι; | Ναι. | Ο Δρ. Νίκου ήρθε."),
    ("th", "สวัสดี ครับ ผม มา แล้ว"),
    (
        "de",
        "Am 3. Mai kam Dr. Weber. | Im 19. Jahrhundert wuchs sie usw. | Danach sank sie.",
    ),
    ("de", "Das war 1990. | Die Stadt wuchs. | „Wirklich?“ fragte sie. | „Nein.“ | Er ging."),
    ("es", "¿Qué pasa? | ¡Nada! | El Sr. Ruiz vive en EE. UU. desde 1990. | La Sra. Gil no."),
    ("fr", "M. Petit est là. | « Bonjour. » | Il sort. | Qui ? | Moi !"),
    (
        "ru",
        "А. Б. Иванов родился в 1950 г. в деревне. | «Да!» — сказал он. | Хлеб и т. д. | Да.",
    ),
    ("und", "Ona przyszła. | Dlaczego? | Nie wiem!"),
]
CASES = [
    *(("id", case) for case in INDONESIAN),
    *(("en", case) for case in ENGLISH),
    *OTHERS,
]


@pytest.mark.parametrize(("language", "case"), CASES)
def test_a_text_is_cut_at_its_bars(language: str, case: str) -> None:
    text = case.replace(" | ", " ").replace("|", "")
    assert cut(text, language) == [piece.strip() for piece in case.split("|")]


def test_what_glued_sentences_quote_is_told_by_the_number_of_marks() -> None:
    assert cut('Ia pergi."Saya lelah," katanya.', "id") == ["Ia pergi.", '"Saya lelah," katanya.']
    assert cut('Ia berkata, "Saya lelah."Ibu diam.', "id") == [
        'Ia berkata, "Saya lelah."',
        "Ibu diam.",
    ]
    assert cut("Sudah makan?Belum.", "id") == ["Sudah makan?", "Belum."]


def test_a_quotation_that_nobody_closed_hides_no_end() -> None:
    text = 'Ia berkata, "Kami pulang sekarang. Warga menunggu. "Benar," kata lurah. Semua pulang.'
    assert cut(text, "id")[-3:] == ["Warga menunggu.", '"Benar," kata lurah.', "Semua pulang."]


ALL = st.text(st.characters(exclude_categories=["Cs"]))
MARKS = st.text(st.sampled_from("aB1 .!?…\"'“”‘’«»()[]。！？」「；؟۔।॥։።;།．\n\t\u00a0\u2028𑇅"))


@given(st.one_of(ALL, MARKS), st.sampled_from([*known_languages(), "und", "th"]))
def test_ends_ascend_to_the_length_and_every_piece_has_a_word(text: str, language: str) -> None:
    ends = sentence_ends(text, BOOK.rules(language))
    assert ends == sorted(set(ends))
    assert ends[-1] == len(text)
    pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert "".join(pieces) == text
    if len(pieces) > 1:
        assert all(any(map(str.isalnum, piece)) or "_" in piece for piece in pieces)


@pytest.mark.parametrize(
    "piece",
    [
        ".",
        ". ",
        '."A',
        '"a. B" ',
        "(a. B ",
        "Dr. ",
        "。",
        "「あ。",
        ". [1] [1]",
        "!A",
        "… Aa",
        "abcd. e ",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    sentence_ends(text, BOOK.rules("id"))
    assert time.process_time() - start < 5

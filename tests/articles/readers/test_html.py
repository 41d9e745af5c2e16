import re
import time

import pytest

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.read import read
from sikap.errors import Problem
from sikap.records import Article

BODY = """<p>Warga Desa Uji menutup jalan utama sejak pagi karena tambang pasir di dekat
rumah mereka belum juga berhenti.</p><p>Kata <a href="/sari">Bu Sari</a> kepada wartawan, mereka
akan tetap di sana sampai <b>bupati</b> datang dan mendengar keluhan warga desa.</p>"""
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Jalan ditutup - Warta Uji</title>
<meta property="og:site_name" content="Warta Uji"><meta name="author" content="Rina Uji">
<meta property="article:published_time" content="2023-11-23T07:00:00+07:00">
<link rel="canonical" href="https://warta.example/1"></head><body>
<nav><a href="/">Beranda</a> <a href="/p">Politik</a></nav><h1>Jalan ditutup</h1>
<div class="isi">{BODY}</div>
<ul><li><a href="/2">Harga beras naik lagi di pasar</a></li><li><a href="/3">Banjir di kali</a></li>
<li><a href="/4">Sekolah baru dibuka</a></li></ul>
<div id="comments" class="comments"><p>Setuju sekali dengan warga, kata pembaca.</p></div>
<footer>Hak cipta Warta Uji</footer></body></html>"""
WORD = re.compile(r"\w+")


def one(page: str | bytes, metadata: bytes | None = None, encoding: str = "") -> Article | Problem:
    data = page.encode() if isinstance(page, str) else page
    piece = Piece(
        format="html",
        file="x.html",
        source="x.html",
        data=data,
        article_id="x",
        encoding=encoding,
        metadata=metadata,
        metadata_file="x.json",
    )
    (found,) = read(piece, ReadOptions(language="id"))
    return found


def article(page: str | bytes, metadata: bytes | None = None) -> Article:
    found = one(page, metadata)
    assert isinstance(found, Article), found
    return found


def test_a_page_says_what_it_is() -> None:
    found = article(PAGE)
    assert (found.title, found.author, found.outlet) == ("Jalan ditutup", "Rina Uji", "Warta Uji")
    assert (found.published, found.source) == ("2023-11-23", "https://warta.example/1")


def test_the_main_text_has_a_line_for_each_paragraph_and_nothing_else() -> None:
    lines = article(PAGE).text.split("\n")
    assert [line.split()[0] for line in lines if line] == ["Warga", "Kata"]
    assert "Kata Bu Sari kepada" in lines[-1]
    assert "sampai bupati datang" in lines[-1]


def test_breaks_part_paragraphs_and_glue_no_words() -> None:
    text = BODY.replace("</p><p>", "<br><br/>").replace("<p>", "").replace("</p>", "<br>")
    lines = article(PAGE.replace(BODY, text)).text.split("\n")
    assert [line.split()[0] for line in lines if line] == ["Warga", "Kata"]


def test_a_metadata_file_has_the_last_word() -> None:
    found = article(PAGE, b'{"title": "Lain", "published": "2020-01-02"}')
    assert (found.title, found.published, found.outlet) == ("Lain", "2020-01-02", "Warta Uji")


@pytest.mark.parametrize(
    ("encoding", "declared", "known"),
    [
        ("gb18030", "gb2312", "gb18030"),
        ("cp932", "Shift_JIS", "cp932"),
        ("cp1256", "windows-1256", "cp1256"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("utf-16", "utf-8", "utf-16-le"),
    ],
)
def test_the_encoding_that_a_page_declares_is_taken_where_it_can_be(
    encoding: str, declared: str, known: str
) -> None:
    words = {"cp1256": "صحيفة المدينة", "utf-8": "Café “Uji”"}.get(encoding, "日本的新聞")
    page = PAGE.replace("Warga Desa Uji", words).replace('"utf-8"', f'"{declared}"')
    found = article(page.encode(encoding, "replace"))
    assert found.encoding == known
    assert words.encode(encoding, "replace").decode(known.replace("-le", ""))[:3] in found.text


def test_bytes_that_nobody_reads_do_not_matter_and_others_are_named() -> None:
    page = PAGE.replace("Warga", "Café").encode()
    hidden = page.replace(b"Hak cipta", b"Hak \xff cipta")
    assert isinstance(one(hidden), Article)
    problem = one(page.replace(b"tambang", b"tam\xffbang"))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == ("encoding", "x")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "  ",
        "<div>" * 50_000,
        "<table><tr><td>" * 9_000,
        f"<div class='{'a' * 11_000_000}'>",
        "<p>a</p>" * 60_000,
        "<html><body><nav>a</nav></body></html>",
        f"<script type='application/ld+json'>{'[' * 50_000}</script>",
    ],
)
def test_a_page_without_a_text_or_out_of_bounds_is_named(page: str) -> None:
    problem = one(page)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id, problem.file) == ("empty", "x", "x.html")


def test_entities_of_a_page_are_not_expanded() -> None:
    bomb = "<!DOCTYPE html [<!ENTITY a 'bom'><!ENTITY b '&a;&a;&a;'>]>"
    found = article(PAGE.replace("<!DOCTYPE html>", bomb).replace("Warga", "&b; Warga"))
    assert "bom" not in found.text


@pytest.mark.parametrize("name", ["hex", "zlib", "rot13", "idna", "undefined"])
def test_a_charset_that_decodes_no_text_is_as_none(name: str) -> None:
    article = one(PAGE.replace("utf-8", name))
    assert isinstance(article, Article)
    assert article.encoding == "utf-8"


@pytest.mark.parametrize("form", ["<?xml {}>", "<?xml?><?xml {}>", "<?xml {}"])
def test_a_long_declaration_is_passed_over_in_no_time(form: str) -> None:
    started = time.process_time()
    one(form.format(" " * 100_000) + PAGE)
    assert time.process_time() - started < 5

import json
import re

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samples import META
from sikap.release.data.content import Meta
from sikap.release.documents.citation import Author, authors, bibtex, citation, read_citation, spdx
from sikap.release.documents.datasheet_questions import IDS
from sikap.release.documents.required_statements import unsaid
from sikap.storage import schemas

LINE = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20
).filter(str.strip)
PROSE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCHEMA = json.loads(schemas.schema_bytes("citation"))


def meta(**changes: object) -> Meta:
    return msgspec.structs.replace(META, **changes)


def test_a_citation_says_what_the_settings_say() -> None:
    assert yaml.safe_load(citation(META)) == {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it, with its version.",
        "type": "dataset",
        "title": "Uji: sikap & nama",
        "abstract": 'Contoh kecil. "Kutip", #pagar dan: titik dua.',
        "authors": [
            {"name": "Kelompok Uji"},
            {"family-names": "Rahayu", "given-names": "Sri"},
        ],
        "version": "1.0.0",
        "date-released": "2026-03-18",
        "license": "CC-BY-4.0",
        "keywords": ["stance-detection", "named-entity-recognition"],
    }


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Rahayu, Sri", Author("Rahayu", "Sri")),
        ("de la Cruz , Ana María", Author("de la Cruz", "Ana María")),
        ("Kelompok Uji", Author("Kelompok Uji")),
        ("{Padi, Kopi dan Kawan}", Author("Padi, Kopi dan Kawan")),
        ("Rahayu,", Author("Rahayu,")),
        (", Sri", Author(", Sri")),
    ],
)
def test_a_comma_makes_a_person_and_braces_a_group(text: str, author: Author) -> None:
    assert authors(meta(authors=(text,))) == (author,)


def test_nobody_is_named_twice_and_blanks_name_nobody() -> None:
    named = ("Rahayu, Sri", " ", "{}", "Rahayu,  Sri", "Kelompok Uji")
    assert authors(meta(authors=named)) == (Author("Rahayu", "Sri"), Author("Kelompok Uji"))
    assert unsaid(meta(authors=(" ", "{ }")), dict.fromkeys(IDS, "Ya.")) == ("authors",)


def test_a_draft_without_authors_names_nobody() -> None:
    assert authors(meta(authors=())) == (Author("The makers of Uji: sikap & nama"),)


@pytest.mark.parametrize(
    ("licence", "known"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("unknown", None),
        ("Unknown", None),
        ("MIT OR Apache-2.0", None),
        ("LicenseRef-own", None),
    ],
)
def test_only_one_spdx_identifier_is_a_licence_to_programs(licence: str, known: str | None) -> None:
    assert spdx(licence) == known
    assert yaml.safe_load(citation(meta(licence=licence))).get("license") == known


@given(title=LINE, author=LINE, summary=PROSE, tags=st.lists(LINE, max_size=3))
def test_whatever_people_say_gives_a_citation_of_the_right_form(
    title: str, author: str, summary: str, tags: list[str]
) -> None:
    changed = meta(title=title, authors=(author,), summary=summary, tags=tuple(tags))
    read = read_citation(citation(changed).encode())
    jsonschema.validate(read, SCHEMA)
    assert read["title"] == title


def test_words_that_yaml_could_take_for_something_else_stay_words() -> None:
    read = yaml.safe_load(citation(meta(title="no", tags=("on", "1.0"), authors=("null",))))
    assert (read["title"], read["keywords"][:2], read["authors"]) == (
        "no",
        ["on", "1.0"],
        [{"name": "null"}],
    )
    assert read["date-released"] == "2026-03-18"


@pytest.mark.parametrize("data", [b"\xff", b"a: [", b"[" * 9000, b"\x00"])
def test_what_is_no_yaml_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_citation(data)


@pytest.mark.parametrize("key", SCHEMA["required"])
def test_the_schema_misses_what_the_format_requires(key: str) -> None:
    read = yaml.safe_load(citation(META))
    assert list(schemas.check("citation", [read], "f")) == []
    del read[key]
    assert list(schemas.check("citation", [read], "f"))


def test_bibtex_has_authors_title_and_year_with_what_tex_would_read_as_commands_written_out() -> (
    None
):
    assert bibtex(meta(name="uji coba", homepage="https://example.org/a_b")) == (
        "@misc{uji-coba,\n"
        "  author = {{Kelompok Uji} and Rahayu, Sri},\n"
        "  title = {{Uji: sikap \\& nama}},\n"
        "  year = {2026},\n"
        "  version = {1.0.0},\n"
        "  url = {https://example.org/a_b},\n"
        "  note = {Dataset, CC-BY-4.0}\n"
        "}"
    )


@given(LINE)
def test_braces_in_bibtex_are_in_pairs_whatever_the_title(title: str) -> None:
    text = re.sub(r"\\[{}]", "", bibtex(meta(title=title)))
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0

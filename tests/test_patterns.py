"""Forms stand once, in `patterns`; the schemas repeat them, and here the two are held together."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap import patterns
from sikap.patterns import LANGUAGE, suggest_language, version_numbers
from sikap.storage import schemas

FORMS = {name: one for name, one in vars(patterns).items() if isinstance(one, re.Pattern)}
OPTIONAL = ("DAY", "WEB_PAGE")
RELEASED_LANGUAGE = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
OF_SCHEMAS_ALONE = {
    RELEASED_LANGUAGE,
    "^[0-9a-f]{16}$",  # the start of a digest, as `records.short_id` makes it
    "^[0-9][0-9A-Za-z.+!_-]*$",  # the version of a package
    *("^data/", "^[0-9]+ B$", "^@misc\\{", "^(https?|s?ftp)://"),
}


def in_schemas() -> Iterator[tuple[str, str]]:
    """Every pattern of a schema, with the name of the schema; JSON Schema reads \\d as [0-9]."""
    for name in schemas.NAMES:
        found: list[str] = []

        def note(node: dict[str, Any], found: list[str] = found) -> dict[str, Any]:
            if isinstance(node.get("pattern"), str):
                found.append(node["pattern"].replace("\\d", "[0-9]"))
            return node

        json.loads(schemas.schema_bytes(name), object_hook=note)
        yield from ((name, pattern) for pattern in found)


def test_schemas_have_the_patterns_of_the_code() -> None:
    ours = {f"^{form.pattern}$" for form in FORMS.values()}
    ours |= {f"^({FORMS[name].pattern})?$" for name in OPTIONAL}
    strange = {(name, one) for name, one in in_schemas() if one not in ours | OF_SCHEMAS_ALONE}
    assert strange == set()


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_that_of_a_schema(name: str) -> None:
    forms = {f"^{FORMS[name].pattern}$", f"^({FORMS[name].pattern})?$"}
    assert forms & {pattern for _, pattern in in_schemas()}


@given(st.from_regex(LANGUAGE, fullmatch=True))
def test_a_release_takes_every_language_tag(tag: str) -> None:
    assert re.fullmatch(RELEASED_LANGUAGE, tag)


def test_only_the_schema_of_a_release_takes_more_for_a_language() -> None:
    assert [name for name, one in in_schemas() if one == RELEASED_LANGUAGE] == ["release"]


@pytest.mark.parametrize("tag", ["id", "en", "fil", "pt-BR", "zh-Hant-TW", "sr-Latn", "es-419"])
def test_language_tags_of_the_world_pass(tag: str) -> None:
    assert LANGUAGE.fullmatch(tag)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("english", "en"),
        ("Bahasa Indonesia", "id"),
        (" Inggris ", "en"),
        ("id_ID", "id-ID"),
        ("zh Hant", "zh-Hant"),
    ],
)
def test_a_tag_is_suggested_for_the_name_of_a_language(text: str, tag: str) -> None:
    assert not LANGUAGE.fullmatch(text)
    assert suggest_language(text) == f'write "{tag}"'


@pytest.mark.parametrize("text", ["", "i", "klingon", "english, german", "id-", "id\n\n-", "１d"])
def test_what_names_no_language_is_told_how_a_tag_looks(text: str) -> None:
    assert suggest_language(text) == 'write one such as "en" or "id-ID"'


@pytest.mark.parametrize("version", ["1", "1.0", "1.0.0-rc1", "v1.0.0", "１.0.0", "1.0.0\n", ""])
def test_a_version_has_three_numbers(version: str) -> None:
    assert version_numbers("1.10.0") == (1, 10, 0)
    with pytest.raises(ValueError, match="is not of the form"):
        version_numbers(version)

"""JSON Schemas (2020-12) of every record kind: where they are, and checking rows against them."""

import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import msgspec

from sikap.errors import InputError, Problem

NAMES = (
    *("article", "sentence", "item", "annotation", "history", "label", "round"),
    *("gold", "versions", "note"),
    *("anchor", "orphan"),
    "agreement",
    *("problem", "ledger", "release", "baselines", "croissant", "citation", "tombstone"),
)


def folder() -> Path:
    """Where the tool's schemas are: in the installed package, else in the checkout."""
    here = Path(__file__).resolve().parent
    for candidate in (here.parent / "schema", here.parents[2] / "schema"):
        if (candidate / "article.schema.json").is_file():
            return candidate
    found, fix = "the schemas are not in the package", "install sikap again"
    raise InputError(Problem(code="file-missing", file="schema", found=found, fix=fix))


def schema_bytes(name: str) -> bytes:
    """The bytes of the schema of one record kind."""
    return (folder() / f"{name}.schema.json").read_bytes()


def check(name: str, rows: Iterable[Any], file: str) -> Iterator[Problem]:
    """Yield what is wrong with each row (a decoded JSON value), numbered from 1 as lines.

    jsonschema-rs screens, being a hundred times faster; jsonschema explains what it rejects.
    """
    screen, explain = _validators(name)
    for number, row in enumerate(rows, 1):
        if screen.is_valid(row):
            continue
        plain = msgspec.json.decode(
            msgspec.json.encode(row)
        )  # jsonschema takes no tuple for a list
        errors = sorted(explain.iter_errors(plain), key=lambda error: error.json_path)
        found = [f"{error.json_path}: {error.message}" for error in errors]
        # To jsonschema alone "$" in a pattern is also before a last line break.
        for text in found or [error.message for error in screen.iter_errors(plain)]:
            yield Problem(
                code="schema",
                file=file,
                line=number,
                found=text[:400],
                fix=f"see {name}.schema.json",
            )


@functools.cache
def _validators(name: str) -> tuple[Any, jsonschema.Draft202012Validator]:
    schema = json.loads(schema_bytes(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    return (
        jsonschema_rs.Draft202012Validator(schema),
        jsonschema.Draft202012Validator(schema),
    )

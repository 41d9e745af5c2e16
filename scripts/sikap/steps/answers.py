"""What people answer in datasheet.toml, and the datasheet that becomes of it."""

import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.release.data.content import Content
from sikap.release.documents.datasheet import compose
from sikap.storage.files import decode_text, read_bytes


def read_answers(project: Project) -> Mapping[str, Any]:
    """The table of datasheet.toml; raises InputError where it is missing or no TOML."""
    name = project.name(project.answers)
    fix = "write it: 'sikap init' puts one with every question into a new project"
    text = decode_text(read_bytes(project.answers, name, fix), name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = f"it is not TOML: {error}"
        problem = Problem(code="answers", file=name, found=found, fix="correct it")
        raise InputError(problem) from error


def composed(
    project: Project, content: Content, answers: Mapping[str, Any], *, draft: bool
) -> Content:
    """The content with its datasheet; raises InputError for answers that cannot be used."""
    file = project.name(project.answers)
    text = compose(content.meta.title, answers, file, draft=draft)
    return msgspec.structs.replace(content, datasheet=text, draft=draft)

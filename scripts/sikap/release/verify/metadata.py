"""What programs read of a release (Croissant, CITATION.cff) and what people must have said."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.release.documents.citation import read_citation
from sikap.release.documents.datasheet import answers_of
from sikap.release.documents.required_statements import unsaid, unsaid_problems
from sikap.release.files.build import CITATION, CROISSANT, DATASHEET, MANIFEST, Release
from sikap.release.verify import row_checks
from sikap.storage import schemas


def metadata_problems(files: Mapping[str, bytes], release: Release) -> Iterator[Problem]:
    """Yield what Croissant and CITATION.cff lack, and what people left unsaid in a full release.

    Whether they say what the data give is another check.
    """
    yield from _shaped("croissant", CROISSANT, files, _read_json)
    yield from _shaped("citation", CITATION, files, read_citation)
    if not release.draft:
        names = unsaid(release.dataset, answers_of(files[DATASHEET].decode()))
        yield from unsaid_problems(names, MANIFEST, DATASHEET)


def _shaped(
    name: str, file: str, files: Mapping[str, bytes], read: Callable[[bytes], Any]
) -> Iterator[Problem]:
    try:
        value = read(files[file])
    except ValueError as error:
        yield Problem(code=name, file=file, found=f"it cannot be read: {error}", fix=row_checks.FIX)
    else:
        try:
            yield from schemas.check(name, [value], file)
        except (ValueError, TypeError, RecursionError) as error:  # YAML holds more than JSON
            found = f"it is no JSON: {error}"
            yield Problem(code=name, file=file, found=found, fix=row_checks.FIX)


def _read_json(data: bytes) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(data)
    except RecursionError as error:
        raise ValueError(str(error)) from error

import pickle
import re
from pathlib import Path
from typing import Any

import pytest

import sikap
from sikap.errors import (
    CODES,
    ChecksError,
    InputError,
    Problem,
    ServiceError,
    SikapError,
    raise_if,
)

PACKAGE = Path(sikap.__file__).parent
# `code="..."`, a ResultError, and first arguments of the small helpers that make problems.
USED = re.compile(r'\bcode="([^"]*)"|\bResultError\(\s*"([^"]*)"')


def problem(**fields: Any) -> Problem:
    return Problem(**{"code": "schema", "found": "salah", "fix": "betulkan", **fields})


def sources() -> str:
    files = (path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "errors.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("code", CODES)
def test_every_listed_code_is_used(code: str) -> None:
    assert f'"{code}"' in sources()


def test_every_used_code_is_listed() -> None:
    used = {one or other for one, other in USED.findall(sources())}
    assert used
    assert used <= CODES.keys()


def test_codes_are_plain_words_and_explained() -> None:
    assert [code for code in CODES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []
    assert [code for code, meaning in CODES.items() if not meaning or meaning.endswith(".")] == []


def test_a_problem_refuses_a_code_that_is_not_listed() -> None:
    with pytest.raises(ValueError, match="unknown problem code 'nonsense'"):
        problem(code="nonsense")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, "[schema] salah; betulkan"),
        ({"id": "x"}, "x: [schema] salah; betulkan"),
        ({"file": "f"}, "f: [schema] salah; betulkan"),
        ({"file": "f", "line": 3}, "f:3: [schema] salah; betulkan"),
        ({"file": "f", "line": 3, "id": "x"}, "f:3 (x): [schema] salah; betulkan"),
    ],
)
def test_a_problem_reads_as_place_code_finding_and_fix(place: dict[str, object], text: str) -> None:
    assert str(problem(**place)) == text


@pytest.mark.parametrize(
    ("error", "exit_code"), [(ChecksError, 1), (InputError, 2), (ServiceError, 3)]
)
def test_errors_carry_their_exit_code_and_all_problems(
    error: type[SikapError], exit_code: int
) -> None:
    raised = error(problem(id=name) for name in "ab")
    assert raised.exit_code == exit_code
    assert [found.id for found in raised.problems] == ["a", "b"]
    assert str(raised) == "\n".join(map(str, raised.problems))
    assert error(problem()).problems == (problem(),)


def test_nothing_is_raised_where_there_is_no_problem() -> None:
    raise_if([])
    with pytest.raises(InputError) as raised:
        raise_if(problem(id=name) for name in "ab")
    assert len(raised.value.problems) == 2


def test_an_error_keeps_its_problems_on_the_way_to_another_process() -> None:
    found = problem(id="a")
    error = pickle.loads(pickle.dumps(ServiceError([found])))
    assert type(error) is ServiceError
    assert (error.problems, str(error)) == ((found,), str(found))

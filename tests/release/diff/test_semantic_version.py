import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.patterns import version_numbers
from sikap.release.diff.changes import Changed, ConfigDiff, Diff
from sikap.release.diff.semantic_version import (
    ORDER,
    Bump,
    Reason,
    judge,
    next_version,
    too_small,
    verdict,
)

VERSION = st.tuples(*(st.integers(0, 30),) * 3).map(lambda parts: ".".join(map(str, parts)))
BUMP = st.sampled_from(ORDER)


def judged(old: str, new: str, bump: Bump) -> list[str]:
    reasons = [Reason(bump=bump, text=f"rows {bump}.")] if bump != "none" else []
    verdict = judge(old, new, iter(reasons))
    return [problem.found for problem in too_small(verdict, "release", "raise it")]


@pytest.mark.parametrize(
    ("version", "bump", "raised"),
    [
        ("1.2.3", "none", "1.2.3"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        ("0.1.9", "patch", "0.1.10"),
        ("0.9.1", "minor", "0.10.0"),
        ("0.1.0", "major", "1.0.0"),
    ],
)
def test_the_next_version_is_the_lowest_that_is_high_enough(
    version: str, bump: Bump, raised: str
) -> None:
    assert next_version(version, bump) == raised
    assert judged(version, raised, bump) == []


@pytest.mark.parametrize(
    ("new", "bump"),
    [("1.2.9", "minor"), ("1.2.3", "patch"), ("1.99.99", "major"), ("1.2.3", "minor")],
)
def test_a_version_that_is_too_small_is_a_problem_with_the_reasons(new: str, bump: Bump) -> None:
    (found,) = judged("1.2.3", new, bump)
    assert f"at least {next_version('1.2.3', bump)}" in found
    assert found.endswith(f"rows {bump}")


@pytest.mark.parametrize("new", ["1.10.0", "1.3.0", "2.0.0", "1.3.1"])
def test_a_version_that_is_higher_than_needed_will_do(new: str) -> None:
    assert judged("1.2.3", new, "minor") == []


def test_a_version_lower_than_the_old_one_is_a_problem_though_nothing_changed() -> None:
    (found,) = judged("1.2.3", "1.2.2", "none")
    assert found.endswith("it is lower than the old one")


@given(VERSION, BUMP, BUMP)
def test_a_greater_bump_never_gives_a_lower_version(version: str, one: Bump, other: Bump) -> None:
    less, more = sorted((one, other), key=ORDER.index)
    assert version_numbers(version) <= version_numbers(next_version(version, less))
    assert version_numbers(next_version(version, less)) <= version_numbers(
        next_version(version, more)
    )


@pytest.mark.parametrize("version", ["", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "1.2.-3", "1.2.٣"])
def test_what_is_no_version_is_a_value_error(version: str) -> None:
    with pytest.raises(ValueError, match=r"1\.2\.3"):
        version_numbers(version)


def test_the_greatest_reason_decides_and_comes_first() -> None:
    rows = ConfigDiff(
        config="stance",
        state="changed",
        before={"train": 2},
        after={"train": 2},
        added={"train": ("c",)},
        removed={"train": ("a",)},
    )
    meta = {"licence": Changed(old="x", new="y")}
    found = verdict(Diff(old_version="1.0.0", new_version="1.0.0", configs=(rows,), meta=meta))
    assert [reason.bump for reason in found.reasons] == ["major", "minor", "patch"]
    assert (found.bump, found.needed, found.suffices) == ("major", "2.0.0", False)
    assert [reason.text for reason in found.decisive] == ["stance: 1 row removed."]

"""Coefficients give what other packages give, and what their definitions say, done by hand."""

from collections import Counter
from itertools import permutations
from typing import cast

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.agreement.categorical.variable import COEFFICIENTS, figures
from sikap.agreement.ratings import Level, ratings_of
from sikap.agreement.study import Options

Row = tuple[str, str, str]
PLAIN = Options(replicates=0)
STANCES = ("agrees", "neutral", "disagrees")


def of_the_package(rows: list[Row], scale: tuple[str, ...], level: Level) -> float:
    counts: dict[str, Counter[str]] = {}
    for item, _, value in rows:
        counts.setdefault(item, Counter())[value] += 1
    numbers = [float(value) for value in scale] if scale != STANCES else [0.0, 1.0, 2.0]
    return float(
        krippendorff.alpha(
            value_counts=[[one[value] for value in scale] for one in counts.values()],
            value_domain=numbers,
            level_of_measurement=level,  # type: ignore[arg-type]
        )
    )


tables = st.lists(
    st.lists(st.sampled_from("·1245"), min_size=4, max_size=4), min_size=1, max_size=8
)
SCALE = ("1", "2", "3", "4", "5")


def rows_of(table: list[list[str]]) -> list[Row]:
    return [
        (f"u{unit}", f"a{annotator}", value)
        for unit, said in enumerate(table)
        for annotator, value in enumerate(said)
        if value != "·"
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@given(table=tables)
def test_alpha_is_that_of_the_krippendorff_package(level: Level, table: list[list[str]]) -> None:
    rows = rows_of(table)
    value = figures(
        ratings_of("x", rows, level=level, values=SCALE), PLAIN, [f"krippendorff-alpha-{level}"]
    )[0].value
    counted = [row for row in rows if sum(row[0] == other[0] for other in rows) > 1]
    if len({value for *_, value in counted}) < 2:
        assert value is None
    else:
        assert value == pytest.approx(of_the_package(rows, SCALE, level), abs=2e-6)


def by_hand(table: list[list[str]], key: str) -> float:
    """Gwet's family of coefficients, as in his book: pair by pair, value by value."""
    q = len(SCALE)

    def weight(a: int, b: int) -> float:
        if key.endswith("linear"):
            return 1 - abs(a - b) / (q - 1)
        if key.endswith("quadratic"):
            return 1 - (a - b) ** 2 / (q - 1) ** 2
        return float(a == b)

    units = [[int(value) - 1 for value in said if value != "·"] for said in table]
    units = [unit for unit in units if unit]
    agreed = [
        np.mean([weight(a, b) for a, b in permutations(unit, 2)]) for unit in units if len(unit) > 1
    ]
    share = [np.mean([unit.count(value) / len(unit) for unit in units]) for value in range(q)]
    whole = sum(weight(a, b) for a in range(q) for b in range(q))
    chance = {
        "percent": 0.0,
        "fleiss": sum(one**2 for one in share),
        "gwet": whole * sum(one * (1 - one) for one in share) / (q * (q - 1)),
        "brennan": whole / q**2,
    }[key.split("-", maxsplit=1)[0]]
    return cast(float, (np.mean(agreed) - chance) / (1 - chance)) if chance < 1 else float("nan")


@pytest.mark.parametrize("key", [key for key in COEFFICIENTS if "alpha" not in key])
@given(table=tables)
def test_a_coefficient_is_what_its_definition_says(key: str, table: list[list[str]]) -> None:
    if not any(sum(value != "·" for value in said) > 1 for said in table):
        return
    ratings = ratings_of("x", rows_of(table), level="ordinal", values=SCALE)
    value = figures(ratings, PLAIN, [key])[0].value
    assert value == pytest.approx(by_hand(table, key), abs=2e-6) or (
        value is None and np.isnan(by_hand(table, key))
    )


def test_gwets_coefficients_of_his_own_example() -> None:
    # Gwet 2014, table 2.10 (four annotators, twelve units, missing ratings), as in irrCAC
    rows = [
        (f"u{unit}", f"r{rater}", value)
        for rater, row in enumerate(
            ("123321412···", "1233224125··", "·33323422513", "12332441251·")
        )
        for unit, value in enumerate(row)
        if value != "·"
    ]
    wanted = ("percent-agreement", "fleiss-kappa", "gwet-ac1", "brennan-prediger")
    found = figures(ratings_of("x", rows), PLAIN, wanted)
    published = (0.818182, 0.76117, 0.77544, 0.77273)
    for figure, value in zip(found, published, strict=True):
        assert figure.value == pytest.approx(value, abs=6e-6)

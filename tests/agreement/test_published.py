"""Published worked examples come out within their published decimals."""

from typing import Any

import numpy as np
import pytest

from sikap.agreement.categorical.coefficients import COEFFICIENTS, of_level
from sikap.agreement.categorical.contingency import kappa_of
from sikap.agreement.categorical.variable import figures, variable
from sikap.agreement.ratings import Level, Ratings, by_size, numbers, ratings_of
from sikap.agreement.study import Options

PLAIN = Options(replicates=0)


def rows_of(form: str, data: Any) -> list[tuple[str, str, str]]:
    if form == "triples [coder,item,label]":
        return [
            (str(item), str(coder), str(label)) for coder, item, label in data if label is not None
        ]
    if form == "contingency table":
        cells = [(r, c) for r, row in enumerate(data) for c, n in enumerate(row) for _ in range(n)]
        return [
            (f"u{unit}", coder, str(value))
            for unit, pair in enumerate(cells)
            for coder, value in zip(("row", "column"), pair, strict=True)
        ]
    assert form == "count matrix [item][category]"
    return [
        (f"u{unit}", f"r{rater}", str(value))
        for unit, counts in enumerate(data)
        for rater, value in enumerate(v for v, n in enumerate(counts) for _ in range(n))
    ]


def scale_of(form: str, data: Any) -> list[str]:
    if form == "triples [coder,item,label]":
        return sorted({str(label) for _, _, label in data if label is not None}, key=by_size)
    return [str(value) for value in range(len(data[0]))]


def of_ratings(rows: list[tuple[str, str, str]], scale: list[str], key: str) -> float:
    levels: tuple[Level, ...] = ("nominal", "ordinal", "ratio")
    if numbers(scale) is None:
        levels = ("nominal", "ordinal")
    elif key == "krippendorff-alpha-interval":
        levels = ("interval",)
    found: dict[str, float | None] = {}
    for level in levels:
        ratings = ratings_of("x", rows, level=level, values=scale)
        found = {**every_value(ratings), **found}
    value = found[key]
    assert value is not None
    return value


def every_value(ratings: Ratings) -> dict[str, float | None]:
    study = variable(ratings, PLAIN)
    whole = {figure.coefficient: figure.value for figure in study.figures}
    if len(study.pairs) != 1:
        return whole
    pair = {figure.coefficient: figure.value for figure in study.pairs[0].figures}
    return {**pair, **whole}


def test_weights_by_hand_on_a_table_of_two() -> None:
    # Fleiss, Cohen & Everitt 1969 is checked by the SAS example; here Cohen 1968, table 1
    table = np.asarray([[44, 7, 9], [5, 20, 5], [1, 3, 6]], dtype=float)
    apart = np.asarray([[0, 1, 3], [1, 0, 6], [3, 6, 0]], dtype=float)
    assert round(kappa_of(table), 3) == 0.492
    assert round(kappa_of(table, apart), 3) == 0.348
    assert round(kappa_of(table / 100, apart), 3) == 0.348


TEXTBOOKS: dict[str, tuple[list[list[int]], dict[str, float]]] = {
    # by the table of what two said; values as printed
    "Cohen 1960": (
        [[88, 14, 18], [10, 40, 10], [2, 6, 12]],
        {"percent-agreement": 0.7, "cohen-kappa": 0.492},
    ),
    "Landis & Koch 1977, Winnipeg": (
        [[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]],
        {"cohen-kappa": 0.208, "cohen-kappa-linear": 0.38},
    ),
    "Landis & Koch 1977, New Orleans": (
        [[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]],
        {"cohen-kappa": 0.297, "cohen-kappa-linear": 0.477},
    ),
    "Gwet 2008": (
        [[118, 5], [2, 0]],
        {"gwet-ac1": 0.941, "cohen-kappa": -0.023, "scott-pi": -0.029},
    ),
}


@pytest.mark.parametrize("name", TEXTBOOKS)
def test_what_textbooks_print_of_two_annotators(name: str) -> None:
    data, expected = TEXTBOOKS[name]
    rows = rows_of("contingency table", data)
    scale = scale_of("contingency table", data)
    found = {key: round(of_ratings(rows, scale, key), 3) for key in expected}
    assert found == expected


def test_what_krippendorff_2011_prints_of_two_observers_and_binary_data() -> None:
    said = zip("0100000010", "1110010000", strict=True)
    rows = [
        (f"u{n}", who, one)
        for n, both in enumerate(said)
        for who, one in zip("mn", both, strict=True)
    ]
    assert round(of_ratings(rows, ["0", "1"], "krippendorff-alpha-nominal"), 3) == 0.095


def test_every_level_has_percent_agreement_and_its_own_alpha_first() -> None:
    for level in ("nominal", "ordinal", "interval", "ratio", "masi", "jaccard"):
        assert of_level(level)[:2] == ("percent-agreement", f"krippendorff-alpha-{level}")


def test_figures_come_in_the_order_that_was_asked_for() -> None:
    ratings = ratings_of("x", [("u", "a", "1"), ("u", "b", "2"), ("v", "a", "1"), ("v", "b", "1")])
    wanted = ("gwet-ac1", "percent-agreement")
    assert tuple(one.coefficient for one in figures(ratings, PLAIN, wanted)) == wanted
    assert set(wanted) <= COEFFICIENTS.keys()

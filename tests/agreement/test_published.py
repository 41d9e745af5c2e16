"""Published worked examples come out within their published decimals."""

import json
from typing import Any

import numpy as np
import pytest

from reference import SHARED
from sikap.agreement.categorical.coefficients import COEFFICIENTS, of_level
from sikap.agreement.categorical.contingency import asymptotic, kappa_of
from sikap.agreement.categorical.variable import figures, variable
from sikap.agreement.ratings import Level, Ratings, by_size, numbers, ratings_of
from sikap.agreement.study import Options

FOLDER = SHARED / "data" / "coefficients"
FILES = sorted(FOLDER.glob("*.json"))
PLAIN = Options(replicates=0)
OURS = {
    "percent_agreement": "percent-agreement",
    "cohen_kappa": "cohen-kappa",
    "weighted_kappa": "weighted",
    "weighted_kappa_linear": "cohen-kappa-linear",
    "weighted_kappa_quadratic": "cohen-kappa-quadratic",
    "cohen_kappa_linear": "cohen-kappa-linear",
    "cohen_kappa_quadratic": "cohen-kappa-quadratic",
    "light_kappa": "light-kappa",
    "conger": "conger-kappa",
    "conger_kappa": "conger-kappa",
    "scott_pi": "scott-pi",
    "fleiss_kappa": "fleiss-kappa",
    "fleiss_kappa_R_irr": "fleiss-kappa",
    "S_brennan_prediger": "brennan-prediger",
    "brennan_prediger": "brennan-prediger",
    "brennan_prediger_linear": "brennan-prediger-linear",
    "brennan_prediger_quadratic": "brennan-prediger-quadratic",
    "randolph_free": "brennan-prediger",
    "gwet_ac1": "gwet-ac1",
    "gwet_ac2_linear": "gwet-ac2-linear",
    "gwet_ac2_quadratic": "gwet-ac2-quadratic",
    "krippendorff_alpha_irrCAC": "krippendorff-alpha-nominal",
    **{
        f"{prefix}alpha_{level}": f"krippendorff-alpha-{level}"
        for prefix in ("", "krippendorff_")
        for level in ("nominal", "ordinal", "interval", "ratio")
    },
    "ase": "ase",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
}
"""Our key of each published one."""


def published(part: str) -> list[Any]:
    """File, key and value, of what was published, or of what packages computed."""
    return [
        pytest.param(example, key, value, id=f"{example['name']} {key}")
        for example in (json.loads(file.read_text(encoding="utf-8")) for file in FILES)
        for key, value in example.get(part, {}).items()
    ]


def test_there_are_examples() -> None:
    if not FOLDER.exists():
        pytest.skip("the reference data are not beside the checkout")
    assert FILES


@pytest.mark.parametrize(("example", "key", "value"), published("published"))
def test_a_published_value(example: dict[str, Any], key: str, value: float) -> None:
    decimals = example.get("published_decimals", {}).get(key, 3)
    # half a unit of the last decimal, and the last bit of the decimal fraction
    assert abs(computed(example, OURS[key]) - value) <= 0.5 * 10.0**-decimals + 1e-9


@pytest.mark.parametrize(("example", "key", "value"), published("computed_by_reference_packages"))
def test_a_value_of_other_packages(example: dict[str, Any], key: str, value: float) -> None:
    # they are given with five to eight decimals
    assert computed(example, OURS[key]) == pytest.approx(value, abs=6e-6)


def computed(example: dict[str, Any], key: str) -> float:
    """Our value of an example, whatever form its data have."""
    form, data = example["format"], example["data"]
    if form == "proportions table" or key == "weighted":
        return of_table(data, key)
    if key in {"ase", "ci_low", "ci_high"}:
        return float(getattr(asymptotic(np.asarray(data, dtype=float)), key))
    return of_ratings(rows_of(form, data), scale_of(form, data), key)


def of_table(data: Any, key: str) -> float:
    table = data["proportions"] if isinstance(data, dict) else data
    weights = data.get("disagreement_weights") if isinstance(data, dict) else None
    apart = {
        "cohen-kappa": None,
        "weighted": weights,
        "cohen-kappa-linear": np.abs(np.subtract.outer(range(len(table)), range(len(table)))),
        "cohen-kappa-quadratic": np.subtract.outer(range(len(table)), range(len(table))) ** 2,
    }[key]
    return kappa_of(np.asarray(table), None if apart is None else np.asarray(apart, dtype=float))


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

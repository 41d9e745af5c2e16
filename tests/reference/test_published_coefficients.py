"""Worked examples of papers and packages come out within their published decimals."""

import json
from typing import Any

import numpy as np
import pytest

from agreement.test_published import of_ratings, rows_of, scale_of
from reference.files import reference_path
from sikap.agreement.categorical.contingency import asymptotic, kappa_of

FILES = sorted(reference_path("data/coefficients").glob("*.json"))
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

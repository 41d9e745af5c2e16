"""Studies of real annotators: known figures, and what a part foretells of the rest."""

import csv
from collections.abc import Iterable
from typing import Any

import pytest

from agreement.categorical.test_coefficients import PLAIN, STANCES, of_the_package
from agreement.diagnostics.test_sample_size import asked, widths
from agreement.simulated import Row
from reference.files import reference_path, reference_text
from sikap.agreement.categorical.variable import headline
from sikap.agreement.ratings import Level, by_size, ratings_of
from steps.test_table_agreement import measured

FIGURES: list[tuple[str, str, Level, float]] = [
    ("lewidi_hs-brexit.csv", "", "nominal", 0.3475),
    ("lewidi_md-agreement.csv", "", "nominal", 0.3587),
    ("lewidi3_paraphrase.csv", "", "nominal", 0.152),
    ("lewidi3_paraphrase.csv", "", "interval", 0.474),
    ("lewidi3_paraphrase.csv", "", "ordinal", 0.511),
    ("gwsd_rounds_1_3.csv", "1", "nominal", 0.404),
    ("gwsd_rounds_1_3.csv", "2", "nominal", 0.333),
    ("gwsd_rounds_1_3.csv", "3", "nominal", 0.378),
    ("gwsd_rounds_1_3.csv", "1", "ordinal", 0.545),
    ("gwsd_rounds_1_3.csv", "2", "ordinal", 0.418),
    ("gwsd_rounds_1_3.csv", "3", "ordinal", 0.479),
]

REAL: list[tuple[str, list[str], dict[str, float]]] = [
    ("lewidi_hs-brexit.csv", [], {"label": 0.3475}),
    ("lewidi_md-agreement.csv", [], {"label": 0.3587}),
    ("lewidi3_paraphrase.csv", [], {"label": 0.152}),
    ("lewidi3_paraphrase.csv", ["--level", "interval"], {"label": 0.474}),
    ("lewidi3_paraphrase.csv", ["--level", "ordinal"], {"label": 0.511}),
    (
        "gwsd_rounds_1_3.csv",
        ["--by", "round"],
        {"round 1": 0.404, "round 2": 0.333, "round 3": 0.378},
    ),
    (
        "gwsd_rounds_1_3.csv",
        ["--by", "round", "--level", "ordinal", "--values", "disagrees,neutral,agrees"],
        {"round 1": 0.545, "round 2": 0.418, "round 3": 0.479},
    ),
]


@pytest.mark.parametrize(("file", "part", "level", "published"), FIGURES)
def test_alpha_of_real_annotators_is_that_of_the_krippendorff_package(
    file: str, part: str, level: Level, published: float
) -> None:
    text = reference_text(f"data/agreement/{file}")
    rows = [
        (row["item"], row["annotator"], row["label"])
        for row in csv.DictReader(text.splitlines())
        if row.get("round", "") == part
    ]
    scale = STANCES if part else tuple(sorted({value for *_, value in rows}, key=by_size))
    value = headline(ratings_of("label", rows, level=level, values=scale), PLAIN)[1].value
    assert value is not None
    assert value == pytest.approx(published, abs=6e-4)
    assert value == pytest.approx(of_the_package(rows, scale, level), abs=5e-5)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_what_four_real_annotators_foretell_of_eight_is_so(level: Level) -> None:
    text = reference_text("data/agreement/gwsd_rounds_1_3.csv")
    judged: dict[str, list[Row]] = {}
    for row in csv.DictReader(text.splitlines()):
        given = (row["item"], row["annotator"], row["label"])
        judged.setdefault(row["item"], []).append(given)
    scale = ("disagrees", "neutral", "agrees")
    eight, four = (
        ratings_of(
            "v", [row for rows in judged.values() for row in rows[:most]], level=level, values=scale
        )
        for most in (8, 4)
    )
    for coefficient, width in widths(eight).items():
        ahead = asked(four, 1.03 * width)[coefficient].annotators
        assert ahead is not None
        assert 6 <= ahead <= 10


def alpha(figures: Iterable[Any], level: str) -> float:
    """Krippendorff's α of a level among figures."""
    by_name = {one["coefficient"]: one["value"] for one in figures}
    own = f"krippendorff-alpha-{level}" if level != "nominal" else "krippendorff-alpha"
    return float(by_name[own] if own in by_name else by_name["krippendorff-alpha-nominal"])


@pytest.mark.parametrize(("file", "options", "published"), REAL)
def test_real_tables_give_the_figures_that_are_known_of_them(
    file: str,
    options: list[str],
    published: dict[str, float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(reference_path(f"data/agreement/{file}"))
    report = measured(capsys, path, *options, "--replicates", "20")
    (variable,) = report["variables"]
    found = {variable["name"]: alpha(variable["figures"], variable["level"])}
    for part in report["between"]:
        found[part["name"]] = alpha(part["figures"]["label"], variable["level"])
    for name, value in published.items():
        decimals = len(str(value).partition(".")[2])
        assert round(found[name], decimals) == value, name

"""Coefficients give the values that were published, and those that other packages give."""

import csv

import pytest

from reference import shared
from sikap.agreement.categorical import headline
from sikap.agreement.ratings import Level, ratings_of
from sikap.agreement.study import Options

FIGURES = [
    ("lewidi_hs-brexit.csv", "nominal", 0.3475),
    ("lewidi_md-agreement.csv", "nominal", 0.3587),
    ("lewidi3_paraphrase.csv", "nominal", 0.152),
    ("lewidi3_paraphrase.csv", "interval", 0.474),
    ("lewidi3_paraphrase.csv", "ordinal", 0.511),
]


@pytest.mark.parametrize(("file", "level", "published"), FIGURES)
def test_alpha_of_real_annotators_is_that_of_the_krippendorff_package(
    file: str, level: Level, published: float
) -> None:
    text = shared(f"data/agreement/{file}").read_text(encoding="utf-8")
    rows = [
        (row["item"], row["annotator"], row["label"]) for row in csv.DictReader(text.splitlines())
    ]
    figures = {
        figure.coefficient: figure
        for figure in headline(ratings_of("label", rows, level=level), Options(replicates=20))
    }
    value = figures[f"krippendorff-alpha-{level}"].value
    assert value is not None
    assert abs(value - published) < 6e-4

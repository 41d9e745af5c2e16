"""What the engine says of a round is what its raw counts say, where both say the same thing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, manifest, shipped_scheme, span
from configs import TEXT, choices, read
from sikap.agreement.analyse import analyse
from sikap.agreement.figures import Figure, rounded
from sikap.agreement.release_summary import Stated
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options
from sikap.labelling_config.scheme import Scheme
from sikap.project import open_project
from sikap.records import Annotation, Item, Round
from sikap.rounds.agreement_study import Sentences, study_of
from sikap.rounds.agreement_summary import stated_of_rounds
from sikap.steps.project_files import read_rounds

ITEMS = [item(f"Kalimat {number} ada.", article=f"x{number}") for number in range(6)]
TONE = read(TEXT, choices("tone", ("x", "y")))
FEW = Options(replicates=2)


def both(
    of: Round, items: list[Item], said: list[Annotation], scheme: Scheme
) -> tuple[AgreementReport, dict[str, Stated]]:
    passes = {one.item_id: one.pass_ for one in items}
    articles = {one.sentence_id: one.article_id for one in items}
    found = study_of(of, said, passes, Sentences(articles=articles), scheme)
    counts = stated_of_rounds([of], said, passes, articles, scheme, {})
    return analyse(found, FEW, kind="round"), {
        one.of: one for one in counts if one.value is None and one.compared
    }


def only(figures: tuple[Figure, ...], coefficient: str) -> float | None:
    (found,) = (one for one in figures if one.coefficient == coefficient)
    return found.value


def share(of: Stated) -> float:
    return rounded(of.alike / of.compared)


tones = st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("xy")), min_size=1, max_size=6)
ends = st.lists(st.sampled_from([1, 2, 3]), unique=True, max_size=3)


@given(tones)
def test_percent_agreement_of_two_is_their_raw_agreement(given: list[tuple[str, str]]) -> None:
    said = [
        annotation(of, who, choices={"tone": (tone,)})
        for of, pair in zip(ITEMS, given, strict=False)
        for who, tone in zip(("a1", "a2"), pair, strict=True)
    ]
    report, counts = both(manifest(), ITEMS, said, TONE)
    (tone,) = report.variables
    assert only(tone.figures, "percent-agreement") == share(counts["tone"])


@given(st.lists(st.tuples(ends, ends, ends), min_size=1, max_size=4))
def test_exact_f1_is_that_of_the_raw_counts(given: list[tuple[list[int], ...]]) -> None:
    said = [
        annotation(of, who, [span(0, end) for end in marked])
        for of, triple in zip(ITEMS, given, strict=False)
        for who, marked in zip(("a1", "a2", "a3"), triple, strict=True)
    ]
    report, counts = both(manifest(), ITEMS, said, shipped_scheme())
    (layer,) = report.layers
    exact = only(layer.figures, "span-f1-exact")
    assert exact == (share(counts["entities"]) if "entities" in counts else None)


@pytest.mark.parametrize("round_id", ["calibration-1", "production-1"])
def test_the_rounds_of_this_repository_have_their_counts(round_id: str) -> None:
    project = open_project(Path(__file__).resolve().parents[2])
    (files,) = (one for one in read_rounds(project) if one.manifest.round_id == round_id)
    report, counts = both(
        files.manifest, list(files.items), list(files.annotations), project.scheme()
    )
    (layer,) = report.layers
    assert only(layer.figures, "span-f1-exact") == share(counts["entities"])

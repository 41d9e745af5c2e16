from pathlib import Path

import msgspec
import pytest

from builders import CONFIG, annotation, project, span
from planned import annotate, items, planned
from sikap import Project, adjudicate_round
from sikap.label_studio.pages.adjudication import VERSIONS
from sikap.steps.project_files import read_round
from sikap.steps.rounds.frozen_inputs import page_of

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.")
PLAIN = CONFIG.decode()


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """Two annotators who disagree on both of two sentences, and the round that decides."""
    of = planned(project(tmp_path), TEXTS, "a1", "a2")
    annotate(
        of,
        [
            annotation(one, name, [span(0, end)])
            for one in items(of)
            for name, end in (("a1", 2), ("a2", 5))
        ],
    )
    adjudicate_round(of, "r1", "d1", annotators=["a3"])
    return of


def test_the_page_of_a_round_is_its_config_and_nothing_else(made: Project) -> None:
    page = page_of(read_round(made, "r1"), PLAIN, made.scheme())
    assert (page.config, page.more) == (PLAIN, {})


def test_an_adjudicator_is_shown_the_versions_of_each_item(made: Project) -> None:
    page = page_of(read_round(made, "d1"), PLAIN, made.scheme())
    assert page.config != PLAIN
    assert page.more.keys() == {one.item_id for one in items(made, "d1")}
    assert all("Version B" in more[VERSIONS] for more in page.more.values())


def test_versions_of_items_whose_lines_were_deleted_are_passed_over(made: Project) -> None:
    files = read_round(made, "d1")
    left = msgspec.structs.replace(files, items=files.items[1:])
    assert page_of(left, PLAIN, made.scheme()).more.keys() == {files.items[1].item_id}

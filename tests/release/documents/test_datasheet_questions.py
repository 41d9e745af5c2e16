import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import content
from sikap.errors import InputError
from sikap.project import open_project
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents.datasheet import (
    MARKER,
    UNANSWERED,
    answers_of,
    compose,
    figure_blocks,
    render,
)
from sikap.release.documents.datasheet_questions import IDS, QUESTIONS, skeleton, unanswered

PROJECT = open_project(Path(__file__).parent)
ANSWERS: dict[str, str] = tomllib.loads(PROJECT.answers.read_text(encoding="utf-8"))
BLOCKS = figure_blocks(facts(content(), tables(content())), content().rounds)
FILE = "datasheet.toml"
answers = st.dictionaries(st.sampled_from(IDS), st.text(min_size=1).filter(str.strip))


def test_there_are_57_questions_in_the_seven_sections_of_the_paper() -> None:
    found = {section.title: len(section.questions) for section in QUESTIONS.sections}
    assert found == {
        "Motivation": 4,
        "Composition": 16,
        "Collection process": 12,
        "Preprocessing, cleaning and labelling": 4,
        "Uses": 6,
        "Distribution": 7,
        "Maintenance": 8,
    }
    assert sum(found.values()) == len(IDS) == 57


def test_no_id_and_no_question_stands_twice() -> None:
    texts = [question.text for section in QUESTIONS.sections for question in section.questions]
    assert [one for one, n in Counter([*IDS, *texts]).items() if n > 1] == []
    assert all(text.endswith("?") for text in texts)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", id_) for id_ in IDS)


def test_every_block_of_figures_is_shown_once_under_a_caption() -> None:
    shown = [
        block
        for section in QUESTIONS.sections
        for question in section.questions
        for block in question.blocks
    ]
    assert sorted(shown) == sorted(BLOCKS) == sorted(QUESTIONS.captions)


def test_this_project_answers_every_question_with_substance() -> None:
    assert unanswered(ANSWERS) == ()
    assert list(ANSWERS) == list(IDS)
    bare = {"no", "yes", "none", "nobody", "does not apply", "not applicable", "unknown", "n/a"}
    assert [id_ for id_, answer in ANSWERS.items() if answer.strip(" .\n").lower() in bare] == []
    assert UNANSWERED not in compose("Uji", ANSWERS, FILE)


def test_the_near_copy_that_this_project_owns_up_to_is_in_the_split_of_its_original() -> None:
    ids = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", ANSWERS["composition-errors"])
    ledger = json.loads(PROJECT.ledger.read_text(encoding="utf-8"))["articles"]
    assert len(ids) == 2
    assert all((PROJECT.raw / f"{id_}.txt").is_file() for id_ in ids)
    assert len({ledger[id_] for id_ in ids if id_ in ledger}) < 2


def test_this_project_writes_no_number_that_the_blocks_count() -> None:
    allowed = r"2025|2026|SemEval-2016|Task 6|CC BY 4\.0|by/4\.0|Apache-2\.0|Croissant 1\.1"
    rest = re.sub(allowed, "", " ".join(" ".join(ANSWERS.values()).split()))
    assert re.findall(r"\S*\d\S*", rest) == []


def test_the_skeleton_asks_every_question_and_answers_none() -> None:
    text = skeleton()
    table = tomllib.loads(text)
    assert list(table) == list(IDS)
    assert unanswered(table) == IDS
    comments = " ".join(re.findall(r"^# (.*)$", text, re.MULTILINE))
    for section in QUESTIONS.sections:
        assert all(question.text in comments for question in section.questions)
    assert max(map(len, text.splitlines())) <= 100


def test_the_questions_in_the_comments_of_this_project_are_those_that_are_asked() -> None:
    def comments(text: str) -> list[str]:
        return [one for one in text.splitlines() if one.startswith("# ")]

    assert comments(PROJECT.answers.read_text(encoding="utf-8")) == comments(skeleton())


@given(answers)
def test_every_question_is_followed_by_its_answer_or_by_none(given_answers: dict[str, str]) -> None:
    text = compose("Uji", given_answers, FILE)
    position = 0
    for section in QUESTIONS.sections:
        position = text.index(f"\n\n## {section.title}\n\n", position)
        for question in section.questions:
            answer = given_answers.get(question.id, UNANSWERED).strip()
            position = text.index(f"\n\n### {question.text}\n\n{answer}\n", position)
    assert set(unanswered(given_answers)) == set(IDS) - set(given_answers)


@given(answers)
def test_a_composed_text_takes_all_figures_and_then_stays(given_answers: dict[str, str]) -> None:
    rendered = render(compose("Uji", given_answers, FILE), BLOCKS, "DATASHEET.md")
    assert all(block in rendered for block in BLOCKS.values())
    assert render(rendered, BLOCKS, "DATASHEET.md") == rendered
    assert len(MARKER.findall(rendered)) == 2 * len(BLOCKS)


@given(answers, st.booleans(), st.booleans())
def test_a_datasheet_gives_its_answers_back(
    given_answers: dict[str, str], draft: bool, filled: bool
) -> None:
    text = compose("Uji", given_answers, FILE, draft=draft)
    text = render(text, BLOCKS, "DATASHEET.md") if filled else text
    assert answers_of(text) == {id_: answer.strip() for id_, answer in given_answers.items()}


HARD = {
    "composition-count": "Banyak.\n\nSentences by kind:",
    "composition-labels": "### Lain\n\n| a | b |\n\n<!-- catatan -->",
    "composition-missing": "```\n## Uses of it\n```",
    "motivation-comments": QUESTIONS.sections[1].title,
    "maintenance-comments": "\n\nTamat.\n\n",
}


def test_answers_that_look_like_parts_of_the_datasheet_come_back_whole() -> None:
    text = render(compose("Uji", HARD, FILE), BLOCKS, "DATASHEET.md")
    assert answers_of(text) == {id_: answer.strip() for id_, answer in HARD.items()}


@pytest.mark.parametrize("text", ["", "# Lain", "### Lain\n\nYa."])
def test_a_text_that_is_no_datasheet_has_no_answers(text: str) -> None:
    assert answers_of(text) == {}


def test_an_answer_cannot_hold_a_heading_of_the_datasheet() -> None:
    question = QUESTIONS.sections[-1].questions[0].text
    for line in (f"### {question}", "## Uses"):
        with pytest.raises(InputError, match="holds a heading of the datasheet"):
            compose("Uji", {"uses-past": f"Ya.\n\n{line}\n\nTidak."}, FILE)


def test_all_answers_that_cannot_be_used_are_named_at_once() -> None:
    given_answers = {
        "motivation-porpoise": "Ya.",
        "motivation-purpose": "Ya.",
        "uses-past": 3,
        "uses": {"past": "Ya."},
        "uses-list": "Ya.\n<!-- sikap:counts -->",
    }
    with pytest.raises(InputError) as caught:
        compose("Uji", given_answers, FILE)
    assert [(p.code, p.file, p.id, p.found) for p in caught.value.problems] == [
        ("answers", FILE, "motivation-porpoise", "no question has this id"),
        ("answers", FILE, "uses-past", "the answer is no text but of type int"),
        ("answers", FILE, "uses", "no question has this id"),
        ("answers", FILE, "uses-list", "the answer holds a marker"),
    ]


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t\n "])
def test_a_blank_answer_is_none(blank: str) -> None:
    text = compose("Uji", {"uses-past": blank}, FILE)
    assert text == compose("Uji", {}, FILE)
    assert text.count(UNANSWERED) == len(unanswered({"uses-past": blank})) == 57

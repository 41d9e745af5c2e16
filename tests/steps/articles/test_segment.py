import json
from pathlib import Path

import pytest

from news import KINDS, TEXT
from sikap import Project, ingest_articles, segment_articles
from sikap.errors import InputError
from sikap.languages import RuleBook
from sikap.segmentation.sentences import check_sentences, segment
from sikap.settings import Settings
from sikap.steps.project_files import read_articles, read_sentences
from sikap.storage import schemas
from sikap.storage.blocks import blocks
from sikap.storage.files import encode_line

SETTINGS = Settings(
    name="uji", title="Uji", summary="", language="id", licence="CC-BY-4.0", version="1.0.0"
)


def ingested(root: Path, **articles: str) -> Project:
    project = Project(root, SETTINGS)
    project.raw.mkdir(parents=True)
    for name, text in articles.items():
        (project.raw / f"{name}.txt").write_text(text, encoding="utf-8")
    ingest_articles(project)
    return project


def test_sentences_follow_the_articles_and_the_text(tmp_path: Path) -> None:
    project = ingested(tmp_path, b="Ia pergi. Ia kembali.", a="JAKARTA - Hujan turun.")
    report = segment_articles(project)
    assert (report.articles, report.sentences) == (2, 4)
    assert report.kinds == {"body": 3, "dateline": 1}
    found = [(one.article_id, one.index, one.text) for one in read_sentences(project)]
    assert found == [
        ("a", 0, "JAKARTA -"),
        ("a", 1, "Hujan turun."),
        ("b", 0, "Ia pergi."),
        ("b", 1, "Ia kembali."),
    ]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    project = ingested(tmp_path, a="Ia pergi. Ia kembali.")
    assert segment_articles(project).changed
    before = project.sentences.stat().st_mtime_ns
    assert not segment_articles(project).changed
    assert project.sentences.stat().st_mtime_ns == before


def test_an_article_of_news_gives_twelve_body_sentences(tmp_path: Path) -> None:
    project = ingested(tmp_path, news=TEXT)
    assert segment_articles(project).kinds == KINDS
    rows = map(json.loads, project.sentences.read_text(encoding="utf-8").splitlines())
    assert not list(schemas.check("sentence", rows, "sentences.jsonl"))
    assert not list(check_sentences(read_articles(project)[0], read_sentences(project)))


def test_a_text_that_is_not_the_frozen_one_stops_the_run(tmp_path: Path) -> None:
    project = ingested(tmp_path, a="Ia pergi.", b="Ia kembali.")
    project.articles.write_bytes(project.articles.read_bytes().replace(b"Ia ", b"Dia "))
    with pytest.raises(InputError) as caught:
        segment_articles(project)
    problems = [(problem.code, problem.id) for problem in caught.value.problems]
    assert problems == [("digest", "a"), ("digest", "b")]
    assert not project.sentences.exists()


def test_the_rules_of_a_project_count(tmp_path: Path) -> None:
    project = ingested(tmp_path, a="Ia pergi.\nDukung kami hari ini!\nIa kembali.")
    project.outlets.mkdir(parents=True)
    rules = project.outlets / "wartakita.toml"
    rules.write_text("[lines]\nother = ['Dukung kami [^\\n]*']\n", encoding="utf-8")
    assert segment_articles(project).kinds == {"body": 3}
    (project.raw / "a.json").write_text('{"outlet": "WartaKita"}', encoding="utf-8")
    ingest_articles(project, update=True)
    assert segment_articles(project).kinds == {"body": 2, "other": 1}


def test_rules_that_cannot_be_used_stop_the_run(tmp_path: Path) -> None:
    project = ingested(tmp_path, a="Ia pergi.")
    project.outlets.mkdir(parents=True)
    (project.outlets / "x.toml").write_text("[lines]\nother = ['[']\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        segment_articles(project)
    assert [problem.code for problem in caught.value.problems] == ["rules"]


def test_without_articles_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        segment_articles(Project(tmp_path, SETTINGS))
    assert "sikap ingest" in caught.value.problems[0].fix


def test_any_number_of_processes_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ingested(tmp_path, **{f"a{n}": f"Kabar {n}. Ia pergi." for n in range(60)})
    segment_articles(project, processes=1)
    one = project.sentences.read_bytes()
    monkeypatch.setattr(blocks, "__defaults__", (500,))
    for processes in (1, 2, 3):
        project.sentences.unlink()
        assert segment_articles(project, processes=processes).articles == 60
        assert project.sentences.read_bytes() == one
    assert one == b"".join(
        encode_line(sentence)
        for article in read_articles(project)
        for sentence in segment(article, RuleBook().rules("id"))
    )


def test_problems_of_all_blocks_are_told_at_once_up_to_a_thousand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ingested(tmp_path, **{f"a{n}": f"Kabar {n}." for n in range(1_100)})
    project.articles.write_bytes(project.articles.read_bytes().replace(b"Kabar", b"Kabur"))
    monkeypatch.setattr(blocks, "__defaults__", (5_000,))
    with pytest.raises(InputError) as caught:
        segment_articles(project, processes=1)
    assert len(caught.value.problems) == 1_000
    assert {problem.code for problem in caught.value.problems} == {"digest"}
    assert [path.name for path in project.dataset.iterdir() if path.name.startswith(".")] == []


def test_lines_are_numbered_through_all_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ingested(tmp_path, **{f"a{n:02}": f"Kabar {n}." for n in range(30)})
    lines = project.articles.read_bytes().splitlines(keepends=True)
    lines[17] = b"{}\n"
    lines[23] = lines[23].replace(b'"id"', b'"?"')
    project.articles.write_bytes(b"".join(lines))
    monkeypatch.setattr(blocks, "__defaults__", (700,))
    with pytest.raises(InputError) as caught:
        segment_articles(project)
    found = [(problem.code, problem.line) for problem in caught.value.problems]
    assert found == [("schema", 18), ("schema", 24)]

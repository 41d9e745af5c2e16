from pathlib import Path

import pytest

from builders import article
from samples import PYPROJECT
from sikap import InputError, Project, open_project
from sikap.settings import Copies
from sikap.steps.articles.near_duplicates_report import (
    ALL_PAIRS,
    changes,
    compare,
    report_near_duplicates,
)
from sikap.storage.files import encode_lines

WORDS = [f"kata{number}" for number in range(60)]
LONG = " ".join(WORDS)
CHANGED = LONG.replace("kata30", "lain")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "dataset").mkdir()
    return open_project(tmp_path)


def test_clusters_are_shown_with_what_differs(project: Project) -> None:
    articles = [
        article(LONG, "a"),
        article(CHANGED, "b"),
        article(LONG, "c"),
        article("tidak ada salinan dari teks ini", "d"),
    ]
    project.articles.write_bytes(encode_lines(articles))
    report = report_near_duplicates(project)
    (cluster,) = report.clusters
    assert [one.article_id for one in cluster.articles] == ["a", "b", "c"]
    assert [(p.one, p.other, p.exact) for p in cluster.pairs] == [
        ("a", "b", False),
        ("a", "c", True),
        ("b", "c", False),
    ]
    assert cluster.between == ("a", "b")
    assert cluster.changes == ("-[kata30] +[lain]",)
    shown = "\n".join(report.lines())
    assert "3 articles in 1 clusters" in shown
    assert "a ~ c: the same text" in shown
    assert "-[kata30] +[lain]" in shown


def test_nothing_is_changed_and_no_articles_are_named(project: Project) -> None:
    with pytest.raises(InputError, match="file-missing"):
        report_near_duplicates(project)
    project.articles.write_bytes(encode_lines([article(LONG, "a")]))
    before = project.articles.read_bytes()
    assert report_near_duplicates(project).clusters == ()
    assert project.articles.read_bytes() == before


def test_of_equal_texts_nothing_differs() -> None:
    cluster = compare([article(LONG, "b"), article(LONG, "a")], Copies())
    assert (cluster.between, cluster.changes) == ((), ())
    assert cluster.pairs[0].similarity == 1


def test_in_a_large_cluster_each_is_compared_with_the_first() -> None:
    articles = [article(f"{LONG} akhir{number}", f"{number:03}") for number in range(ALL_PAIRS + 1)]
    pairs = compare(articles, Copies()).pairs
    assert [(pair.one, pair.other) for pair in pairs] == [
        ("000", f"{number:03}") for number in range(1, ALL_PAIRS + 1)
    ]


def test_changes_are_few_and_short() -> None:
    assert list(changes("satu dua", "satu\ndua")) == ["white space alone"]
    assert list(changes("satu", f"satu {LONG}")) == [
        "+[kata0 kata1 kata2 kata3 kata4 kata5 kata6 kata7 … 52 more words]"
    ]
    other = " ".join(w if n % 5 else f"lain{n}" for n, w in enumerate(WORDS))
    assert list(changes(LONG, other))[-1] == "and 7 more places"
    assert "too many" in next(changes(LONG, LONG * 100))

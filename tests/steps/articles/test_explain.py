import json
from pathlib import Path

import pytest

from projects import make_project, sikap
from sikap import InputError, open_project
from sikap.steps.articles.explain import explain_segmentation


def test_each_piece_names_its_rule_and_nothing_is_written(tmp_path: Path) -> None:
    folder = make_project(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    report = explain_segmentation(open_project(folder))
    found = [(one.reason.kind, one.reason.file, one.reason.key, one.words) for one in report.pieces]
    rules = "languages/id.toml"
    assert found == [
        ("dateline", rules, "dateline", "Lembang, Kabar Uji –"),
        ("related_link", rules, "link_leads", "Baca Juga : Pasar Kembang Dibuka Lagi"),
    ]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_rules_that_matched_nothing_are_counted_too(tmp_path: Path) -> None:
    report = explain_segmentation(open_project(make_project(tmp_path)))
    counts = {(one.key, one.number): (one.times, one.articles) for one in report.rules}
    assert counts["link_leads", 1] == (1, 1)
    assert counts["contents", 1] == (0, 0)


def test_a_soft_line_break_has_its_reason(tmp_path: Path) -> None:
    folder = make_project(tmp_path)
    text = "Ia tiba dari\nKota Bandung dan\n, kata dia, senang.\nWarga diam.\n"
    (folder / "dataset/raw/soft.txt").write_text(text, encoding="utf-8")
    assert sikap(folder, "ingest") == 0
    pieces = explain_segmentation(open_project(folder), ["soft"]).pieces
    assert [(one.words, one.reason.key) for one in pieces if one.reason.key != "body"] == [
        ("Ia tiba dari", "unfinished"),
        ("Kota Bandung dan", "unfinished"),
    ]


def test_a_break_over_empty_lines_is_told_once(tmp_path: Path) -> None:
    folder = make_project(tmp_path)
    text = "Ia tiba dari\n \n\nKota Bandung. Warga diam.\n"
    (folder / "dataset/raw/soft.txt").write_text(text, encoding="utf-8")
    assert sikap(folder, "ingest") == 0
    pieces = explain_segmentation(open_project(folder), ["soft"]).pieces
    breaks = [one.words for one in pieces if one.reason.key in {"break", "unfinished"}]
    assert len(breaks) == len(set(breaks))


def test_articles_that_are_named_show_what_the_rules_missed(tmp_path: Path) -> None:
    project = open_project(make_project(tmp_path))
    named = explain_segmentation(project, ["one"])
    assert any(one.reason.key == "body" for one in named.pieces)
    assert not any(one.reason.key == "body" for one in explain_segmentation(project).pieces)
    assert not any(one.key == "body" for one in named.rules)


def test_the_lot_is_fixed_by_its_seed(tmp_path: Path) -> None:
    project = open_project(make_project(tmp_path))
    first = explain_segmentation(project, sample=1, seed=3)
    assert first == explain_segmentation(project, sample=1, seed=3)
    assert (len(first.sample), first.of) == (1, 2)
    assert {explain_segmentation(project, sample=1, seed=seed).sample for seed in range(9)} == {
        ("one",),
        ("other",),
    }


def test_unknown_articles_are_named_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        explain_segmentation(open_project(make_project(tmp_path)), ["nil", "one", "nix"])
    assert [(one.code, one.id) for one in caught.value.problems] == [
        ("unknown-article", "nil"),
        ("unknown-article", "nix"),
    ]


def test_people_see_pieces_rules_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path)
    capsys.readouterr()
    assert sikap(folder, "segment", "--explain", "one") == 0
    out = capsys.readouterr().out
    assert "⟦Lembang, Kabar Uji –⟧" in out
    assert "languages/id.toml link_leads 1: Baca (?:juga" in out
    assert "1 of 2 articles" in out
    assert sikap(folder, "segment", "--explain", "--json") == 0
    assert json.loads(capsys.readouterr().out)["of"] == 2


def test_a_sample_without_explaining_is_refused(tmp_path: Path) -> None:
    assert sikap(make_project(tmp_path), "segment", "--sample", "3") == 2

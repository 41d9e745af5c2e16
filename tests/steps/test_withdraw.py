import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from projects import export, make_project, read_lines, sikap
from samples import SPLITS, sample, write_project
from sikap import (
    InputError,
    Problem,
    Project,
    RoundRequest,
    build_release,
    ingest_articles,
    measure_agreement,
    open_project,
    plan_round,
    push_round,
    read_status,
    segment_articles,
    settle_rounds,
    verify_release,
    withdraw,
)
from sikap.agreement.study import Options
from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.label_studio.wire.exports import decode_export
from sikap.records import Withdrawable
from sikap.release.data.splits import Ledger
from sikap.release.files.parquet import from_parquet
from sikap.steps.project_files import AGREEMENT, PAGE, read_round
from sikap.storage.files import encode_json
from sikap.storage.folder import read_folder


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The stance sample as a project that was released once."""
    root = write_project(tmp_path / "project")
    ledger = Ledger(salt="uji", articles=SPLITS)
    (root / "dataset" / "splits.json").write_bytes(encode_json(ledger))
    opened = open_project(root)
    build_release(opened)
    return opened


def column(project: Project, config: str, name: str) -> list[Any]:
    tables = sorted((project.release / "data" / config).glob("*.parquet"))
    return [one for path in tables for one in from_parquet(path.read_bytes())[name].to_pylist()]


def manifest(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.release / "release.json").read_bytes())
    return found


def test_an_article_leaves_every_table_and_a_tombstone_stays(project: Project) -> None:
    report = withdraw(project, "kopi", reason="Penulis meminta.")
    assert (report.what, report.since, report.changed) == ("article", "1.0.0", True)
    build_release(project, version="2.0.0")
    for config in ("sentences", "annotations", "articles", "entities", "stance"):
        assert "kopi" not in column(project, config, "article_id")
    (stone,) = read_lines(project.withdrawn)
    assert (stone["what"], stone["id"], stone["since"]) == ("article", "kopi", "1.0.0")
    assert manifest(project)["withdrawn"] == [{"what": "article", "id": "kopi", "since": "1.0.0"}]
    card = (project.release / "README.md").read_text(encoding="utf-8")
    assert "- Article `kopi`, last in version 1.0.0." in card
    assert verify_release(project.release).problems == ()


def test_no_word_of_a_withdrawn_article_is_left(project: Project) -> None:
    withdraw(project, "kopi")
    build_release(project, version="2.0.0")
    for name, data in read_folder(project.release).items():
        text = (
            data if not name.endswith(".parquet") else str(from_parquet(data).to_pylist()).encode()
        )
        assert b"Kopi Bu" not in text, name
    assert "Kopi" not in project.withdrawn.read_text(encoding="utf-8")


def test_the_ledger_keeps_the_id(project: Project) -> None:
    withdraw(project, "kopi")
    build_release(project, version="2.0.0")
    assert json.loads(project.ledger.read_bytes())["articles"]["kopi"] == "train"


def test_an_annotator_leaves_rows_rosters_and_votes_and_the_others_keep_their_names(
    project: Project,
) -> None:
    report = withdraw(project, "budi")
    assert (report.what, report.released, report.since) == ("annotator", "a2", "1.0.0")
    build_release(project, version="2.0.0")
    assert set(column(project, "annotations", "annotator")) == {"a1", "a3"}
    for one in json.loads((project.release / "release.json").read_bytes())["rounds"]:
        assert "a2" not in {entry["annotator"] for entry in one["roster"]}
        assert one["design"]["overlap"] == len(one["roster"])
    card = (project.release / "README.md").read_text(encoding="utf-8")
    assert "- All annotations of `a2`, last in version 1.0.0." in card
    assert verify_release(project.release).problems == ()


def test_what_only_they_labelled_becomes_unlabelled(project: Project) -> None:
    """The first round keeps only skips of one sentence; the third has nobody left."""
    withdraw(project, "ani")
    build_release(project, version="2.0.0")
    assert {one["round_id"] for one in manifest(project)["rounds"]} == {"coba", "utama"}
    assert verify_release(project.release).problems == ()
    withdraw(project, "budi")
    withdraw(project, "citra")
    build_release(project, version="3.0.0")
    assert set(column(project, "sentences", "labelled")) == {False}
    assert not (project.release / "data" / "annotations").exists()
    assert verify_release(project.release).problems == ()


def test_labels_are_settled_anew_without_them(project: Project) -> None:
    settle_rounds(project)
    before = {label["sentence_id"]: label for label in read_lines(project.labels)}
    withdraw(project, "citra")
    settle_rounds(project)
    after = {label["sentence_id"]: label for label in read_lines(project.labels)}
    assert before.keys() == after.keys()
    assert {label["annotators"] for label in after.values()} <= {1, 2}


def test_a_second_withdrawal_changes_nothing(project: Project) -> None:
    withdraw(project, "budi", reason="pertama")
    before = project.withdrawn.read_bytes()
    report = withdraw(project, "budi", reason="kedua")
    assert not report.changed
    assert project.withdrawn.read_bytes() == before
    build_release(project, version="2.0.0")
    again = withdraw(project, "budi")
    assert again.since == "1.0.0"
    assert next(again.lines()).endswith("1.0.0 was the last release that had it")


@pytest.mark.parametrize(("damage", "code"), [(b"{}", "schema"), (b"{", "not-json")])
def test_a_release_that_does_not_say_what_it_is_stops_it(
    project: Project, damage: bytes, code: str
) -> None:
    (project.release / "release.json").write_bytes(damage)
    with pytest.raises(InputError, match=rf"release/release.json: \[{code}\]"):
        withdraw(project, "budi")
    assert not project.withdrawn.exists()


def test_tombstones_stand_in_a_fixed_order(project: Project, tmp_path: Path) -> None:
    other = open_project(write_project(tmp_path / "other"))
    names = ["kopi", "budi", "banjir"]
    for name in names:
        withdraw(other, name)
    written = other.withdrawn.read_bytes()
    assert [(one["what"], one["id"]) for one in read_lines(other.withdrawn)] == [
        ("annotator", "budi"),
        ("article", "banjir"),
        ("article", "kopi"),
    ]
    assert {one["since"] for one in read_lines(other.withdrawn)} == {None}
    build_release(other)
    assert manifest(other)["withdrawn"] == []
    assert written == other.withdrawn.read_bytes()


def test_a_name_that_nothing_has_is_refused(project: Project) -> None:
    names: tuple[Withdrawable | None, ...] = (None, "article", "annotator")
    for what in names:
        with pytest.raises(InputError, match="reference"):
            withdraw(project, "siapa", what=what)
    with pytest.raises(InputError, match="reference"):
        withdraw(project, "kopi", what="annotator")
    assert not project.withdrawn.exists()


def test_a_name_that_both_have_must_be_made_clear(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    (folder / "dataset/raw/one.txt").rename(folder / "dataset/raw/a1.txt")
    assert sikap(folder, "ingest") == 0
    with pytest.raises(InputError, match=r"duplicate-id.*--article or --annotator"):
        withdraw(open_project(folder), "a1")
    assert sikap(folder, "withdraw", "a1", "--annotator") == 0
    assert [one["what"] for one in read_lines(folder / "dataset/withdrawn.jsonl")] == ["annotator"]
    assert sikap(folder, "withdraw", "a1", "--article") == 0


def test_ingest_segment_and_plan_leave_out_what_is_withdrawn(tmp_path: Path) -> None:
    project = open_project(make_project(tmp_path / "project"))
    withdraw(project, "one")
    withdraw(project, "a2")
    (problem,) = ingest_articles(project).problems
    assert (problem.code, problem.id) == ("withdrawn", "one")
    assert [one["article_id"] for one in read_lines(project.articles)] == ["other"]
    segment_articles(project)
    assert {one["article_id"] for one in read_lines(project.sentences)} == {"other"}
    report = plan_round(project, "second", RoundRequest(among="all"))
    assert report.annotators == ("a1",)
    items = read_lines(project.rounds / "second" / "items.jsonl")
    assert {one["article_id"] for one in items} == {"other"}
    with pytest.raises(InputError, match="a2 was withdrawn"):
        plan_round(project, "third", RoundRequest(annotators=("a2",), among="all"))


def test_segment_alone_leaves_out_a_withdrawn_article(tmp_path: Path) -> None:
    project = open_project(make_project(tmp_path / "project"))
    withdraw(project, "one")
    segment_articles(project)
    assert {one["article_id"] for one in read_lines(project.sentences)} == {"other"}


def test_the_files_that_still_hold_an_article_are_named(tmp_path: Path) -> None:
    project = open_project(make_project(tmp_path / "project"))
    report = withdraw(project, "one")
    assert report.held_by == (
        "dataset/raw/one.txt",
        "dataset/articles.jsonl",
        "dataset/rounds/first/items.jsonl",
        "dataset/sentences.jsonl",
    )
    assert any("git keeps" in line for line in report.lines())


def test_the_files_that_still_hold_an_annotators_work_are_named(project: Project) -> None:
    assert withdraw(project, "citra").held_by == (
        "dataset/rounds/utama/annotations.jsonl",
        "dataset/release/",
    )


def test_the_agreement_that_tells_of_an_annotator_is_named(
    project: Project,
) -> None:
    """Both are made anew without what was withdrawn."""
    measure_agreement(project, "utama", Options(replicates=2))
    folder = project.round("utama")
    report = withdraw(project, "citra")
    told = [f"dataset/rounds/utama/{name}" for name in (AGREEMENT, "annotations.jsonl", PAGE)]
    assert report.held_by == (*told, "dataset/release/")
    assert "sikap round agree utama writes agreement.json and report.html without it" in list(
        report.lines()
    )
    measure_agreement(project, "utama", Options(replicates=2))
    for name in (AGREEMENT, PAGE):
        assert b"citra" not in (folder / name).read_bytes()
    assert withdraw(project, "citra").held_by == (told[1], "dataset/release/")


def test_the_agreement_that_quotes_an_article_is_named(project: Project) -> None:
    measure_agreement(project, "utama", Options(replicates=2))
    folder = project.round("utama")
    contested = json.loads((folder / AGREEMENT).read_bytes())["contested"][0]
    held = withdraw(project, contested["cluster"], what="article").held_by
    assert {project.name(folder / name) for name in (AGREEMENT, PAGE)} <= set(held)
    settle_rounds(project)
    measure_agreement(project, "utama", Options(replicates=2))
    assert contested["item"].encode() not in (folder / AGREEMENT).read_bytes()
    again = withdraw(project, contested["cluster"], what="article").held_by
    assert not {project.name(folder / name) for name in (AGREEMENT, PAGE)} & set(again)


@pytest.mark.parametrize(
    ("page", "held"),
    [("<th>ani</th>", True), ("<th>anita</th>", False), ("<th>ani-2</th>", False)],
)
def test_a_page_names_somebody_where_the_name_is_a_word_of_it(
    project: Project, page: str, held: bool
) -> None:
    path = project.round("utama") / PAGE
    path.write_text(page, encoding="utf-8")
    assert (project.name(path) in withdraw(project, "ani").held_by) is held


def test_lines_of_a_withdrawn_article_can_be_deleted_from_a_round(project: Project) -> None:
    """One article after the other; the release is the same before and after."""
    withdraw(project, "kopi")
    withdraw(project, "banjir")
    build_release(project, version="2.0.0")
    before = read_folder(project.release)
    gone = {one.item_id for files in sample().rounds for one in files.items
            if one.article_id in {"kopi", "banjir"}}  # fmt: skip
    for name in ("items.jsonl", "annotations.jsonl"):
        for path in project.rounds.glob(f"*/{name}"):
            lines = path.read_bytes().splitlines(keepends=True)
            kept = [line for line in lines if json.loads(line)["item_id"] not in gone]
            path.write_bytes(b"".join(kept))
    build_release(project, version="2.0.0")
    assert read_folder(project.release) == before


def test_other_lines_of_a_round_cannot_be_deleted(project: Project) -> None:
    withdraw(project, "kopi")
    path = project.rounds / "utama" / "items.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))
    with pytest.raises(InputError, match="not as it was planned"):
        build_release(project)


def test_a_pull_drops_annotations_of_items_that_were_deleted(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    answers = export(folder, {1: {"Hujan": [], "Belsara": [], "Sidang": []}})
    (folder / "export.json").write_bytes(answers)
    pull = ("round", "pull", "first", "--export", str(folder / "export.json"))
    assert sikap(folder, *pull) == 0
    assert sikap(folder, "withdraw", "other") == 0
    items = folder / "dataset/rounds/first/items.jsonl"
    lines = items.read_bytes().splitlines(keepends=True)
    items.write_bytes(b"".join(line for line in lines if b'"other"' not in line))
    assert sikap(folder, *pull) == 0
    kept = {one["item_id"] for one in read_lines(items)}
    annotations = read_lines(folder / "dataset/rounds/first/annotations.jsonl")
    assert {one["item_id"] for one in annotations} <= kept
    assert sikap(folder, "round", "settle") == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"what": "article"}\n', "schema"),
        (b'{"what":"article","id":"kopi","since":null,"reason":"","items":{}}', "unfinished-line"),
        (b'{"what":"outlet","id":"x","since":null,"reason":"","items":{}}\n', "schema"),
    ],
)
def test_a_broken_file_of_tombstones_stops_every_step(
    project: Project, data: bytes, code: str
) -> None:
    project.withdrawn.write_bytes(data)
    for step in (ingest_articles, segment_articles, settle_rounds, build_release):
        with pytest.raises(InputError, match=code):
            step(project)


def test_status_counts_what_is_left_to_do_without_what_is_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path / "project")
    answers = decode_export(export(folder, {1: {"Hujan": [], "Belsara": []}, 2: {}}))
    exported = sync.Export(tasks=answers, users={"1": "a1", "2": "a2"})
    monkeypatch.setattr("sikap.steps.rounds.status.export_from_servers", lambda *_: exported)
    monkeypatch.setattr("sikap.steps.rounds.status._where", lambda *_: ())
    opened = open_project(folder)
    whole = read_status(opened, "first")
    withdraw(opened, "other")
    withdraw(opened, "a2")
    left = read_status(opened, "first")
    assert [one.annotator for one in whole.annotators] == ["a1", "a2"]
    assert [one.annotator for one in left.annotators] == ["a1"]
    assert left.items < whole.items
    for report in (whole, left):
        one = report.annotators[0]
        assert one.submitted + one.skipped + one.left == report.items


def test_push_sends_no_item_of_a_withdrawn_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_project(make_project(tmp_path / "project"))
    withdraw(opened, "other")
    sent: list[str] = []
    articles = {one.item_id: one.article_id for one in read_round(opened, "first").items}

    def take(_place: object, _round: object, tasks: dict[str, object], *_: object) -> NoReturn:
        sent.extend(articles[item] for item in tasks)
        raise InputError(Problem(code="token", found="cukup", fix="cukup"))

    monkeypatch.setattr(sync, "push", take)
    with pytest.raises(InputError, match="cukup"):
        push_round(opened, "first", Client("http://127.0.0.1:9", "x"))
    assert set(sent) == {"one"}

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import fsspec
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news import ARTICLE
from projects import make_project, sikap
from projects import snapshot as every_file
from sikap import IngestRequest, ingest_articles
from sikap.articles.chunks import Piece
from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.settings import Settings
from sikap.steps.project_files import read_articles
from sikap.storage import schemas

T = TypeVar("T")
SETTINGS = Settings(
    name="uji", title="Uji", summary="", language="id", licence="CC-BY-4.0", version="1.0.0"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path, SETTINGS)
    made.raw.mkdir(parents=True)
    return made


def write(project: Project, name: str, text: str) -> None:
    path = project.raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def texts(project: Project) -> dict[str, str]:
    return {article.article_id: article.text for article in read_articles(project)}


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def snapshot(project: Project) -> dict[str, tuple[bytes, int]]:
    files = (project.articles, project.rejects, project.warnings)
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


def test_articles_are_written_in_the_order_of_their_ids(project: Project) -> None:
    for name in ("b.txt", "a/z.txt", "a-b.txt"):
        write(project, name, f"Halo dari {name}.")
    report = ingest_articles(project)
    assert (report.articles, report.added, report.rejected) == (3, 3, 0)
    assert list(texts(project)) == ["a-b", "a/z", "b"]


def test_every_article_and_reject_fits_its_schema(project: Project) -> None:
    write(project, "a.txt", "Halo.\r\n")
    write(project, "a.json", '{"title": "Halo", "published": "2023-11-23"}')
    write(project, "b.txt", "\0")
    report = ingest_articles(project)
    rows = map(json.loads, project.articles.read_text(encoding="utf-8").splitlines())
    assert not list(schemas.check("article", rows, "articles.jsonl"))
    rejects = project.rejects.read_bytes().splitlines()
    assert [msgspec.json.decode(row, type=Problem) for row in rejects] == list(report.problems)


def test_a_second_run_changes_nothing(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    write(project, "b.txt", " ")
    ingest_articles(project)
    before = snapshot(project)
    report = ingest_articles(project)
    assert (report.added, report.unchanged, report.rejected) == (0, 1, 1)
    assert snapshot(project) == before


def test_a_bad_document_does_not_stop_the_others(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    write(project, "b.txt", "satu\0")
    write(project, "c.txt", "Halo lagi.")
    write(project, "c.json", "{")
    write(project, "d.json", "{}")
    report = ingest_articles(project)
    assert codes(report.problems) == ["control-character", "metadata", "metadata-orphan"]
    assert list(texts(project)) == ["a"]
    assert not report.failed


def test_a_run_fails_where_nothing_is_left(project: Project) -> None:
    write(project, "a.txt", "\0")
    report = ingest_articles(project)
    assert report.failed
    assert texts(project) == {}


def test_no_document_at_all_is_an_error(project: Project) -> None:
    with pytest.raises(InputError) as caught:
        ingest_articles(project)
    assert codes(caught.value.problems) == ["file-missing"]
    project.raw.rmdir()
    with pytest.raises(InputError) as caught:
        ingest_articles(project)
    assert codes(caught.value.problems) == ["file-missing"]
    assert not project.articles.exists()


def test_a_changed_text_is_a_conflict_until_it_is_taken_over(project: Project) -> None:
    write(project, "a.txt", "Lama.")
    ingest_articles(project)
    write(project, "a.txt", "Baru.")
    report = ingest_articles(project)
    assert codes(report.problems) == ["text-changed"]
    assert texts(project) == {"a": "Lama."}
    report = ingest_articles(project, update=True)
    assert (report.updated, report.rejected) == (1, 0)
    assert texts(project) == {"a": "Baru."}


def test_other_bytes_of_the_same_text_are_no_change(project: Project) -> None:
    write(project, "a.txt", "Halo.\nDunia.")
    ingest_articles(project)
    write(project, "a.txt", "\ufeffHalo.\r\nDunia.")
    assert ingest_articles(project).unchanged == 1


def test_changed_metadata_are_named_until_they_are_taken_over(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    ingest_articles(project)
    write(project, "a.json", '{"title": "Halo", "outlet": "Warta Kita"}')
    (problem,) = ingest_articles(project).problems
    assert problem.code == "metadata"
    assert "title and outlet" in problem.found
    ingest_articles(project, update=True)
    assert read_articles(project)[0].title == "Halo"


def test_articles_of_earlier_runs_stay(project: Project, tmp_path: Path) -> None:
    write(project, "a.txt", "Halo.")
    ingest_articles(project)
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("Lain.", encoding="utf-8")
    (project.raw / "a.txt").unlink()
    report = ingest_articles(project, [other], IngestRequest(language="en"))
    assert (report.articles, report.added) == (2, 1)
    assert [article.language for article in read_articles(project)] == ["id", "en"]


def test_a_language_that_is_no_tag_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path)
    before = every_file(tmp_path)
    assert sikap(tmp_path, "ingest", "--language", "english") == 2
    assert "'english' is no language tag; write \"en\"" in capsys.readouterr().err
    settings = tmp_path / "pyproject.toml"
    text = settings.read_text(encoding="utf-8").replace('"id"', '"english"')
    settings.write_text(text, encoding="utf-8")
    assert sikap(tmp_path, "ingest") == 2
    shown = capsys.readouterr().err
    assert "pyproject.toml" in shown
    assert "language 'english' is no language tag; write \"en\"" in shown
    after = every_file(tmp_path)
    assert {name for name in after if after[name] != before.get(name)} == {"pyproject.toml"}


def test_the_step_refuses_a_language_that_is_no_tag(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    wrong = Project(project.root, msgspec.structs.replace(SETTINGS, language="english"))
    for of, language in ((project, "id_ID"), (wrong, None)):
        with pytest.raises(InputError, match=r"settings.*is no language tag; write \"(id-ID|en)\""):
            ingest_articles(of, request=IngestRequest(language=language))
        assert not project.articles.exists()


def test_rejects_stay_until_their_document_is_looked_at_again(project: Project) -> None:
    write(project, "one/a.txt", "\0")
    write(project, "two/b.txt", "\0")
    ingest_articles(project)
    write(project, "one/a.txt", "Halo.")
    ingest_articles(project, [project.raw / "one"])
    rejects = project.rejects.read_bytes().splitlines()
    assert [json.loads(row)["file"] for row in rejects] == ["dataset/raw/two/b.txt"]


def test_copies_are_reported(project: Project) -> None:
    write(project, "a.txt", "Halo, dunia!")
    write(project, "b.txt", "HALO dunia")
    report = ingest_articles(project)
    assert report.copies == (("a", "b"),)
    assert "copies of one article: a, b" in list(report.lines())


def test_articles_that_were_changed_by_hand_stop_the_run(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    ingest_articles(project)
    project.articles.write_bytes(project.articles.read_bytes().replace(b"Halo.", b"Hola."))
    with pytest.raises(InputError) as caught:
        ingest_articles(project)
    assert codes(caught.value.problems) == ["digest"]


def test_progress_sees_every_document(project: Project) -> None:
    seen = []

    def watch(items: Iterable[T], what: str, /) -> Iterable[T]:
        for item in items:
            seen.append(what)
            yield item

    write(project, "a.txt", "Halo.")
    write(project, "b.txt", "Halo.")
    ingest_articles(project, progress=watch)
    assert seen.count("documents") == 2


def test_an_article_of_news_is_frozen_as_it_is(project: Project) -> None:
    data = ARTICLE.read_bytes()
    (project.raw / ARTICLE.name).write_bytes(data)
    ingest_articles(project)
    (article,) = read_articles(project)
    assert article.text.encode() == data
    assert article.raw_sha256 == article.text_sha256
    assert article.normalised == ()


def test_the_settings_give_a_licence_to_articles_whose_metadata_name_none(tmp_path: Path) -> None:
    project = Project(tmp_path, msgspec.structs.replace(SETTINGS, text_licence="CC0-1.0"))
    write(project, "a.txt", "Halo.")
    write(project, "b.txt", "Halo lagi.")
    write(project, "b.json", '{"licence": "CC-BY-4.0"}')
    ingest_articles(project)
    found = {article.article_id: article.licence for article in read_articles(project)}
    assert found == {"a": "CC0-1.0", "b": "CC-BY-4.0"}
    assert ingest_articles(project).unchanged == 2


def test_tables_go_in_beside_texts_and_their_columns_are_told(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    write(project, "berita.csv", "id,isi,judul\nx,Halo dunia.,Halo\ny,,Kosong\n")
    report = ingest_articles(project)
    assert (report.added, report.rejected) == (2, 1)
    choice = "article_id from 'id', text from 'isi', title from 'judul'"
    assert report.columns == {choice: "dataset/raw/berita.csv"}
    assert f"columns of dataset/raw/berita.csv: {choice}" in report.lines()


def test_columns_of_the_request_go_before_those_of_the_settings(project: Project) -> None:
    write(project, "berita.jsonl", '{"isi": "Halo.", "lain": "Dunia."}\n')
    ingest_articles(project, request=IngestRequest(columns={"text": "lain"}))
    (article,) = read_articles(project)
    assert (article.article_id, article.text) == ("berita/1", "Dunia.")


def test_one_id_for_several_texts_is_refused_and_for_one_text_is_taken_once(
    project: Project,
) -> None:
    write(project, "a.jsonl", '{"id": "x", "text": "Satu."}\n{"id": "y", "text": "Sama."}\n')
    write(project, "b.jsonl", '{"id": "x", "text": "Dua."}\n{"id": "y", "text": "Sama."}\n')
    report = ingest_articles(project)
    assert (report.added, [one.code for one in report.problems]) == (1, ["duplicate-id"] * 2)


def piece(article_id: str, text: str, file: str = "") -> Piece:
    file = file or f"{article_id}.txt"
    return Piece(format="text", file=file, source=file, data=text.encode(), article_id=article_id)


@pytest.fixture
def given_pieces(monkeypatch: pytest.MonkeyPatch) -> list[Piece | Problem]:
    """What the sources hold instead of files; a test may put anything there."""
    held: list[Piece | Problem] = []

    def pieces(*_: object) -> Iterator[Piece | Problem]:
        yield from held

    monkeypatch.setattr("sikap.steps.articles.ingest.read_sources", pieces)
    return held


def test_a_document_that_comes_twice_with_the_same_text_counts_once(
    project: Project, given_pieces: list[Piece | Problem]
) -> None:
    given_pieces += [piece("a", "Halo.", "one.txt"), piece("a", "Halo.", "two.txt")]
    report = ingest_articles(project)
    assert (report.added, report.repeated, report.rejected) == (1, 1, 0)
    assert "1 documents came again with the same text: each counts once" in list(report.lines())


def test_documents_that_differ_under_one_id_are_all_rejected(
    project: Project, given_pieces: list[Piece | Problem]
) -> None:
    given_pieces += [piece("a", "Halo.", "one.txt"), piece("a", "Hai.", "two.txt")]
    given_pieces += [piece("b", "Lain.")]
    report = ingest_articles(project)
    assert codes(report.problems) == ["duplicate-id", "duplicate-id"]
    assert [problem.file for problem in report.problems] == ["one.txt", "two.txt"]
    assert "one.txt, two.txt" in report.problems[0].found
    assert list(texts(project)) == ["b"]


def test_an_article_stays_where_documents_that_differ_have_its_id(
    project: Project, given_pieces: list[Piece | Problem]
) -> None:
    given_pieces += [piece("a", "Halo.")]
    ingest_articles(project)
    given_pieces += [piece("a", "Hai.", "two.txt")]
    report = ingest_articles(project, update=True)
    assert (report.rejects, report.updated) == ({"duplicate-id": 2}, 0)
    assert texts(project) == {"a": "Halo."}


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "é", "z", "\U0001f600", "\uffee"]), st.sampled_from("AB\0")
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=DOCUMENTS, second=DOCUMENTS, chance=st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(
    project: Project,
    given_pieces: list[Piece | Problem],
    first: list[tuple[str, str]],
    second: list[tuple[str, str]],
    chance: random.Random,
) -> None:
    results = []
    for shuffled in (False, True):
        for file in (project.articles, project.rejects, project.warnings):
            file.unlink(missing_ok=True)
        for documents in (first, second):
            given_pieces[:] = [
                piece(id_, text, f"{number}.txt") for number, (id_, text) in enumerate(documents)
            ]
            if shuffled:
                chance.shuffle(given_pieces)
            ingest_articles(project)
        results.append([file.read_bytes() for file in (project.articles, project.rejects)])
        assert list(texts(project)) == sorted(texts(project))
    assert results[0] == results[1]


def many(project: Project, count: int) -> None:
    for number in range(count):
        words = " ".join(f"kata{number}x{place}" for place in range(12))
        write(project, f"{number % 7}/{number}.txt", f"Berita {number}. {words}.")
    write(project, "bad.txt", "\0")


def test_any_number_of_processes_gives_the_same_bytes(project: Project) -> None:
    many(project, 1_400)
    results = []
    for processes in (1, 2, 3):
        project.articles.unlink(missing_ok=True)
        ingest_articles(project, processes=processes)
        results.append([bytes_ for bytes_, _ in snapshot(project).values()])
    assert results[0] == results[1] == results[2]


def test_a_run_that_is_killed_and_run_again_gives_the_same_as_a_clean_one(
    project: Project,
) -> None:
    (project.root / "pyproject.toml").write_text(
        '[tool.sikap]\nname = "uji"\ntitle = "Uji"\nsummary = ""\nlanguage = "id"\n'
        'licence = "CC-BY-4.0"\nversion = "1.0.0"\n',
        encoding="utf-8",
    )
    many(project, 1_400)
    ingest_articles(project)
    clean = {name: data for name, (data, _) in snapshot(project).items()}
    (project.dataset / "articles.jsonl").unlink()
    ingest_articles(project, [project.raw / "1"])
    killed = 0
    for seconds in (0, 0.2, 0.5, 1):
        killed += _kill_meanwhile(project, seconds)
    assert killed > 0
    ingest_articles(project)
    assert {name: data for name, (data, _) in snapshot(project).items()} == clean
    assert [path.name for path in project.dataset.iterdir() if path.name.startswith(".")] == []


def _kill_meanwhile(project: Project, seconds: float) -> bool:
    """Start the command and kill it so long after its work began; whether it was still at it."""
    command = [sys.executable, "-m", "sikap", "--project", str(project.root), "ingest"]
    with subprocess.Popen(
        [*command, "--processes", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and not list(project.dataset.glob(".ingest.*")):
            time.sleep(0.005)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    return int(process.returncode) == -signal.SIGKILL


def test_lines_out_of_order_stop_the_run(project: Project) -> None:
    write(project, "a.txt", "Halo.")
    write(project, "b.txt", "Hai.")
    ingest_articles(project)
    lines = project.articles.read_bytes().splitlines(keepends=True)
    project.articles.write_bytes(b"".join(reversed(lines)))
    with pytest.raises(InputError) as caught:
        ingest_articles(project)
    assert codes(caught.value.problems) == ["line-order"]


def test_a_report_holds_some_problems_and_counts_them_all(
    project: Project, given_pieces: list[Piece | Problem]
) -> None:
    given_pieces += [piece(f"{number:04}", "\0") for number in range(1_200)]
    given_pieces += [piece("a", "Halo.")]
    report = ingest_articles(project)
    assert (report.rejected, len(report.problems)) == (1_200, 1_000)
    assert report.rejects == {"control-character": 1_200}
    assert len(project.rejects.read_bytes().splitlines()) == 1_200


def test_what_is_doubtful_is_kept_with_its_article(
    project: Project, given_pieces: list[Piece | Problem]
) -> None:
    """A warning stays while its article does, unless the article is looked at again."""
    given_pieces += [piece("a", "Halo."), piece("b", "Hai.")]
    ingest_articles(project)
    warnings = [
        Problem(code="empty", file=f"{id_}.txt", id=id_, found="x", fix="y") for id_ in "abc"
    ]
    project.warnings.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in warnings))
    given_pieces[:] = [piece("a", "Halo.")]
    report = ingest_articles(project)
    rows = [json.loads(row)["id"] for row in project.warnings.read_bytes().splitlines()]
    assert (rows, report.warnings) == (["b"], {"empty": 1})


def test_copies_are_marked_and_the_mark_goes_when_they_do(project: Project) -> None:
    write(project, "a.txt", "Halo, dunia!")
    write(project, "b.txt", "HALO dunia")
    write(project, "c.txt", "Lain.")
    report = ingest_articles(project)
    assert (report.clusters, report.copied) == (1, 2)
    assert [article.cluster for article in read_articles(project)] == ["a", "a", None]
    write(project, "b.txt", "Yang lain lagi.")
    ingest_articles(project, update=True)
    assert [article.cluster for article in read_articles(project)] == [None, None, None]


def test_a_full_disk_leaves_all_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "a.txt", "Halo.")
    ingest_articles(project)
    before = snapshot(project)
    write(project, "b.txt", "Hai.")

    def full(*_: object) -> bool:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("sikap.steps.articles.freeze.mark", full)
    monkeypatch.setattr("sikap.steps.articles.freeze.clusters", lambda *_: {"a": "a", "b": "a"})
    with pytest.raises(InputError) as caught:
        ingest_articles(project)
    assert codes(caught.value.problems) == ["disk"]
    assert snapshot(project) == before


def test_a_password_in_a_url_of_no_articles_is_not_shown(project: Project) -> None:
    fsspec.filesystem("memory").pipe_file("/budi:rahasia@uji/x.pdf", b"%PDF")
    with pytest.raises(InputError) as caught:
        ingest_articles(project, ["memory://budi:rahasia@uji/x.pdf"])
    assert "memory://uji/x.pdf" in str(caught.value)
    assert "rahasia" not in str(caught.value)

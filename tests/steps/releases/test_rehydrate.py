"""Texts put back into stand-off releases, of the sample and of this repository's dataset."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from projects import sikap
from samples import ARTICLES, SPLITS, sample, write_project
from sikap import ChecksError, InputError, build_release, open_project, rehydrate_release
from sikap.release.data.content import Text
from sikap.release.data.splits import Ledger
from sikap.release.files.build import SUMS, sums
from sikap.release.files.parquet import from_parquet
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.steps.releases.rehydrate import RehydrateReport
from sikap.storage.files import encode_json
from sikap.storage.folder import read_folder, write_folder

ROOT = Path(__file__).resolve().parents[3]
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``full`` and ``standoff`` releases of the sample, and ``raw`` copies."""
    folder = tmp_path_factory.mktemp("made")
    root = write_project(folder / "project")
    (root / "dataset" / "splits.json").write_bytes(encode_json(Ledger(salt="uji", articles=SPLITS)))
    project = open_project(root)
    texts: tuple[Text, ...] = ("standoff", "full")
    for text in texts:
        build_release(project.with_texts(text))
        shutil.copytree(project.release, folder / text)
    write_copies(folder / "raw")
    return folder


def write_copies(raw: Path) -> None:
    raw.mkdir()
    for article in sample().articles:
        (raw / f"{article.article_id}.txt").write_text(article.text, encoding="utf-8", newline="")
        if article.title:
            metadata = msgspec.json.encode({"title": article.title})
            (raw / f"{article.article_id}.json").write_bytes(metadata)


@pytest.fixture
def raw(made: Path, tmp_path: Path) -> Path:
    """The user's own copies, to be changed."""
    shutil.copytree(made / "raw", tmp_path / "raw")
    return tmp_path / "raw"


def edit(raw: Path, name: str, change: Edit) -> None:
    path = raw / f"{name}.txt"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def rehydrated(made: Path, raw: Path) -> RehydrateReport:
    return rehydrate_release(made / "standoff", raw, raw.parent / "back")


def rows(folder: Path, config: str, *names: str) -> list[tuple[object, ...]]:
    tables = [
        from_parquet(path.read_bytes()) for path in sorted((folder / "data" / config).glob("*"))
    ]
    return [tuple(row[name] for name in names) for table in tables for row in table.to_pylist()]


def test_the_same_texts_give_the_full_release_byte_for_byte(made: Path, raw: Path) -> None:
    report = rehydrated(made, raw)
    assert (report.exact, report.failed, report.problems) == (True, False, ())
    assert report.articles == {"whole": 6}
    assert read_folder(raw.parent / "back") == read_folder(made / "full")
    assert not rehydrated(made, raw).changed


def test_other_bytes_of_the_same_text_do_as_well(made: Path, raw: Path) -> None:
    for path in raw.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert rehydrated(made, raw).exact
    assert read_folder(raw.parent / "back") == read_folder(made / "full")


def test_what_the_copies_say_of_themselves_is_not_believed(made: Path, raw: Path) -> None:
    for article in sample().articles:
        said = {"outlet": "Lain", "published": "1999-01-01", "licence": "X", "language": "en"}
        said |= {"title": article.title} if article.title else {}
        (raw / f"{article.article_id}.json").write_bytes(msgspec.json.encode(said))
    (raw / "asing.txt").write_text("Tidak diminta.", encoding="utf-8")
    assert rehydrated(made, raw).exact


def test_a_title_that_is_missing_is_told(made: Path, raw: Path) -> None:
    (raw / "banjir.json").unlink()
    report = rehydrated(made, raw)
    assert (report.exact, report.failed) == (False, True)
    assert [problem.code for problem in report.problems] == ["not-reproduced"]
    assert verify(read_folder(raw.parent / "back"), versions()) == []


def restored(made: Path, raw: Path) -> RehydrateReport:
    """What comes back where something drifted; it must keep every rule and say what it is."""
    report = rehydrated(made, raw)
    back = raw.parent / "back"
    assert (report.exact, report.failed) == (False, True)
    assert verify(read_folder(back), versions()) == []
    card = (back / "README.md").read_text(encoding="utf-8")
    assert "**It is not whole:**" in card
    manifest = msgspec.json.decode((back / "release.json").read_bytes())
    assert manifest["restored"]["annotations"] == report.lost_annotations
    assert manifest["restored"]["drifted"] == report.articles.get("drifted", 0)
    assert manifest["restored"]["missing"] == report.articles.get("missing", 0)
    full, left = (len(rows(one, "annotations", "item_id")) for one in (made / "full", back))
    assert full - left == report.lost_annotations
    return report


def test_a_missing_article_is_lost_with_its_annotations(made: Path, raw: Path) -> None:
    (raw / "jalan.txt").unlink()
    report = restored(made, raw)
    assert report.articles == {"missing": 1, "whole": 5}
    (problem,) = report.problems
    assert (problem.code, problem.id) == ("text-missing", "jalan")
    assert "6 annotations" in problem.found
    assert "jalan" not in {id_ for (id_,) in rows(raw.parent / "back", "articles", "article_id")}


def test_a_copy_that_cannot_be_read_is_missing_and_says_why(made: Path, raw: Path) -> None:
    (raw / "jalan.txt").write_bytes(b"a\0b")
    report = restored(made, raw)
    assert {problem.code for problem in report.problems} == {"control-character", "text-missing"}


def test_a_longer_text_loses_nothing(made: Path, raw: Path) -> None:
    edit(raw, "pasar", lambda text: f"Catatan redaksi.\n{text}\nTamat.\n")
    report = restored(made, raw)
    assert (report.lost_annotations, report.sentences) == (0, {"moved": 2})
    codes = [problem.code for problem in report.problems]
    assert codes == ["text-drifted", "sentence-moved", "sentence-moved"]
    found = rows(raw.parent / "back", "sentences", "text", "kind")
    assert {("Catatan redaksi.", "other"), ("Tamat.", "other")} <= set(found)
    labelled = rows(made / "full", "sentences", "sentence_id", "labelled", "open")
    again = rows(raw.parent / "back", "sentences", "sentence_id", "labelled", "open")
    assert set(labelled) <= set(again)


def test_an_edited_sentence_is_lost_and_the_others_are_found(made: Path, raw: Path) -> None:
    edit(raw, "banjir", lambda text: text.replace("Warga menolak", "Warga kota menolak"))
    report = restored(made, raw)
    assert report.sentences == {"kept": 3, "lost": 1, "moved": 2}
    assert report.lost_annotations == 5
    (lost,) = (problem for problem in report.problems if problem.code == "sentence-lost")
    assert lost.id.startswith("banjir/")


def test_equal_sentences_of_which_one_is_gone_are_ambiguous(made: Path, raw: Path) -> None:
    edit(raw, "kopi", lambda text: text.removesuffix("Hujan turun.\n").removesuffix("Hujan turun."))
    report = restored(made, raw)
    assert report.sentences["ambiguous"] == 2
    found = [problem for problem in report.problems if problem.code == "sentence-ambiguous"]
    assert len(found) == 2


def test_an_ambiguous_sentence_takes_its_annotations_along(made: Path, raw: Path) -> None:
    """The text that is left has the id of the lost sentence, but nobody labelled it as such."""
    edit(raw, "banjir", lambda text: f"{text}\nHujan turun.")
    report = restored(made, raw)
    assert report.sentences["ambiguous"] == 1
    assert report.lost_annotations == 3
    found = rows(raw.parent / "back", "sentences", "article_id", "text", "kind", "labelled")
    rain = [row for row in found if row[:2] == ("banjir", "Hujan turun.")]
    assert rain == [("banjir", "Hujan turun.", "other", False)] * 2


def test_nothing_but_strangers_gives_an_empty_hand(made: Path, raw: Path) -> None:
    for article in ARTICLES:
        (raw / f"{article}.txt").write_text(f"Bukan {article} lagi.", encoding="utf-8")
    report = restored(made, raw)
    assert report.articles == {"drifted": 6}
    assert rows(raw.parent / "back", "sentences", "labelled") == [(False,)] * 6


def test_without_any_article_there_is_nothing_to_write(made: Path, raw: Path) -> None:
    for path in raw.glob("*.txt"):
        path.rename(raw / f"lain-{path.name}")
    with pytest.raises(InputError, match="release-empty"):
        rehydrated(made, raw)
    assert not (raw.parent / "back").exists()


def test_a_release_that_was_tampered_with_is_refused(made: Path, raw: Path) -> None:
    shutil.copytree(made / "standoff", raw.parent / "standoff")
    (raw.parent / "standoff" / "README.md").write_bytes(b"x")
    with pytest.raises(ChecksError, match="checksum"):
        rehydrated(raw.parent, raw)
    assert not (raw.parent / "back").exists()


def test_a_full_release_is_refused(made: Path, raw: Path) -> None:
    with pytest.raises(InputError, match="holds its texts already"):
        rehydrate_release(made / "full", raw, raw.parent / "back")


def test_a_folder_with_other_things_is_not_written_over(made: Path, raw: Path) -> None:
    with pytest.raises(InputError, match="file-exists"):
        rehydrate_release(made / "standoff", raw, raw)
    assert (raw / "banjir.txt").is_file()


def test_texts_under_no_licence_come_back_and_are_counted(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project")
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    unlisted = settings.replace('"CC-BY-4.0", "CC0-1.0"]', '"CC-BY-4.0"]')
    (root / "pyproject.toml").write_text(unlisted, encoding="utf-8")
    with pytest.raises(InputError, match="licence"):
        build_release(open_project(root))
    build_release(open_project(root).with_texts("standoff"))
    write_copies(tmp_path / "raw")
    report = rehydrate_release(root / "dataset/release", tmp_path / "raw", tmp_path / "back")
    assert (report.exact, report.unlicensed) == (True, 1)
    problems = verify(read_folder(tmp_path / "back"), versions())
    assert [(problem.code, problem.id) for problem in problems] == [("licence", "kopi")]


@pytest.mark.parametrize("what", ["standoff", "full"])
def test_another_release_is_not_written_over(made: Path, raw: Path, what: str) -> None:
    shutil.copytree(made / what, raw.parent / "back")
    edit(raw, "pasar", lambda text: f"{text} Tamat.")
    with pytest.raises(InputError, match="file-exists"):
        rehydrated(made, raw)
    assert read_folder(raw.parent / "back") == read_folder(made / what)


def test_a_second_run_with_more_copies_takes_the_place_of_the_first(made: Path, raw: Path) -> None:
    (raw / "jalan.txt").rename(raw.parent / "jalan.txt")
    restored(made, raw)
    (raw.parent / "jalan.txt").rename(raw / "jalan.txt")
    assert rehydrated(made, raw).exact
    assert read_folder(raw.parent / "back") == read_folder(made / "full")


def forged(made: Path, raw: Path, **changes: object) -> Path:
    """The stand-off release with other claims, in checksums that fit."""
    files = read_folder(made / "standoff")
    manifest = msgspec.json.decode(files["release.json"])
    for name, value in changes.items():
        manifest[name].update(value)
    rest = {name: data for name, data in files.items() if name != SUMS}
    rest |= {"release.json": encode_json(manifest)}
    write_folder(raw.parent / "standoff", rest | {SUMS: sums(rest)})
    return raw.parent


def test_other_versions_write_other_bytes_of_the_same_rows(
    made: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = forged(made, raw, full={"sums": "0" * 64})
    other = {**versions(), "pyarrow": "1.0.0"}
    monkeypatch.setattr("sikap.steps.releases.rehydrate.versions", lambda: other)
    report = rehydrated(folder, raw)
    assert (report.exact, report.same_rows, report.failed) == (False, True, False)
    assert report.problems == ()


def test_a_digest_that_no_copies_give_is_told(made: Path, raw: Path) -> None:
    report = rehydrated(forged(made, raw, full={"sums": "0" * 64}), raw)
    assert (report.exact, report.failed) == (False, True)
    assert [problem.code for problem in report.problems] == ["not-reproduced"]


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of this repository, without its release."""
    root = tmp_path_factory.mktemp("committed")
    for name in ("dataset", "schema"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("release"))
    for name in ("pyproject.toml", "datasheet.toml"):
        shutil.copyfile(ROOT / name, root / name)
    return root


@pytest.mark.parametrize("urls", ["--keep-urls", "--drop-urls"])
def test_this_repository_comes_back_byte_for_byte(
    committed: Path, tmp_path: Path, urls: str
) -> None:
    assert sikap(committed, "release", "--text", "standoff", urls) == 0
    assert sikap(committed, "release", "--text", "standoff", urls, "--check") == 0
    shutil.copytree(committed / "dataset/release", tmp_path / "standoff")
    assert sikap(committed, "verify", "--rebuild") == 0
    assert sikap(committed, "release", "--text", "full") == 0
    arguments = (str(tmp_path / "standoff"), str(committed / "dataset/raw"))
    assert sikap(tmp_path, "rehydrate", *arguments, "--output", str(tmp_path / "back")) == 0
    assert read_folder(tmp_path / "back") == read_folder(committed / "dataset/release")

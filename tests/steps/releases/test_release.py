import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from samples import ANSWERS, ARTICLES, DATASHEET, SPLITS, sample, write_project
from sikap import (
    ChecksError,
    InputError,
    Project,
    build_release,
    ingest_articles,
    open_project,
    segment_articles,
    verify_release,
)
from sikap.release.data.splits import Ledger
from sikap.release.documents.datasheet import UNANSWERED
from sikap.release.documents.datasheet_questions import IDS
from sikap.storage.files import decode_json, encode_json, encode_lines, sha256
from sikap.storage.folder import read_folder


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The stance sample on disk, with the splits of the sample in its ledger."""
    root = write_project(tmp_path / "project")
    ledger = Ledger(salt="uji", articles=SPLITS)
    (root / "dataset" / "splits.json").write_bytes(encode_json(ledger))
    return open_project(root)


def everything(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file but the lock, with its bytes and the time of its last change."""
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != "lock"]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def turn_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_a_project_gives_a_release_that_keeps_every_rule(project: Project) -> None:
    report = build_release(project)
    assert report.changed
    assert (report.folder, report.version, report.open) == (str(project.release), "1.0.0", 3)
    assert report.rows["sentences"] == {"train": 13, "validation": 2, "test": 2}
    checked = verify_release(project.release)
    assert (checked.problems, checked.failed) == ((), False)


def test_a_second_run_touches_nothing(project: Project) -> None:
    build_release(project)
    before = everything(project.root)
    assert not build_release(project).changed
    assert everything(project.root) == before


def test_the_datasheet_has_the_answers_of_the_project_and_the_figures(project: Project) -> None:
    report = build_release(project)
    text = project.datasheet.read_text(encoding="utf-8")
    assert text.startswith("# Datasheet: Uji\n")
    assert all(f"\n\n{answer}\n\n" in f"{text}\n" for answer in ANSWERS.values())
    assert "| articles | 6 |" in text
    assert UNANSWERED not in text
    assert (report.draft, report.unanswered) == (False, ())
    assert text.encode() == (project.release / "DATASHEET.md").read_bytes()


def test_the_ledger_is_drawn_once_and_then_holds(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project"))
    build_release(project)
    drawn = decode_json(project.ledger.read_bytes(), Ledger, "splits.json")
    assert set(drawn.articles) == set(ARTICLES)
    assert set(drawn.articles.values()) == {"train", "validation", "test"}
    shares = "splits = { train = 0.5, validation = 0.25, test = 0.25 }"
    edit(project.root / "pyproject.toml", "[tool.sikap]", f"[tool.sikap]\n{shares}")
    assert not build_release(open_project(project.root)).changed


def test_open_decisions_are_refused_unless_asked_for(project: Project) -> None:
    with pytest.raises(InputError) as caught:
        build_release(project, open_labels="refuse")
    assert [problem.code for problem in caught.value.problems] == ["open"] * 3
    assert {problem.file for problem in caught.value.problems} == {"banjir", "jalan"}
    assert not project.release.exists()
    assert build_release(project, open_labels="null").open == 3


def test_the_settings_decide_on_open_decisions_where_nobody_says(project: Project) -> None:
    edit(project.root / "pyproject.toml", 'open_labels = "null"', "")
    with pytest.raises(InputError, match="was marked by 1 of 2"):
        build_release(open_project(project.root))


def test_a_version_can_be_given(project: Project) -> None:
    assert build_release(project, version="2.3.4").version == "2.3.4"
    manifest = json.loads((project.release / "release.json").read_text(encoding="utf-8"))
    assert manifest["dataset"]["version"] == "2.3.4"
    assert "version: 2.3.4" in (project.release / "README.md").read_text(encoding="utf-8")
    assert verify_release(project.release).problems == ()


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0-rc1", "1.0.0\n", "١.0.0"])
def test_a_version_of_another_form_is_refused(project: Project, version: str) -> None:
    with pytest.raises(InputError, match=r"write it as 1\.2\.3"):
        build_release(project, version=version)
    assert not project.release.exists()


def test_check_passes_on_what_was_built_and_writes_nothing(project: Project) -> None:
    build_release(project)
    before = everything(project.root)
    assert not build_release(project, check=True).changed
    assert everything(project.root) == before


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("dataset/release/README.md", lambda path: path.write_bytes(b"x")),
        ("dataset/release/data/stance/train-00000-of-00001.parquet", Path.unlink),
        ("dataset/release/extra.txt", Path.touch),
        ("dataset/splits.json", Path.unlink),
        ("DATASHEET.md", lambda path: edit(path, "| articles | 6 |", "| articles | 7 |")),
    ],
)
def test_check_names_a_changed_file_and_writes_nothing(
    project: Project, name: str, change: Callable[[Path], object]
) -> None:
    build_release(project)
    change(project.root / name)
    before = everything(project.root)
    with pytest.raises(ChecksError) as caught:
        build_release(project, check=True)
    assert name in {problem.file for problem in caught.value.problems}
    assert {problem.code for problem in caught.value.problems} == {"not-reproduced"}
    assert everything(project.root) == before


def test_check_without_a_release_says_so(project: Project) -> None:
    with pytest.raises(InputError, match="no such folder"):
        build_release(project, check=True)


def unsay(project: Project) -> Project:
    """The project without most answers and without the settings that a release must have."""
    project.answers.write_text("uses-past = 'Belum.'\nuses-list = ' '\n", encoding="utf-8")
    settings = project.root / "pyproject.toml"
    edit(settings, 'authors = ["Kelompok Uji", "Rahayu, Sri"]\npublished = "2026-03-18"\n', "")
    edit(settings, 'licence = "CC-BY-4.0"', 'licence = "unknown"')
    edit(settings, 'summary = "Contoh kecil."', 'summary = " "')
    return open_project(project.root)


UNSAID = ("summary", "authors", "published", "licence", *(id_ for id_ in IDS if id_ != "uses-past"))


def test_everything_that_people_must_say_is_asked_for_at_once(project: Project) -> None:
    before = everything(unsay(project).root)
    with pytest.raises(InputError) as caught:
        build_release(open_project(project.root))
    assert tuple(problem.id for problem in caught.value.problems) == UNSAID
    assert {problem.code for problem in caught.value.problems} == {"unanswered"}
    files = [problem.file for problem in caught.value.problems]
    assert files == ["pyproject.toml"] * 4 + ["datasheet.toml"] * 56
    assert everything(project.root) == before


def test_figures_do_not_answer_a_question(project: Project) -> None:
    """Not even where all that it asks for is counted below it."""
    edit(project.answers, ANSWERS["composition-count"], "")
    with pytest.raises(InputError) as caught:
        build_release(project)
    assert [problem.id for problem in caught.value.problems] == ["composition-count"]


def test_the_words_for_no_answer_are_none(project: Project) -> None:
    edit(project.answers, ANSWERS["uses-past"], f"\n{UNANSWERED} ")
    with pytest.raises(InputError, match="uses-past"):
        build_release(project)


def test_a_draft_says_everywhere_that_it_is_one(project: Project) -> None:
    report = build_release(unsay(project), draft=True)
    assert (report.draft, report.unanswered) == (True, UNSAID)
    assert "a draft, not to be published; 60 statements are missing" in list(report.lines())
    manifest, described = (
        json.loads((project.release / name).read_text(encoding="utf-8"))
        for name in ("release.json", "croissant.json")
    )
    assert manifest["draft"] is True
    assert described["creativeWorkStatus"] == "Draft"
    assert described["rai:dataSocialImpact"].count("? Not answered.") == 2
    assert described["license"] == "unknown"
    assert "datePublished" not in described
    for name in ("README.md", "DATASHEET.md"):
        text = (project.release / name).read_text(encoding="utf-8")
        assert "**This is a draft and not to be published:**" in text.split("\n## ")[0]
    assert "The makers of Uji" in (project.release / "CITATION.cff").read_text(encoding="utf-8")


def test_verify_accepts_a_draft_and_says_that_it_is_one(project: Project) -> None:
    build_release(unsay(project), draft=True)
    checked = verify_release(project.release)
    assert (checked.problems, checked.failed, checked.draft) == ((), False, True)
    assert list(checked.lines())[-1] == "it is a draft: not to be published"


def test_a_draft_of_which_everything_was_said_is_still_a_draft(project: Project) -> None:
    report = build_release(project, draft=True)
    assert (report.draft, report.unanswered) == (True, ())
    assert verify_release(project.release).draft
    assert build_release(project).changed
    assert not verify_release(project.release).draft


ROUND = "dataset/rounds/utama"
BROKEN: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "no articles file": ("dataset/articles.jsonl", Path.unlink, "file-missing"),
    "no sentences file": ("dataset/sentences.jsonl", Path.unlink, "file-missing"),
    "no items": (f"{ROUND}/items.jsonl", Path.unlink, "file-missing"),
    "no config": ("schema/config.xml", Path.unlink, "file-missing"),
    "no guidelines": ("schema/guidelines.md", Path.unlink, "file-missing"),
    "no answers": ("datasheet.toml", Path.unlink, "file-missing"),
    "no article": ("dataset/articles.jsonl", lambda p: p.write_bytes(b""), "release-empty"),
    "a cut off file": (
        "dataset/articles.jsonl",
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        "unfinished-line",
    ),
    "an article twice": (
        "dataset/articles.jsonl",
        lambda path: path.write_bytes(path.read_bytes() + path.read_bytes()),
        "duplicate-id",
    ),
    "a sentence twice": (
        "dataset/sentences.jsonl",
        lambda path: path.write_bytes(path.read_bytes() + path.read_bytes()),
        "duplicate-id",
    ),
    "a text that was edited": (
        "dataset/articles.jsonl",
        lambda path: edit(path, "Warga menolak", "Wargi menolak"),
        "digest",
    ),
    "a sentence that was edited": (
        "dataset/sentences.jsonl",
        lambda path: edit(path, "Warga menolak", "Wargi menolak"),
        "span-text",
    ),
    "items that were edited": (
        f"{ROUND}/items.jsonl",
        lambda p: edit(p, "Warga", "Wargi"),
        "digest",
    ),
    "a label of no config": (
        f"{ROUND}/annotations.jsonl",
        lambda path: edit(path, '"TOPIC"', '"TOPIK"'),
        "unknown-label",
    ),
    "an annotator of no roster": (
        f"{ROUND}/annotations.jsonl",
        lambda path: edit(path, '"citra"', '"dewi"'),
        "unknown-annotator",
    ),
    "annotations of another round": (
        f"{ROUND}/annotations.jsonl",
        lambda path: edit(path, '"utama"', '"coba"'),
        "unknown-item",
    ),
    "annotations twice": (
        f"{ROUND}/annotations.jsonl",
        lambda path: path.write_bytes(path.read_bytes() * 2),
        "repeated-annotation",
    ),
    "a ledger of another form": ("dataset/splits.json", lambda p: p.write_bytes(b"[]"), "schema"),
    "a split that the settings lack": (
        "dataset/splits.json",
        lambda path: edit(path, '"test"', '"dev"'),
        "ledger",
    ),
    "answers that are no UTF-8": ("datasheet.toml", lambda p: p.write_bytes(b"\xff"), "not-utf8"),
    "answers that are no TOML": ("datasheet.toml", lambda p: p.write_bytes(b"a = b"), "answers"),
    "an answer to no question": (
        "datasheet.toml",
        lambda path: edit(path, "motivation-purpose", "motivation-porpoise"),
        "answers",
    ),
    "an answer that is no text": (
        "datasheet.toml",
        lambda path: path.write_bytes(b"motivation-purpose = 2026-11-23"),
        "answers",
    ),
    "an answer with a block": (
        "datasheet.toml",
        lambda path: edit(path, "Ditulis", "<!-- sikap:counts -->"),
        "answers",
    ),
    "a folder for a file": ("dataset/articles.jsonl", turn_into_a_folder, "disk"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_input_is_named_and_nothing_is_written(project: Project, what: str) -> None:
    name, change, code = BROKEN[what]
    change(project.root / name)
    before = everything(project.root)
    with pytest.raises(InputError) as caught:
        build_release(project)
    assert (code, name) in {(problem.code, problem.file) for problem in caught.value.problems}
    assert all(problem.fix for problem in caught.value.problems)
    assert everything(project.root) == before


@pytest.mark.parametrize("text", ["Jalan rusak, kata Sari.", "Tidak ada yang hadir."])
def test_an_annotated_sentence_that_is_gone_stops_the_release(project: Project, text: str) -> None:
    """Also one that everybody skipped: its rows would point to nothing."""
    given = sample()
    gone = next(one for one in given.sentences if one.text == text)
    articles, sentences = [], []
    for article in given.articles:
        new = article.text.replace(text, text.replace("a", "e"))
        if article.article_id != gone.article_id:
            new = article.text
        articles.append(msgspec.structs.replace(article, text=new, text_sha256=sha256(new)))
    for one in given.sentences:
        changes = {"text": text.replace("a", "e"), "sentence_id": "0" * 16} if one == gone else {}
        sentences.append(msgspec.structs.replace(one, **changes))
    project.articles.write_bytes(encode_lines(articles))
    project.sentences.write_bytes(encode_lines(sentences))
    with pytest.raises(InputError) as caught:
        build_release(project)
    found = {(problem.code, problem.id) for problem in caught.value.problems}
    assert ("item-lost", gone.sentence_id) in found
    # Its neighbours in rounds now stand beside another sentence.
    assert {code for code, _ in found} <= {"item-lost", "not-anchored"}


def test_copies_across_the_splits_of_the_ledger_stop_the_release(project: Project) -> None:
    given = sample()
    jalan = next(one for one in given.articles if one.article_id == "jalan")
    copy = msgspec.structs.replace(jalan, article_id="salinan", source="salinan.txt")
    sentences = [
        msgspec.structs.replace(one, article_id="salinan", sentence_id=f"{place:016x}")
        for place, one in enumerate(s for s in given.sentences if s.article_id == "jalan")
    ]
    project.articles.write_bytes(encode_lines([*given.articles, copy]))
    project.sentences.write_bytes(encode_lines([*given.sentences, *sentences]))
    edit(project.ledger, '"pasar": "train"', '"pasar": "train", "salinan": "train"')
    with pytest.raises(InputError) as caught:
        build_release(project)
    (problem,) = caught.value.problems
    assert (problem.code, problem.id) == ("leak", "jalan, salinan")


def test_annotated_sentences_must_be_body(project: Project) -> None:
    annotated = sample().rounds[0].annotations[0].sentence_id
    sentences = [
        msgspec.structs.replace(one, kind="heading") if one.sentence_id == annotated else one
        for one in sample().sentences
    ]
    project.sentences.write_bytes(encode_lines(sentences))
    with pytest.raises(InputError) as caught:
        build_release(project)
    found = {(p.code, p.id) for p in caught.value.problems}
    assert [id_ for code, id_ in found if code == "not-body"] == [annotated]
    assert {code for code, _ in found} <= {"not-body", "not-anchored"}
    assert not project.release.exists()


@pytest.mark.parametrize("block", ["counts", "splits", "rounds"])
def test_a_datasheet_without_its_figures_is_refused(
    project: Project, block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = DATASHEET.replace(f"<!-- sikap:{block} -->\n<!-- sikap:end -->", "")
    monkeypatch.setattr("sikap.steps.releases.assemble.compose", lambda *_, **__: lost)
    with pytest.raises(InputError) as caught:
        build_release(project)
    assert [(p.code, p.file) for p in caught.value.problems] == [("figures", "DATASHEET.md")]
    assert repr(block) in caught.value.problems[0].found
    assert not project.release.exists()


def test_the_order_of_records_on_disk_changes_nothing(project: Project) -> None:
    build_release(project)
    before = read_folder(project.release)
    for path in (project.articles, project.sentences):
        path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    build_release(project)
    assert read_folder(project.release) == before
    assert verify_release(project.release).problems == ()


def test_the_order_in_which_articles_came_to_the_disk_changes_no_byte(tmp_path: Path) -> None:
    texts = {f"berita-{n}": f"Adi pergi ke kota {n}. Sari pulang." for n in range(5)}
    found = []
    for name, order in (("one", sorted(texts)), ("two", sorted(texts, reverse=True))):
        root = write_project(tmp_path / name, sample(played=[]))
        project = open_project(root)
        project.articles.unlink()
        project.sentences.unlink()
        project.raw.mkdir()
        settings = 'text_licence = "CC0-1.0"\nopen_labels'
        edit(project.root / "pyproject.toml", "open_labels", settings)
        project = open_project(root)
        for article in order:
            (project.raw / f"{article}.txt").write_text(texts[article], encoding="utf-8")
        ingest_articles(project)
        segment_articles(project)
        build_release(project)
        found.append(read_folder(project.release))
    assert found[0] == found[1]
    assert verify_release(tmp_path / "one" / "dataset" / "release").problems == ()


def test_articles_under_other_licences_stop_a_release_and_are_all_named(project: Project) -> None:
    edit(project.root / "pyproject.toml", '"CC-BY-4.0", "CC0-1.0"]', '"CC0-1.0"]')
    with pytest.raises(InputError) as caught:
        build_release(open_project(project.root))
    assert {problem.code for problem in caught.value.problems} == {"licence"}
    assert {problem.id for problem in caught.value.problems} == set(ARTICLES) - {"kopi"}
    assert not project.release.exists()


def test_the_settings_decide_whether_texts_are_shipped(project: Project) -> None:
    edit(project.root / "pyproject.toml", "open_labels", 'text = "standoff"\nopen_labels')
    opened = open_project(project.root)
    build_release(opened)
    assert not (project.release / "browse.html").exists()
    assert not build_release(opened, check=True).changed
    assert verify_release(project.release).problems == ()
    assert build_release(opened.with_texts("full")).changed
    assert (project.release / "browse.html").exists()


def test_guidelines_that_quote_the_corpus_stop_a_stand_off_release(project: Project) -> None:
    quoted = ARTICLES["kopi"][0][1]
    project.guidelines.write_text(f"# Pedoman\n\nMisalnya: {quoted}\n", encoding="utf-8")
    before = everything(project.root)
    with pytest.raises(ChecksError) as caught:
        build_release(project.with_texts("standoff"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.line) == ("text-found", "schema/guidelines.md", 3)
    assert everything(project.root) == before
    assert build_release(project.with_texts("full")).changed


def relabel(project: Project) -> None:
    """Everybody who said "against" in the production round now says "neutral"."""
    path = project.rounds / "utama" / "annotations.jsonl"
    edit(path, '"stance":["against"],"holder":["source"]', '"stance":["neutral"]')


def test_other_labels_under_the_old_version_are_refused_and_nothing_is_written(
    project: Project,
) -> None:
    build_release(project)
    relabel(project)
    before = everything(project.root)
    with pytest.raises(InputError) as caught:
        build_release(project)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("version-too-small", "dataset/release")
    assert "version 1.0.0 after 1.0.0, but it must be at least 2.0.0" in problem.found
    assert "sentences: 3 rows edited" in problem.found
    assert everything(project.root) == before


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0", "1.9.9", "0.9.0"])
def test_a_version_that_is_too_small_for_other_labels_is_refused(
    project: Project, version: str
) -> None:
    build_release(project)
    relabel(project)
    with pytest.raises(InputError, match=r"at least 2\.0\.0"):
        build_release(project, version=version)


def test_a_version_that_is_high_enough_is_taken(project: Project) -> None:
    build_release(project)
    relabel(project)
    edit(project.root / "pyproject.toml", 'version = "1.0.0"', 'version = "2.0.0"')
    report = build_release(open_project(project.root))
    assert (report.changed, report.version, report.calls_for) == (True, "2.0.0", None)
    assert verify_release(project.release).problems == ()


def test_a_release_that_was_never_published_can_be_replaced(project: Project) -> None:
    build_release(project, version="3.0.0")
    relabel(project)
    with pytest.raises(InputError, match="--replace"):
        build_release(project)
    report = build_release(project, replace=True)
    assert (report.changed, report.version, report.calls_for) == (True, "1.0.0", None)
    assert verify_release(project.release).problems == ()


def test_another_card_is_written_with_a_word_on_the_version(project: Project) -> None:
    build_release(project)
    edit(project.root / "pyproject.toml", 'title = "Uji"', 'title = "Ujian"')
    changed = open_project(project.root)
    with pytest.raises(InputError, match=r"at least 1\.0\.1"):
        build_release(changed, version="1.0.0")
    report = build_release(changed)
    assert (report.changed, report.calls_for) == (True, "1.0.1")
    assert any("calls for 1.0.1" in line for line in report.lines())
    # What is there now is what it was compared with: it comes to rest.
    again = build_release(changed)
    assert (again.changed, again.calls_for) == (False, None)


def test_a_release_that_was_damaged_is_built_again(project: Project) -> None:
    build_release(project)
    before = read_folder(project.release)
    (project.release / "data/stance/train-00000-of-00001.parquet").unlink()
    (project.release / "schema/config.xml").write_bytes(b"x")
    assert build_release(project).changed
    assert read_folder(project.release) == before


def test_check_compares_bytes_and_not_versions(project: Project) -> None:
    build_release(project)
    relabel(project)
    with pytest.raises(ChecksError, match="not-reproduced"):
        build_release(project, check=True)


def test_a_signature_stays_while_the_checksums_do(project: Project) -> None:
    build_release(project)
    signature = project.release / "SHA256SUMS.sig"
    signature.write_bytes(b"tanda")
    before = everything(project.root)
    assert not build_release(project).changed
    build_release(project, check=True)
    assert everything(project.root) == before


def test_a_signature_goes_with_the_checksums_that_it_was_of(project: Project) -> None:
    build_release(project)
    signature = project.release / "SHA256SUMS.sig"
    signature.write_bytes(b"tanda")
    with pytest.raises(ChecksError, match="not what the project's files give"):
        build_release(project, version="1.0.1", check=True)
    assert signature.exists()
    assert build_release(project, version="1.0.1").changed
    assert not signature.exists()
    assert not verify_release(project.release).failed


def test_all_that_stops_a_release_is_told_at_once(project: Project) -> None:
    edit(project.root / "pyproject.toml", "allowed_licences = [", 'allowed_licences = ["MIT"] # [')
    edit(project.root / "pyproject.toml", "summary = ", 'summary = "" # ')
    with pytest.raises(InputError) as caught:
        build_release(open_project(project.root), open_labels="refuse")
    codes = [problem.code for problem in caught.value.problems]
    assert list(dict.fromkeys(codes)) == ["licence", "open", "unanswered"]


def with_threshold(project: Project, **fields: object) -> Project:
    """The project with a threshold; α of the stance in its production round is 0.678."""
    given = {"of": "stance", "figure": "krippendorff-alpha", "at_least": 0.7} | fields
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())
    path = project.root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[[tool.sikap.thresholds]]\n{lines}", encoding="utf-8")
    return open_project(project.root)


def test_a_release_below_a_threshold_is_refused_and_nothing_is_written(project: Project) -> None:
    project = with_threshold(with_threshold(project), value="favor", at_least=0.6)
    before = everything(project.root)
    with pytest.raises(InputError) as raised:
        build_release(project)
    assert [(p.code, p.id) for p in raised.value.problems] == [("agreement-low", "utama")] * 2
    assert "must reach 0.7, but is 0.678" in raised.value.problems[0].found
    assert "of stance 'favor'" in raised.value.problems[1].found
    assert everything(project.root) == before


def test_agreement_is_refused_together_with_all_else(project: Project) -> None:
    edit(project.root / "pyproject.toml", 'open_labels = "null"', 'open_labels = "refuse"')
    with pytest.raises(InputError) as raised:
        build_release(with_threshold(project))
    assert {problem.code for problem in raised.value.problems} == {"open", "agreement-low"}


def test_at_the_bar_a_release_is_built(project: Project) -> None:
    assert (
        build_release(with_threshold(project, at_least=0.677)).problems
        == build_release(project).problems
    )


def test_a_threshold_that_warns_is_told_and_refuses_nothing(project: Project) -> None:
    report = build_release(with_threshold(project, below="warn"))
    assert [p.code for p in report.problems if "agreement" in p.code] == ["agreement-warning"]
    assert not report.failed


def test_a_draft_may_be_below_a_threshold_and_says_so(project: Project) -> None:
    report = build_release(with_threshold(project), draft=True)
    assert [p.code for p in report.problems if "agreement" in p.code] == ["agreement-low"]
    assert not report.failed


def test_a_rebuild_asks_for_no_threshold(project: Project) -> None:
    build_release(project)
    later = with_threshold(project)
    assert verify_release(later.release, project=later).problems == ()


def test_levels_are_in_the_release_and_decide_its_figures(project: Project) -> None:
    nominal = release_json(project)
    edit(project.root / "pyproject.toml", "span_key", 'levels = {stance = "ordinal"}\nspan_key')
    ordinal = release_json(open_project(project.root))
    assert (nominal["dataset"]["levels"], ordinal["dataset"]["levels"]) == (
        {},
        {"stance": "ordinal"},
    )
    assert (level(nominal), level(ordinal)) == ("nominal", "ordinal")
    assert verify_release(project.release).problems == ()


def release_json(project: Project) -> Any:
    build_release(project)
    return json.loads((project.release / "release.json").read_bytes())


def level(manifest: Any) -> str:
    (found,) = {
        one["level"]
        for one in manifest["facts"]["agreement"]
        if (one["of"], one["value"]) == ("stance", None)
    }
    return str(found)


def test_levels_and_thresholds_that_do_not_fit_are_refused(project: Project) -> None:
    edit(project.root / "pyproject.toml", "span_key", 'levels = {mood = "ordinal"}\nspan_key')
    with pytest.raises(InputError) as raised:
        build_release(with_threshold(open_project(project.root), figure="kappa"))
    assert [problem.code for problem in raised.value.problems] == ["settings"] * 2

"""Splits of a whole project: quarantine, held-out articles, sentences that two splits share."""

import json
from pathlib import Path

import msgspec
import pytest

from builders import annotation, article, item
from samples import SPLITS, Sample, sample, write_project
from sikap import InputError, Project, build_release, open_project, verify_release
from sikap.records import Article, Sentence, sentence_id
from sikap.release.data.splits import Ledger, Quarantined
from sikap.steps.project_files import RoundFiles
from sikap.steps.releases.splits import without_articles
from sikap.storage.files import decode_json, encode_json, encode_lines, sha256
from sikap.storage.folder import read_folder

replace = msgspec.structs.replace
WORDS = [f"kata{number}" for number in range(90)]
EARLY, LATE, BRIDGE = WORDS[:60], WORDS[30:], WORDS[15:75]
"""Three texts, the last a copy of each of the others, which are none of each other."""


def made(name: str, words: list[str], outlet: str | None = None) -> tuple[Article, Sentence]:
    """An article of one sentence."""
    text = f"{' '.join(words)}."
    of = article(text, name, outlet=outlet, licence="CC0-1.0")
    sentence = Sentence(
        sentence_id=sentence_id(name, text, 0),
        article_id=name,
        index=0,
        paragraph=0,
        kind="body",
        start=0,
        end=len(text),
        text=text,
    )
    return of, sentence


def with_articles(given: Sample, *more: tuple[Article, Sentence]) -> Sample:
    articles = sorted([*given.articles, *(a for a, _ in more)], key=lambda one: one.article_id)
    sentences = [*given.sentences, *(s for _, s in more)]
    sentences.sort(key=lambda one: (one.article_id, one.index))
    return msgspec.structs.replace(given, articles=tuple(articles), sentences=tuple(sentences))


def annotated(files: RoundFiles, of: Sentence) -> RoundFiles:
    """The round with one more item: one annotator submitted it, the others skipped it."""
    roster = tuple(entry.annotator for entry in files.manifest.roster)
    round_id = files.manifest.round_id
    more = item(of.text, round_id, article=of.article_id, annotators=roster)
    said = [
        annotation(more, roster[0]),
        *(annotation(more, n, status="skipped") for n in roster[1:]),
    ]
    items = (*files.items, more)
    counts = files.manifest.counts
    manifest = replace(
        files.manifest,
        digests=replace(files.manifest.digests, items=sha256(encode_lines(items))),
        counts=replace(
            counts,
            items=counts.items + 1,
            submitted=counts.submitted + 1,
            skipped=counts.skipped + len(said) - 1,
        ),
    )
    return RoundFiles(manifest=manifest, items=items, annotations=(*files.annotations, *said))


def project_of(root: Path, given: Sample, splits: dict[str, str], settings: str = "") -> Project:
    write_project(root, given)
    ledger = encode_json(Ledger(salt="uji", articles=dict(sorted(splits.items()))))
    (root / "dataset" / "splits.json").write_bytes(ledger)
    path = root / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8") + settings, encoding="utf-8")
    return open_project(root)


def ledger_of(project: Project) -> dict[str, str]:
    return decode_json(project.ledger.read_bytes(), Ledger, "splits.json").articles


ENDS = (made("awal", EARLY), made("nanti", LATE))
PLACED = SPLITS | {"awal": "train", "nanti": "test"}


def test_a_bridge_is_left_out_with_all_that_was_said_of_it(tmp_path: Path) -> None:
    bridge = made("tengah", BRIDGE)
    given = with_articles(sample(), *ENDS, bridge)
    rounds = (annotated(given.rounds[0], bridge[1]), *given.rounds[1:])
    project = project_of(tmp_path / "with", replace(given, rounds=rounds), PLACED)
    report = build_release(project)
    bridges: dict[str, tuple[str, ...]] = {"test": ("nanti",), "train": ("awal",)}
    assert report.quarantined == (Quarantined(article_id="tengah", bridges=bridges),)
    line = "tengah is in quarantine, left out: it would tie test (nanti) and train (awal) together"
    assert line in list(report.lines())
    assert verify_release(project.release).problems == ()
    assert ledger_of(project) == PLACED

    without = project_of(tmp_path / "without", with_articles(sample(), *ENDS), PLACED)
    build_release(without)
    found, expected = read_folder(project.release), read_folder(without.release)
    texts = {"README.md", "release.json", "SHA256SUMS"}
    assert {name for name in expected if found[name] != expected[name]} == texts
    manifest = json.loads(found["release.json"])
    assert manifest["quarantined"] == [
        {"article_id": "tengah", "bridges": {"test": ["nanti"], "train": ["awal"]}}
    ]
    manifest["quarantined"] = []
    other = json.loads(expected["release.json"])
    # What the annotators were given is as it was.
    for one in (manifest, other):
        del one["rounds"][0]["digests"]["items"]
    assert manifest == other
    assert "| `tengah` | test (`nanti`), train (`awal`) |" in found["README.md"].decode()


def test_a_second_release_says_the_same_of_the_quarantine(tmp_path: Path) -> None:
    """Also where new copies of what a bridge ties came into the ledger with the first."""
    copies = made("awal-lagi", EARLY), made("nanti-lagi", [*LATE[:-1], "lain"])
    given = with_articles(
        sample(), *ENDS, *copies, made("tengah", BRIDGE), made("tengah-2", BRIDGE)
    )
    project = project_of(tmp_path / "project", given, PLACED)
    first = build_release(project)
    assert [one.article_id for one in first.quarantined] == ["tengah", "tengah-2"]
    assert ledger_of(project).keys() == PLACED.keys() | {"awal-lagi", "nanti-lagi"}
    assert not build_release(project).changed
    build_release(project, check=True)


def test_a_bridge_comes_in_once_it_ties_nothing(tmp_path: Path) -> None:
    given = with_articles(sample(), *ENDS, made("tengah", BRIDGE))
    project = project_of(tmp_path / "project", given, PLACED)
    build_release(project)
    rest = [one for one in given.articles if one.article_id != "nanti"]
    sentences = [one for one in given.sentences if one.article_id != "nanti"]
    project.articles.write_bytes(encode_lines(rest))
    project.sentences.write_bytes(encode_lines(sentences))
    assert build_release(project, replace=True).quarantined == ()
    assert ledger_of(project) == PLACED | {"tengah": "train"}


def test_a_round_of_nothing_but_quarantined_articles_is_no_part_of_the_release(
    tmp_path: Path,
) -> None:
    bridge = made("tengah", BRIDGE)
    given = with_articles(sample(), *ENDS, bridge)
    empty = replace(
        given.rounds[2],
        items=(),
        annotations=(),
        manifest=replace(
            given.rounds[2].manifest,
            counts=replace(given.rounds[2].manifest.counts, items=0, submitted=0, skipped=0),
        ),
    )
    rounds = (*given.rounds[:2], annotated(empty, bridge[1]))
    project = project_of(tmp_path / "project", replace(given, rounds=rounds), PLACED)
    build_release(project)
    manifest = json.loads((project.release / "release.json").read_bytes())
    assert [one["round_id"] for one in manifest["rounds"]] == ["coba", "utama"]
    assert "round putusan" not in manifest["inputs"]["digests"]
    assert verify_release(project.release).problems == ()


def test_rounds_stay_as_they_are_where_nothing_goes() -> None:
    given = sample()
    assert without_articles(given.rounds, given.sentences, set()) == list(given.rounds)


def test_ledgered_copies_across_splits_are_a_leak_with_a_way_out(tmp_path: Path) -> None:
    given = with_articles(sample(), made("awal", EARLY), made("tengah", BRIDGE))
    project = project_of(tmp_path / "project", given, SPLITS | {"awal": "train", "tengah": "test"})
    with pytest.raises(InputError) as caught:
        build_release(project)
    (problem,) = caught.value.problems
    assert (problem.code, problem.id) == ("leak", "awal, tengah")
    assert "MAJOR" in problem.fix
    assert not project.release.exists()
    resolved = SPLITS | {"awal": "train", "tengah": "train"}
    project.ledger.write_bytes(encode_json(Ledger(salt="uji", articles=resolved)))
    build_release(project)
    assert verify_release(project.release).problems == ()


def test_held_out_outlets_go_to_test_and_their_copies_of_train_into_quarantine(
    tmp_path: Path,
) -> None:
    given = with_articles(
        sample(),
        made("awal", EARLY),
        made("baru", [f"baru{n}" for n in range(20)], outlet="Kabar Uji"),
        made("salinan", BRIDGE, outlet="Kabar Uji"),
    )
    settings = '\n[tool.sikap.held_out]\noutlets = ["Kabar Uji"]\n'
    project = project_of(tmp_path / "project", given, SPLITS | {"awal": "train"}, settings)
    report = build_release(project)
    bridges: dict[str, tuple[str, ...]] = {"test": (), "train": ("awal",)}
    assert report.quarantined == (Quarantined(article_id="salinan", bridges=bridges),)
    assert ledger_of(project)["baru"] == "test"
    assert verify_release(project.release).problems == ()
    card = (project.release / "README.md").read_text(encoding="utf-8")
    assert "| `salinan` | test (held out), train (`awal`) |" in card


def test_an_outlet_that_train_has_cannot_be_held_out(tmp_path: Path) -> None:
    given = with_articles(sample(), made("awal", EARLY, outlet="Kabar Uji"))
    settings = '\n[tool.sikap.held_out]\noutlets = ["Kabar Uji"]\n'
    project = project_of(tmp_path / "project", given, SPLITS | {"awal": "train"}, settings)
    with pytest.raises(InputError) as caught:
        build_release(project)
    assert [(p.code, p.id) for p in caught.value.problems] == [("held-out", "awal")]


def test_a_labelled_sentence_that_train_has_is_counted_or_refused(tmp_path: Path) -> None:
    twin = made("kembar", ["HUJAN", "turun"])
    given = with_articles(sample(), twin)
    rounds = (annotated(given.rounds[0], twin[1]), *given.rounds[1:])
    splits = SPLITS | {"kembar": "test"}
    project = project_of(tmp_path / "project", replace(given, rounds=rounds), splits)
    build_release(project)
    manifest = json.loads((project.release / "release.json").read_bytes())
    leaks = {(one["which"], one["split"]): one for one in manifest["facts"]["leakage"]}
    assert leaks["labelled", "test"]["normalised"] == 1
    settings = project.root / "pyproject.toml"
    text = settings.read_text(encoding="utf-8").replace(
        "[tool.sikap]\n", '[tool.sikap]\nleakage = "refuse"\n'
    )
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build_release(open_project(project.root))
    assert [(p.code, p.id) for p in caught.value.problems] == [("leak", twin[1].sentence_id)]


def test_classes_that_a_split_lacks_are_told_and_fail_nothing(tmp_path: Path) -> None:
    report = build_release(project_of(tmp_path / "project", sample(), SPLITS))
    assert {problem.code for problem in report.problems} == {"missing-class"}
    assert "validation has no favor, which other splits have" in {p.found for p in report.problems}
    assert not report.failed

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import baselines as recipe
from samples import META, content, sample, write_project
from sikap.errors import InputError
from sikap.labelling_config.scheme import Condition, Control, Scheme
from sikap.project import Project, open_project
from sikap.release.data.baselines import Baseline, Baselines, are_of, chunks, entity_f1
from sikap.release.data.content import Content
from sikap.release.data.splits import Ledger
from sikap.release.files.build import Release, build, sums
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.steps.releases.release import build_release
from sikap.storage import schemas
from sikap.storage.files import decode_json, encode_json

RECIPE = Path(__file__).resolve().parent.parent / "scripts" / "baselines.py"
SPLITS = {"banjir": "train", "kopi": "train", "sawah": "train", "ujian": "train"} | {
    "pasar": "test",
    "jalan": "test",
}


def figure(**changes: Any) -> Baseline:
    plain = {"config": "stance", "model": "majority", "metric": "accuracy", "classes": ()}
    counts = {"value": 0.25, "support": 4, "train": 9, "test": 4, "train_null": 1, "test_null": 2}
    return Baseline(**plain | counts | changes)


def manifest(files: dict[str, bytes]) -> Release:
    return decode_json(files["release.json"], Release, "release.json")


def claimed(*figures: Baseline, of: Content | None = None) -> Baselines:
    hashes = manifest(build(of or content())).content_hashes
    configs = {one.config for one in figures}
    kept = {config: digest for config, digest in hashes.items() if config in configs}
    return Baselines(content_hashes=kept, versions={"model": "1"}, figures=figures)


def with_claims(baselines: Baselines) -> Content:
    return msgspec.structs.replace(content(), baselines=baselines)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The stance sample as a project with its release built."""
    root = write_project(tmp_path_factory.mktemp("baselines") / "project", sample())
    ledger = Ledger(salt="uji", articles=SPLITS)
    (root / "dataset" / "splits.json").write_bytes(encode_json(ledger))
    opened = open_project(root)
    build_release(opened)
    return opened


def run(project: Project, **world: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RECIPE), str(project.root)]
    return subprocess.run(
        command, env=os.environ | world, capture_output=True, text=True, check=True
    )


# The whole way: release, baselines, release


def test_release_baselines_release_comes_to_rest_and_verifies(project: Project) -> None:
    before = manifest({"release.json": (project.release / "release.json").read_bytes()})
    printed = run(project, PYTHONHASHSEED="1", OMP_NUM_THREADS="1").stdout
    first = project.baselines.read_bytes()
    assert build_release(project).changed
    run(project, PYTHONHASHSEED="2", OMP_NUM_THREADS="3")
    assert project.baselines.read_bytes() == first
    third = build_release(project)
    assert (third.changed, third.stale_baselines) == (False, False)

    files = {
        path.relative_to(project.release).as_posix(): path.read_bytes()
        for path in project.release.rglob("*")
        if path.is_file()
    }
    shown = manifest(files)
    assert shown.content_hashes == before.content_hashes
    written = decode_json(first, Baselines, "baselines.json")
    assert shown.baselines == written
    assert {one.config for one in written.figures} == {"entities", "stance"}
    assert written.content_hashes == {c: shown.content_hashes[c] for c in ("entities", "stance")}
    assert verify(files, versions()) == []

    card = files["README.md"].decode()
    for one in written.figures:
        (line,) = (
            line
            for line in card.partition(f"`{one.config}`: {one.train} rows to train")[2].split("\n")
            if line.startswith(f"| `{one.model}` |")
        )
        assert f" {one.value:.3f} |" in line
    for line in printed.splitlines():
        assert not line.startswith("  ") or f"| {line.strip()} |" in card


def test_rows_whose_label_is_null_are_left_out_and_counted(project: Project) -> None:
    baselines = recipe.compute(project.release)
    tagged, judged = (
        next(one for one in baselines.figures if one.config == config)
        for config in ("entities", "stance")
    )
    facts = manifest({"release.json": (project.release / "release.json").read_bytes()}).facts
    for one in (tagged, judged):
        rows = facts.rows[one.config]
        assert {"train": one.train + one.train_null, "test": one.test + one.test_null} == rows
    assert tagged.test_null == 1  # one of two annotators marked Sari: her presence is open
    assert judged.train_null == facts.values["stance"]["open"] == 1


def test_figures_of_other_rows_are_left_out_and_the_report_says_so(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project"))
    stale = msgspec.structs.replace(claimed(figure()), content_hashes={"stance": "0" * 64})
    project.baselines.write_bytes(encode_json(stale))
    report = build_release(project)
    assert report.stale_baselines
    assert any("make baselines" in line for line in report.lines())
    assert not report.failed
    files = {"release.json": (project.release / "release.json").read_bytes()}
    assert manifest(files).baselines is None
    assert "Baselines" not in (project.release / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("data", [b"{", b"{}", encode_json(claimed(figure(value=1.5)))])
def test_a_file_of_figures_that_is_none_is_refused(data: bytes, tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project"))
    project.baselines.write_bytes(data)
    with pytest.raises(InputError, match=r"baselines\.json"):
        build_release(project)
    assert not project.release.exists()


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sikap release"):
        recipe.compute(tmp_path)


def test_a_class_to_ignore_must_be_known(project: Project) -> None:
    with pytest.raises(InputError, match=r"no class is named netral; use one of .*neutral"):
        recipe.compute(project.release, ["netral"])


# What the release says of them


def test_the_card_shows_what_release_json_says() -> None:
    sides = figure(model="target-only", metric="macro_f1", classes=("favor", "a|b"), value=0.1)
    files = build(with_claims(claimed(figure(), sides)))
    card = files["README.md"].decode()
    assert manifest(files).baselines == claimed(figure(), sides)
    assert "`stance`: 9 rows to train on (1 left out), 4 to score on (2 left out)." in card
    assert r"| model | accuracy | macro-F1 (favor, a\|b) |" in card
    assert "| `majority` | 0.250 |  |" in card
    assert "| `target-only` |  | 0.100 |" in card
    assert "labels can be guessed from who or what is\nmentioned, without reading" in card
    assert verify(files, versions()) == []


def test_what_the_target_gives_away_is_explained_only_where_it_was_measured() -> None:
    card = build(with_claims(claimed(figure())))["README.md"].decode()
    assert "## Baselines" in card
    assert "guessed" not in card


def test_a_tampered_figure_is_found() -> None:
    files = build(with_claims(claimed(figure())))
    for name in ("release.json", "README.md"):
        old, new = (
            (b'"value": 0.25', b'"value": 0.95')
            if "json" in name
            else (b"`majority` | 0.250", b"`majority` | 0.950")
        )
        assert files[name].count(old) == 1
        changed = files | {name: files[name].replace(old, new)}
        sealed = changed | {"SHA256SUMS": sums({n: changed[n] for n in files if "SUMS" not in n})}
        problems = verify(sealed, versions())
        assert [(one.code, one.file) for one in problems] == [("figures", "README.md")]


def test_figures_said_to_be_of_other_rows_are_found() -> None:
    files = build(with_claims(claimed(figure())))
    whole = json.loads(files["release.json"])
    whole["baselines"]["content_hashes"]["stance"] = "0" * 64
    changed = files | {"release.json": encode_json(whole)}
    sealed = changed | {"SHA256SUMS": sums({n: changed[n] for n in files if "SUMS" not in n})}
    found = [problem.found for problem in verify(sealed, versions())]
    assert found == ["the baselines are of other rows than these"]


def test_a_new_version_of_the_same_rows_keeps_the_figures() -> None:
    given = with_claims(claimed(figure()))
    meta = msgspec.structs.replace(META, version="1.0.1")
    assert manifest(build(msgspec.structs.replace(given, meta=meta))).baselines == given.baselines


def test_every_config_of_the_figures_must_be_named_by_its_hash() -> None:
    hashes = {"stance": "a", "entities": "b"}
    some = Baselines(content_hashes={"stance": "a"}, versions={}, figures=(figure(),))
    assert are_of(some, hashes)
    assert not are_of(some, {"stance": "b"})
    assert not are_of(some, {})
    both = {"stance": "a", "entities": "of other rows"}
    assert not are_of(msgspec.structs.replace(some, content_hashes=both), hashes)
    more = (*some.figures, figure(config="entities"))
    assert not are_of(msgspec.structs.replace(some, figures=more), hashes)


def test_the_schemas_of_file_and_release_say_the_same() -> None:
    alone, inside = (json.loads(schemas.schema_bytes(name)) for name in ("baselines", "release"))
    assert alone["$defs"]["baseline"] == inside["$defs"]["baseline"]
    shared = inside["$defs"]["baselines"]
    assert {key: alone[key] for key in shared} == shared
    assert list(alone["properties"]) == alone["required"] == list(Baselines.__struct_fields__)
    part = alone["$defs"]["baseline"]
    assert list(part["properties"]) == part["required"] == list(Baseline.__struct_fields__)
    assert list(schemas.check("baselines", [msgspec.to_builtins(claimed(figure()))], "f")) == []


# The metrics, against figures worked out by hand


def judged(*labels: str) -> list[dict[str, Any]]:
    return [{"text": "x", "label": label} for label in labels]


def test_scores_of_the_majority_are_those_worked_out_by_hand() -> None:
    # Always "n": of n, 3 of 5 right: F1 = 2*3 / (5+3) = 3/4; nothing else is ever found.
    train, test = judged("n", "f", "n"), judged("n", "f", "n", "g", "n")
    scores = [
        (metric, tuple(classes), value, support)
        for model, metric, classes, value, support in recipe.class_scores(
            train, test, ["f", "g", "n"], ["f", "g"]
        )
        if model == "majority"
    ]
    assert scores == [
        ("macro_f1", ("f", "g"), 0.0, 2),
        ("macro_f1", ("f", "g", "n"), pytest.approx(0.75 / 3), 5),
        ("accuracy", (), pytest.approx(3 / 5), 5),
    ]


def test_the_first_class_wins_a_tie_of_the_majority() -> None:
    assert recipe.predict(judged("b", "a"), judged("a"), ["a", "b"], []) == ["a"]


def test_macro_f1_of_two_sides_is_that_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    # f: 1 right of 2 real and 1 claimed: 2/3. g: 1 right of 1 real and 3 claimed: 1/2.
    guessed = ["f", "g", "g", "g", "n"]
    monkeypatch.setattr(recipe, "predict", lambda *_: guessed)
    test = judged("f", "f", "g", "n", "n")
    scores = list(recipe.class_scores(judged("f"), test, ["f", "g", "n"], ["f", "g"]))
    _, metric, classes, value, support = scores[0]
    assert (metric, classes, support) == ("macro_f1", ["f", "g"], 3)
    assert value == pytest.approx((2 / 3 + 1 / 2) / 2)


SEQEVAL = (  # the example in the documentation of seqeval, which gives it F1 0.50
    [["O", "O", "O", "B-M", "I-M", "I-M", "O"], ["B-P", "I-P", "O"]],
    [["O", "O", "B-M", "I-M", "I-M", "I-M", "O"], ["B-P", "I-P", "O"]],
)


def test_entity_f1_is_that_of_the_example_of_seqeval() -> None:
    gold, guessed = ([chunks(tags) for tags in side] for side in SEQEVAL)
    assert entity_f1(gold, guessed, ["M", "P"]) == (0.5, 2)
    assert entity_f1(gold, guessed, ["M"]) == (0.0, 1)
    assert entity_f1(gold, guessed, ["X"]) == (0.0, 0)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("", set()),
        ("B-A I-A B-A", {(0, 2, "A"), (2, 3, "A")}),
        ("O I-A I-A", {(1, 3, "A")}),
        ("B-A I-B I-B", {(0, 1, "A"), (1, 3, "B")}),
        ("B-A O I-A", {(0, 1, "A"), (2, 3, "A")}),
        ("B-A-1 I-A-1", {(0, 2, "A-1")}),
    ],
)
def test_entities_are_read_from_tags(tags: str, found: set[tuple[int, int, str]]) -> None:
    assert chunks(tags.split()) == found


@given(st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"]), max_size=12))
def test_entities_cover_every_token_that_is_not_o_once(tags: list[str]) -> None:
    covered = [place for start, end, _ in chunks(tags) for place in range(start, end)]
    assert sorted(covered) == [place for place, tag in enumerate(tags) if tag != "O"]


# The models


def tagged(words: str, tags: str) -> dict[str, Any]:
    return {"tokens": words.split(), "ner_tags": tags.split()}


def test_the_gazetteer_takes_the_longest_match_and_the_most_frequent_label() -> None:
    train = [
        tagged("Kota Lama ramai", "B-GPE I-GPE O"),
        tagged("Pasar Kota Lama ramai", "B-FAC I-FAC I-FAC O"),
        tagged("Sari Sari Sari", "B-ORG B-PER B-PER"),
    ]
    entries = recipe.gazetteer(train, ["PER", "ORG", "GPE", "FAC"])
    tokens = ["Sari", "ke", "Pasar", "Kota", "Lama", "di", "Kota", "Lama", "Kota"]
    assert recipe.look_up(entries, tokens) == {(0, 1, "PER"), (2, 5, "FAC"), (6, 8, "GPE")}
    assert recipe.look_up({}, tokens) == set()


def test_the_crf_learns_from_context_what_no_list_holds() -> None:
    names = ["Adi", "Budi", "Citra", "Dewi", "Eka"]
    train = [tagged(f"kata {name} kemarin", "O B-PER O") for name in names]
    train += [tagged(f"di {place} kemarin", "O B-GPE O") for place in ("Bandung", "Medan", "Solo")]
    test = [tagged("kata Fitri kemarin", "O B-PER O"), tagged("di Padang kemarin", "O B-GPE O")]
    assert recipe.crf(train, test) == [row["ner_tags"] for row in test]


def stances(pairs: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "target": target,
            "target_label": "PER",
            "target_start": text.index(target),
            "target_end": text.index(target) + len(target),
            "label": label,
        }
        for text, target, label in pairs
    ]


def test_only_the_model_that_knows_sentence_and_mention_can_tell_two_mentions_apart() -> None:
    def rows(names: str) -> list[dict[str, Any]]:
        people = names.split()
        pairs = [(one, other) for one in people for other in people if one != other]
        said = [(f"{one} memuji hakim, mengecam {other}", one, other) for one, other in pairs]
        return stances(
            [(text, one, "f") for text, one, _ in said]
            + [(text, other, "g") for text, _, other in said]
        )

    train, test = rows("Adi Budi Citra Dewi"), rows("Eka Fajar Gita")
    views = recipe.views(with_target=True)
    right = {
        model: sum(
            guess == row["label"]
            for guess, row in zip(recipe.predict(train, test, ["f", "g"], reads), test, strict=True)
        )
        / len(test)
        for model, reads in views.items()
    }
    assert right["majority"] == right["text-only"] == 0.5
    assert right["text-and-target"] == 1.0


def test_no_model_reads_a_choice_that_gives_the_label_away() -> None:
    row = stances([("Sari menolak Adi", "Adi", "g")])[0] | {"holder": "BOCOR", "label": "BOCOR"}
    read = {view(row) for reads in recipe.views(with_target=True).values() for view in reads}
    assert read == {"Sari menolak Adi", "Adi [PER]", f"Sari menolak  {recipe.MASK} "}


def test_one_class_in_train_is_all_that_can_be_guessed() -> None:
    assert recipe.predict(judged("b"), judged("a", "b"), ["a", "b"], [recipe.sentence]) == ["b"] * 2


@pytest.mark.parametrize(
    ("ignore", "condition", "expected"),
    [
        ((), None, ["pro", "kontra", "lain"]),
        ((), Condition("sikap", ("kontra", "pro")), ["pro", "kontra"]),
        ((), Condition("sikap", ()), ["pro", "kontra", "lain"]),
        ((), Condition("topik", ("pro",)), ["pro", "kontra", "lain"]),
        (("kontra",), Condition("sikap", ("kontra", "pro")), ["pro", "lain"]),
    ],
)
def test_the_scheme_says_which_classes_take_a_side_unless_somebody_does(
    ignore: tuple[str, ...], condition: Condition | None, expected: list[str]
) -> None:
    classes = ("pro", "kontra", "lain")
    controls = (
        Control(name="sikap", kind="attribute", values=classes),
        Control(name="siapa", kind="attribute", values=("penulis",), when=condition),
    )
    scheme = msgspec.structs.replace(SCHEME, controls=controls)
    assert recipe.taking_sides("sikap", classes, scheme, ignore) == expected


SCHEME: Scheme = sample().scheme


def test_the_shipped_scheme_averages_over_favor_and_against() -> None:
    classes = next(control.values for control in SCHEME.controls if control.name == "stance")
    assert recipe.taking_sides("stance", classes, SCHEME, ()) == ["favor", "against"]

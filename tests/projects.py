"""A small dataset project for tests, and Label Studio exports to go with it."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sikap.cli import main
from sikap.release.documents.datasheet_questions import IDS

TEXT = (
    "Lembang, Kabar Uji – Wali Kota Rintan Belsara menolak Proyek Menara Kawi pada Selasa (3/3).\n"
    "Baca Juga : Pasar Kembang Dibuka Lagi\n"
    "Warga mendukung Belsara 😀 dengan spanduk besar.\n"
    "Sidang berikutnya digelar pekan depan.\n"
)


def sikap(folder: Path, *arguments: str) -> int:
    """Run the command in this process on the project in ``folder``; give back its exit code."""
    try:
        main(["--project", str(folder), *arguments])
    except SystemExit as exit_:
        return int(exit_.code or 0)
    return 0


def make_project(folder: Path, control: str = "") -> Path:
    """A project with two articles, segmented, and the round ``first`` planned for a1 and a2.

    ``control`` is added to the labelling config.
    """
    assert sikap(folder, "init", str(folder), "--licence", "CC0-1.0") == 0
    config = folder / "schema/stance_entities.xml"
    xml = config.read_text(encoding="utf-8")
    config.write_text(xml.removesuffix("</View>\n") + f"{control}</View>\n", encoding="utf-8")
    settings = folder / "pyproject.toml"
    roster = '\n[tool.sikap.annotators.a2]\nkind = "crowd"\n'
    text = settings.read_text(encoding="utf-8")
    licensed = text.replace('text_licence = ""', 'text_licence = "CC0-1.0"')
    settings.write_text(licensed + roster, encoding="utf-8")
    (folder / "dataset/raw/one.txt").write_text(TEXT, encoding="utf-8")
    (folder / "dataset/raw/other.txt").write_text("Hujan turun sejak pagi.\n", encoding="utf-8")
    for command in (["ingest"], ["segment"], ["round", "plan", "first"]):
        assert sikap(folder, *command) == 0
    for annotator, user in (("a1", "1"), ("a2", "2")):
        assert sikap(folder, "annotators", "link", annotator, user) == 0
    return folder


def say_everything(folder: Path) -> None:
    """Let the people of a project say all that a release asks of them."""
    answers = "".join(f"{id_} = 'Ya.'\n" for id_ in IDS)
    (folder / "datasheet.toml").write_text(answers, encoding="utf-8")
    settings = folder / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    said = {"summary": "Uji.", "published": "2026-03-18", "authors": ["Tim Uji"]}
    for name, value in said.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {json.dumps(value)}", text)
    settings.write_text(text, encoding="utf-8")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def region(text: str, surface: str, label: str, stance: str, holder: str = "") -> list[Any]:
    """The results of one marked mention as Label Studio writes them."""
    start = text.index(surface)
    value = {"start": start, "end": start + len(surface), "text": surface}
    name = f"{start}-{label}-{holder}"
    results = [_result(name, "labels", "entities", value, [label])]
    results.append(_result(name, "choices", "stance", value, [stance]))
    if holder:
        results.append(_result(name, "choices", "holder", value, [holder]))
    return results


def note(control: str, *texts: str) -> list[Any]:
    """The result of a text area as Label Studio writes it."""
    value = {"text": list(texts)}
    return [{"id": control, "type": "textarea", "from_name": control, "value": value}]


def _result(name: str, kind: str, control: str, value: Mapping[str, Any], given: list[str]) -> Any:
    return {
        "id": name,
        "type": kind,
        "from_name": control,
        "to_name": "text",
        "value": {**value, kind: given},
    }


def export(
    folder: Path, of: Mapping[int, Mapping[str, Iterable[Any]]], round_id: str = "first"
) -> bytes:
    """An export of a round: by user, the results for sentences that hold a word.

    A user who is given no results for a sentence has submitted it empty.
    """
    tasks = []
    for number, item in enumerate(read_lines(folder / f"dataset/rounds/{round_id}/items.jsonl"), 1):
        annotations = []
        for user, results in of.items():
            found = [r for word, rs in results.items() if word in item["text"] for r in rs]
            annotations.append(
                {"id": number * 10 + user, "completed_by": user, "result": found, "lead_time": 2.5}
            )
        data = {key: item[key] for key in ("item_id", "text", "before", "after")}
        tasks.append({"id": number, "project": 1, "data": data, "annotations": annotations})
    return json.dumps(tasks).encode()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of the project but locks and signatures, which are kept for speed alone."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock" and path.parent.name != "signatures"
    }


def no_leftovers(folder: Path) -> bool:
    """Whether no file that was being written was left behind."""
    known = {".gitkeep", ".gitignore", ".sikap"}
    return all(path.name in known for path in folder.rglob(".*"))

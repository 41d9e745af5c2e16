import json
from pathlib import Path

import pytest

from builders import annotation, codes, project, span
from planned import annotate, items, planned
from projects import snapshot
from sikap import InputError, Project, adjudicate_round
from sikap.label_studio.pages.adjudication import NOTE, REASON
from sikap.records import Note, StudioProject
from sikap.steps.project_files import NOTES, read_round
from sikap.steps.rounds.plan_files import write_manifest
from sikap.steps.rounds.reasons import export_reasons
from sikap.storage.files import encode_lines, write_bytes

TEXT = "Belsara mengecam PT Ombak."


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A decision on one sentence, with its reason and a note."""
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    of = planned(project(tmp_path / "project"), [TEXT], "a1", "a2")
    [item] = items(of)
    said = [annotation(item, "a1", [span(0, 7)]), annotation(item, "a2")]
    annotate(of, said)
    adjudicate_round(of, "r1", "d1", annotators=["a3"])
    [item] = items(of, "d1")
    decision = annotation(item, "a3", [span(0, 7)])
    annotate(of, [decision], "d1")
    notes = [
        Note(
            annotation_id=decision.annotation_id,
            item_id=item.item_id,
            sentence_id=item.sentence_id,
            annotator="a3",
            control=control,
            values=(value,),
        )
        for control, value in ((REASON, "annotator slip"), (NOTE, "jelas"), ("remarks", "lain"))
    ]
    write_bytes(of.round("d1") / NOTES, encode_lines(notes))
    return of


def pushed(of: Project) -> None:
    """As if the round had been pushed to project 7 and pulled from its task 70."""
    files = read_round(of, "d1")
    where = StudioProject(project_id=7, title="d1", annotator="a3")
    fields = {name: getattr(files.manifest, name) for name in files.manifest.__struct_fields__}
    write_manifest(of, type(files.manifest)(**{**fields, "projects": (where,)}))
    data = {"item_id": files.items[0].item_id}
    task = {"id": 70, "project": 7, "owner": "a3", "data": data, "annotations": [], "drafts": []}
    stranger = {**task, "id": 71, "project": 8}
    export = json.dumps([task, stranger])
    (of.round("d1") / "export.json").write_text(export, encoding="utf-8")


def test_reasons_are_summed_up_and_the_page_is_written(made: Project, tmp_path: Path) -> None:
    page = tmp_path / "reasons.md"
    report = export_reasons(made, "d1", page)
    assert report.table[0].reasons == {"ambiguous": 0, "guideline gap": 0, "annotator slip": 1}
    assert [(case.reason, case.note, case.link) for case in report.cases] == [
        ("annotator slip", "jelas", "")
    ]
    assert "## annotator slip (1)" in page.read_text(encoding="utf-8")
    assert report.written.endswith("reasons.md")
    assert next(iter(report.lines())) == "round d1: 1 decisions"


def test_without_output_nothing_is_written(made: Project) -> None:
    before = snapshot(made.root)
    report = export_reasons(made, "d1")
    assert snapshot(made.root) == before
    assert list(report.lines())[-1] == "the cases themselves: --output FILE.md"


def test_links_lead_to_the_tasks_where_the_server_is_known(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed(made)
    assert export_reasons(made, "d1").cases[0].link == ""
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://x:secret@127.0.0.1:9/")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "token")
    assert export_reasons(made, "d1").cases[0].link == "http://127.0.0.1:9/projects/7/data?task=70"


def test_a_round_that_was_not_planned_over_disagreements_has_no_reasons(made: Project) -> None:
    with pytest.raises(InputError) as raised:
        export_reasons(made, "r1")
    assert codes(raised.value.problems) == ["no-versions"]

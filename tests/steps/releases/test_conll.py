from pathlib import Path

import pytest

from samples import STANCE, content, sample
from sikap import InputError, write_conll
from sikap.release.files.build import build
from sikap.storage.folder import write_folder

VIEW = b"""<View><Text name="text" value="$text"/><Choices name="tone" toName="text">
<Choice value="up"/></Choices></View>"""


def test_every_split_becomes_a_file_with_offsets_that_give_the_token(tmp_path: Path) -> None:
    given = content()
    write_folder(tmp_path / "release", build(given))
    report = write_conll(tmp_path / "release", tmp_path / "out")
    texts = {one.sentence_id: one.text for one in given.sentences}
    assert list(report.files) == [f"entities/{s}.conll" for s in ("train", "validation", "test")]
    assert report.left_out == 1
    found = 0
    for name in report.files:
        sentence = ""
        for line in (tmp_path / "out" / name).read_text(encoding="utf-8").split("\n"):
            if line.startswith("# sentence_id = "):
                sentence = texts[line.removeprefix("# sentence_id = ")]
            elif line and not line.startswith("# "):
                token, start, end, _ = line.split("\t")
                assert sentence[int(start) : int(end)] == token
                found += 1
    assert found > 20


def test_a_second_run_writes_the_same(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", build(content()))
    first = write_conll(tmp_path / "release", tmp_path / "out")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.conll")}
    assert write_conll(tmp_path / "release", tmp_path / "out") == first
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.conll")} == before


@pytest.mark.parametrize("config", [VIEW, STANCE])
def test_a_release_without_tagged_sentences_is_refused(config: bytes, tmp_path: Path) -> None:
    write_folder(tmp_path / "release", build(content(sample(config, [], span_key=()))))
    with pytest.raises(InputError, match="no-text"):
        write_conll(tmp_path / "release", tmp_path / "out")

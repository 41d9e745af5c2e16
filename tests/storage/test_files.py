import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import codes, sentence
from sikap.errors import InputError
from sikap.records import Sentence
from sikap.storage import files

texts = st.text(st.characters(exclude_categories=["Cs"]))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    old = os.umask(request.param)
    yield request.param
    os.umask(old)


@given(texts)
def test_a_digest_of_a_text_is_that_of_its_utf8(text: str) -> None:
    assert files.sha256(text) == hashlib.sha256(text.encode()).hexdigest()
    assert files.sha256(text) == files.sha256(text.encode())


@given(st.lists(texts.map(sentence)))
def test_records_come_back_from_their_lines(records: list[Sentence]) -> None:
    data = files.encode_lines(records)
    assert data.count(b"\n") == len(records)
    assert files.decode_lines(data, Sentence, "f") == records


def test_lines_are_utf8_with_keys_in_the_order_of_the_schema() -> None:
    line = files.encode_line(sentence("Beirut — “Halo”\u2028"))
    assert "“Halo”\u2028".encode() in line
    assert line.startswith(b'{"sentence_id":')
    assert line.endswith(b"}\n")


def test_a_json_file_is_indented_and_ends_its_line() -> None:
    assert files.encode_json({"a": [1]}) == b'{\n  "a": [\n    1\n  ]\n}\n'


def test_every_bad_line_is_named_and_so_is_a_file_that_was_cut_off() -> None:
    good = files.encode_line(sentence("Halo."))
    lines = (good, b"{\n", b'{"sentence_id":"x"}\n', b"\xff\n", b"\n", good, good[:20])
    with pytest.raises(InputError) as raised:
        files.decode_lines(b"".join(lines), Sentence, "s.jsonl")
    found = [(problem.line, problem.code) for problem in raised.value.problems]
    assert found == [
        (2, "not-json"),
        (3, "schema"),
        (4, "not-json"),
        (5, "not-json"),
        (7, "unfinished-line"),
    ]


@given(st.data())
def test_a_file_that_was_cut_off_anywhere_in_a_line_is_refused(data: st.DataObject) -> None:
    whole = files.encode_lines([sentence("Satu."), sentence("Dua.")])
    cut = data.draw(st.integers(1, len(whole) - 1).filter(lambda end: whole[end - 1] != 10))
    with pytest.raises(InputError, match="unfinished-line"):
        files.decode_lines(whole[:cut], Sentence, "f")


@pytest.mark.parametrize(
    ("data", "code"), [(b"{", "not-json"), (b"[]", "schema"), (b"", "not-json")]
)
def test_a_json_file_of_another_form_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as raised:
        files.decode_json(data, Sentence, "f")
    assert codes(raised.value.problems) == [code]


def test_a_text_must_be_utf8() -> None:
    assert files.decode_text("Façade".encode(), "f") == "Façade"
    with pytest.raises(InputError, match="not-utf8"):
        files.decode_text("Façade".encode("latin-1"), "f")


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"f: \[file-missing\] .*; run ingest"):
        files.read_bytes(tmp_path / "f", "f", "run ingest")
    with pytest.raises(InputError, match="disk"):
        files.read_bytes(tmp_path, "f", "run ingest")


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c"
    assert files.write_bytes(path, b"1")
    assert path.read_bytes() == b"1"
    assert [file.name for file in path.parent.iterdir()] == ["c"]


def test_a_file_that_holds_these_bytes_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "f"
    files.write_bytes(path, b"1")
    before = path.stat()
    assert not files.write_bytes(path, b"1")
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files.write_bytes(path, b"2")


@pytest.mark.parametrize("wanted", [0o644, 0o600])
def test_mode_bits_do_not_depend_on_the_umask(tmp_path: Path, umask: int, wanted: int) -> None:
    path = tmp_path / "f"
    files.write_bytes(path, b"1", wanted)
    assert mode(path) == wanted


def test_a_file_that_others_can_read_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "f"
    files.write_bytes(path, b"secret", 0o644)
    assert files.write_bytes(path, b"secret", 0o600)
    assert mode(path) == 0o600


@pytest.mark.parametrize("at", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, error: BaseException
) -> None:
    path = tmp_path / "f"
    files.write_bytes(path, b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, at, fail)
    with pytest.raises((InputError, KeyboardInterrupt)) as raised:
        files.write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["f"]
    if isinstance(error, OSError):
        assert "[disk] it cannot be written: No space left" in str(raised.value)


def test_a_file_cannot_be_written_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(InputError, match="disk"):
        files.write_bytes(tmp_path / "f" / "g", b"1")


HOLD = """
import sys
from pathlib import Path
from sikap.storage.files import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_refused_while_another_process_holds_it(tmp_path: Path) -> None:
    path = tmp_path / ".sikap" / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match="busy"), files.lock(path):
            pass
        holder.communicate()
    with files.lock(path):
        assert path.exists()


def test_a_lock_in_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="disk"), files.lock(tmp_path / "file" / "lock"):
        pass


def test_a_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), files.lock(tmp_path / "lock"):
        raise ZeroDivisionError
    with files.lock(tmp_path / "lock"):
        pass


def test_a_value_that_is_nested_too_deep_is_named() -> None:
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    with pytest.raises(InputError, match="not-json"):
        files.decode_lines(deep + b"\n", dict, "x.jsonl")
    with pytest.raises(InputError, match="not-json"):
        files.decode_json(deep, dict, "x.json")

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.storage.blocks import blocks, put, workshop


@given(
    st.lists(st.binary(max_size=9).map(lambda line: line.replace(b"\n", b""))), st.integers(1, 9)
)
def test_blocks_are_whole_lines_with_their_numbers(lines: list[bytes], size: int) -> None:
    data = b"".join(line + b"\n" for line in lines)
    with TemporaryDirectory() as folder:
        path = Path(folder, "lines")
        path.write_bytes(data)
        seen = b""
        for block in blocks(path, "lines", "", size):
            assert block.line == seen.count(b"\n") + 1
            assert block.data.endswith(b"\n")
            seen += block.data
    assert seen == data


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        list(blocks(tmp_path / "none", "none", "make it first"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.fix) == ("file-missing", "make it first")


def test_a_workshop_leaves_nothing_and_clears_what_killed_runs_left(tmp_path: Path) -> None:
    (tmp_path / ".work.killed" / "sub").mkdir(parents=True)
    (tmp_path / ".other.killed").mkdir()
    with workshop(tmp_path, "work") as folder:
        (folder / "made").write_bytes(b"")
        assert not (tmp_path / ".work.killed").exists()
    assert [path.name for path in tmp_path.iterdir()] == [".other.killed"]


def test_a_full_disk_is_a_named_error(tmp_path: Path) -> None:
    always_full = Path("/dev/full")
    with pytest.raises(InputError) as caught, workshop(tmp_path, "work"):
        always_full.write_bytes(b"x")
    (problem,) = caught.value.problems
    assert (problem.code, "No space left" in problem.found) == ("disk", True)
    assert list(tmp_path.iterdir()) == []


def test_only_other_bytes_are_put_in_place(tmp_path: Path) -> None:
    place = tmp_path / "place"
    for data, changed in ((b"one", True), (b"one", False), (b"two", True), (b"longer", True)):
        made = tmp_path / "made"
        made.write_bytes(data)
        assert put(made, place) is changed
        assert (place.read_bytes(), made.exists()) == (data, False)
    assert place.stat().st_mode & 0o777 == 0o644

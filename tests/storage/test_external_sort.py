from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.storage.external_sort import Sorter

ENTRIES = st.lists(st.tuples(st.binary(max_size=6), st.binary(max_size=20)), max_size=60)


@given(ENTRIES, st.integers(1, 3_000), st.integers(2, 4))
def test_entries_come_out_as_sorted_however_they_are_cut(
    entries: list[tuple[bytes, bytes]], run_bytes: int, open_runs: int
) -> None:
    with TemporaryDirectory() as folder:
        sorter = Sorter(Path(folder), run_bytes, open_runs)
        for key, value in entries:
            sorter.add(key, value)
        assert list(sorter.entries()) == sorted(entries)


@given(st.lists(st.text()))
def test_utf8_sorts_as_texts_do(texts: list[str]) -> None:
    texts = [text for text in texts if text.isprintable()]
    assert sorted(texts) == [key.decode() for key in sorted(text.encode() for text in texts)]


def test_runs_stay_few(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path, run_bytes=1, open_runs=3)
    for number in range(40):
        sorter.add(b"%02d" % (number * 7 % 40), b"")
    entries = sorter.entries()
    assert next(entries) == (b"00", b"")
    assert len(list(tmp_path.iterdir())) <= 3
    assert len(list(entries)) == 39


def test_a_run_that_was_cut_off_is_an_error(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path, run_bytes=1)
    sorter.add(b"a", b"one")
    (run,) = tmp_path.iterdir()
    run.write_bytes(run.read_bytes()[:-1])
    with pytest.raises(OSError, match="cut off"):
        list(sorter.entries())

import os
from pathlib import Path

import pytest

from sikap.articles.chunks import Piece
from sikap.errors import InputError, Problem
from sikap.sources.read import Seen, read_sources


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


class Found:
    def __init__(self, all_: list[Piece | Problem], others: int) -> None:
        self.found = [one for one in all_ if isinstance(one, Piece)]
        self.problems = [one for one in all_ if isinstance(one, Problem)]
        self.others = others


def look(base: Path, *places: Path) -> Found:
    seen = Seen()
    found = list(read_sources([str(place) for place in places or [base]], base, str, seen=seen))
    return Found(found, seen.others)


def ids(sources: Found) -> list[str]:
    return [found.article_id for found in sources.found]


def codes(sources: Found) -> list[str]:
    return [problem.code for problem in sources.problems]


def test_an_id_is_the_path_without_suffix_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "2023/11/a.b.txt", "2023/c.TXT")
    sources = look(tmp_path)
    assert ids(sources) == ["2023/11/a.b", "2023/c", "b"]
    assert [found.source for found in sources.found] == ["2023/11/a.b.txt", "2023/c.TXT", "b.txt"]


def test_a_folder_inside_the_base_gives_the_same_ids(tmp_path: Path) -> None:
    write(tmp_path, "2023/a.txt", "b.txt")
    assert ids(look(tmp_path, tmp_path / "2023")) == ["2023/a"]
    assert ids(look(tmp_path, tmp_path / "2023" / "a.txt")) == ["2023/a"]


def test_a_folder_elsewhere_counts_from_itself(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "x/a.txt")
    assert ids(look(tmp_path / "raw", tmp_path / "elsewhere")) == ["x/a"]


def test_metadata_lie_beside_the_article(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a.json", "b.txt", "c/a.json")
    sources = look(tmp_path)
    first, second = sources.found
    assert (first.data, first.metadata) == (b"a.txt", b"a.json")
    assert (second.data, second.metadata) == (b"b.txt", None)
    assert codes(sources) == ["metadata-orphan"]
    assert sources.problems[0].file.endswith("c/a.json")


def test_a_file_by_itself_brings_its_metadata(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a.json", "b.txt")
    (found,) = look(tmp_path, tmp_path / "a.txt").found
    assert found.metadata == b"a.json"


def test_two_files_with_one_id_are_both_set_aside(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a.TXT", "b.txt", "one/x.txt", "two/x.txt")
    sources = look(tmp_path)
    assert ids(sources) == ["b", "one/x", "two/x"]
    assert codes(sources) == ["duplicate-id"] * 2


def test_a_file_that_is_named_twice_is_found_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    assert ids(look(tmp_path, tmp_path, tmp_path / "a.txt", tmp_path)) == ["a"]


def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "raw/a.txt", "secret.txt", "secrets/b.txt")
    (tmp_path / "raw" / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "raw" / "leaks").symlink_to(tmp_path / "secrets")
    (tmp_path / "raw" / "gone.txt").symlink_to(tmp_path / "raw" / "nothing")
    sources = look(tmp_path / "raw")
    assert ids(sources) == ["a"]
    assert sorted(codes(sources)) == ["file-missing", "outside-project", "outside-project"]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "there.txt").symlink_to("back.txt")
    (tmp_path / "back.txt").symlink_to("there.txt")
    sources = look(tmp_path)
    assert ids(sources) == ["a"]
    assert codes(sources) == ["outside-project"] * 3


def test_links_to_folders_inside_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path, "a/x.txt", "b/y.txt")
    for place in ("a/up", "a/again", "b/up"):
        (tmp_path / place).symlink_to(tmp_path)
    (tmp_path / "a" / "to").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to").symlink_to(tmp_path / "a")
    sources = look(tmp_path)
    assert ids(sources) == ["a/to/to/x", "a/to/y", "a/x", "b/y"]
    assert {*codes(sources)} == {"outside-project"}


def test_a_pipe_is_read_as_a_shell_names_it(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    with os.fdopen(reads), os.fdopen(writes, "wb") as file:
        file.write(b'{"text": "Halo."}\n')
        file.close()
        (piece,) = look(tmp_path, Path(f"/dev/fd/{reads}")).found
    assert (piece.format, piece.data) == ("jsonl", b'{"text": "Halo."}\n')


def test_a_path_that_is_too_long_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        look(tmp_path, tmp_path / ("x" * 300))
    assert [problem.code for problem in caught.value.problems] == ["file-missing"]


def test_a_name_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a\nb.txt", "c\udcff.txt", f"{'d/' * 300}e.txt")
    sources = look(tmp_path)
    assert ids(sources) == []
    assert sorted(codes(sources)) == ["encoding", "encoding", "schema"]
    assert all(problem.file.isprintable() for problem in sources.problems)


def test_hidden_files_are_passed_over_and_other_kinds_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", ".a.txt", ".git/b.txt", "c.pdf")
    sources = look(tmp_path)
    assert (ids(sources), sources.others) == (["a"], 1)


def test_every_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        look(tmp_path, tmp_path / "x", tmp_path / "y")
    assert [problem.code for problem in caught.value.problems] == ["file-missing"] * 2

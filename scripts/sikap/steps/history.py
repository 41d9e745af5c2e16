"""Remember what a pull found changed, once, whenever it may be killed."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sikap.project import Project
from sikap.records import History
from sikap.storage.files import (
    decode_json,
    decode_lines,
    encode_json,
    encode_lines,
    sha256,
    write_bytes,
)

ANNOTATIONS = "annotations.jsonl"


class _Begun(msgspec.Struct, frozen=True):
    """How history and annotations were before a pull wrote: what a killed one left is undone."""

    length: int
    history: str
    annotations: str


@contextlib.contextmanager
def remembering(project: Project, folder: Path, events: Sequence[History]) -> Iterator[bool]:
    """Append events to the history of a round, then let its annotations be written.

    A pull that was killed in between has appended some for nothing: the next one, which sees the
    old annotations still, takes them back first. Yields whether the history is another now.
    """
    history, begun = folder / "history.jsonl", project.private / f"pull-{folder.name}.json"
    there, annotations = _bytes(history), _bytes(folder / ANNOTATIONS)
    past = there
    if begun.exists():
        before = decode_json(begun.read_bytes(), _Begun, project.name(begun))
        old = there[: before.length]
        if (sha256(old), sha256(annotations)) == (before.history, before.annotations):
            past = old
    decode_lines(past, History, project.name(history))  # a file that was cut off must not grow
    lines = encode_lines(events)
    if lines:
        state = _Begun(len(past), sha256(past), sha256(annotations))
        write_bytes(begun, encode_json(state), mode=0o600)
    yield write_bytes(history, past + lines) if there != past + lines else False
    begun.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""

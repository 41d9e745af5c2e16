"""The journal of a push: which tasks were sent, a line each, written once the server has them.

The server stays the truth on what is there. The journal tells apart what was never sent from what
was sent and then deleted, in the web page or with the project. git ignores it.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem
from sikap.storage.files import encode_lines


class Sent(msgspec.Struct, frozen=True, gc=False):
    """A task that a server has taken: where, in which project, of which item, as which task."""

    url: str
    project_id: int
    item_id: str
    task_id: int


class Journal:
    """The journal of one round; the file need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, url: str, project_id: int) -> dict[str, list[int]]:
        """The tasks that were sent to a project, by item, in the order in which they were sent."""
        tasks: dict[str, list[int]] = {}
        for sent in self._lines():
            if (sent.url, sent.project_id) == (url, project_id):
                tasks.setdefault(sent.item_id, []).append(sent.task_id)
        return tasks

    def append(self, sent: Iterable[Sent]) -> None:
        """Add lines, safe on the disk when this returns; InputError where the disk refuses."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                # A line that was cut off when its writer was killed would spoil the next one.
                file.truncate(_whole(self.path.read_bytes()))
                file.write(encode_lines(sent))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            found = f"the journal cannot be written: {error.strerror}"
            fix = "make room or give leave to write there, then run again: nothing is sent twice"
            problem = Problem(code="disk", file=self.path.name, found=found, fix=fix)
            raise InputError(problem) from error

    def _lines(self) -> Iterator[Sent]:
        data = self.path.read_bytes() if self.path.exists() else b""
        decoder = msgspec.json.Decoder(Sent)
        for line in data[: _whole(data)].splitlines():
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):  # nobody's line tells of no task
                continue


def _whole(data: bytes) -> int:
    """Where the last whole line ends."""
    return data.rfind(b"\n") + 1

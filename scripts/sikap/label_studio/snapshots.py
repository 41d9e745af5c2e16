"""Export snapshots of Label Studio: made by it as a file, fetched as a stream, then deleted there.

A snapshot takes less time than the plain export and holds the same. One that a killed pull left on
the server is known by its title, and deleted by the next.
"""

import contextlib
import mmap
from collections.abc import Iterator
from typing import IO, Any

import msgspec
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_exponential

TITLE = "sikap round pull"
CHUNK = 1 << 20
DONE = {"completed", "failed"}
WORKING = {"created", "in_progress"}
# A server without a queue answers once the file is made; one that has a queue may take its time.
LONG: Any = {"timeout_in_seconds": 1800, "max_retries": 0}
PATIENCE = 1800
CHUNKS: Any = {"timeout_in_seconds": 600, "chunk_size": CHUNK}
# All tasks and all annotations, users as numbers: what is not asked for costs the server nothing.
WANTED: dict[str, Any] = {
    "serialization_options": {
        "include_annotation_history": False,
        "annotations__completed_by": {"only_id": True},
        "drafts": {"only_id": True},
        "predictions": {"only_id": True},
    }
}


def fetch(exports: Any, project_id: int, file: IO[bytes]) -> None:  # noqa: ANN401 -- untyped SDK
    """Write a snapshot of a project to ``file``; ``exports`` is the SDK's client for them.

    Raises ValueError where the server could not make one, and what the SDK raises.
    """
    for left in exports.list(project_id):
        if left.title == TITLE and left.status in DONE:
            exports.delete(project_id, left.id)
    made = exports.create(project_id, title=TITLE, request_options=LONG, **WANTED)
    if made.id is None:
        raise ValueError("a snapshot has no number")
    try:
        if _finished(exports, project_id, made) != "completed":
            raise ValueError("the server failed to make a snapshot")
        for chunk in exports.download(project_id, made.id, request_options=CHUNKS):
            file.write(chunk)
    finally:
        # What cannot be deleted now is deleted by the next pull; the annotations matter more.
        with contextlib.suppress(Exception):
            exports.delete(project_id, made.id)


def tasks_in(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The tasks of an export file, decoded one by one as they are asked for.

    Raises msgspec's errors at once where it holds no JSON list, later for what is no task.
    """
    file.flush()
    # The file is mapped, not read: an export may be larger than what fits into memory twice.
    data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.tell() else b""
    raw = msgspec.json.decode(data, type=list[msgspec.Raw])
    decoder = msgspec.json.Decoder(dict[str, Any])
    return (decoder.decode(one) for one in raw)


def _finished(exports: Any, project_id: int, made: Any) -> str | None:  # noqa: ANN401
    """The status of a snapshot once it is made, or has failed; waits for it with a bound."""

    def status() -> str | None:
        found: str | None = exports.get(project_id, made.id).status
        return found

    if made.status not in WORKING:
        return str(made.status)
    waiting = Retrying(
        retry=retry_if_result(lambda found: found in WORKING),
        wait=wait_exponential(multiplier=0.2, max=5),
        stop=stop_after_delay(PATIENCE),
        retry_error_callback=lambda _: None,
    )
    return waiting(status)

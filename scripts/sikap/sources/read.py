"""Find and open raw documents and tables, and give their bytes piece by piece.

Places are files, folders at any depth, patterns, ``-`` for standard input, and URLs that fsspec
knows; whatever is packed with gzip or Zstandard is unpacked. Memory holds a piece and the names in
one folder, however much there is.
"""

import codecs
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from sikap.articles.chunks import MOST_BYTES, IngestRequest, Piece, unusable_id
from sikap.errors import InputError, Problem, SikapError
from sikap.formats.detect import SUFFIXES, Format, Kind, kind_of, parted
from sikap.sources.chunk_lines import Text, cut_lines, cut_list, cut_rows
from sikap.sources.chunk_parquet import cut_groups
from sikap.sources.decompress import BLOCK, Stream, UnreadableError, broken, whole
from sikap.sources.discover import URL, Entry, Group, Places, problem

__all__ = ["KINDS", "STDIN", "Seen", "is_url", "read_sources"]

STDIN = "-"
KINDS = ", ".join(SUFFIXES)
MOST_UNPACKED = 8 << 30
"""Bytes of a Parquet file that is packed itself, which goes to a temporary file."""


class Seen(msgspec.Struct, kw_only=True):
    """What the iterator of pieces passed by so far: files of kinds that are not read."""

    others: int = 0


def read_sources(
    places: Sequence[str],
    base: Path,
    name: Callable[[Path], str],
    request: IngestRequest | None = None,
    seen: Seen | None = None,
) -> Iterator[Piece | Problem]:
    """Yield the pieces of all sources in a fixed order, and what is wrong with some.

    The order is that of the places; in each that of the ids, which are paths below ``base``, else
    below the folder given, without suffix. ``name`` gives the name of a path that people see. Files
    whose names begin with a dot are passed over; ``seen`` counts those of kinds that are not read.
    Raises InputError at once where a place does not exist or the request cannot be fulfilled.
    """
    request = request or IngestRequest()
    _check(request)
    wanted = [place for place in places if place != STDIN]
    found = Places(wanted, base, name)
    return _all(found, request, seen or Seen(), stdin=STDIN in places)


def is_url(place: str) -> bool:
    """Whether a place is a URL, or standard input: no path at least."""
    return place == STDIN or bool(URL.match(place))


def _all(
    found: Places, request: IngestRequest, seen: Seen, *, stdin: bool
) -> Iterator[Piece | Problem]:
    for group in found:
        if isinstance(group, Problem):
            yield group
        else:
            yield from _of_group(group, request, seen)
    if stdin:
        entry = Entry(
            path="stdin", name=parted("stdin"), source="stdin", file="-", open=_stdin, named=True
        )
        yield from _of_file(entry, request, seen, None)


def _stdin() -> BinaryIO:
    return cast("BinaryIO", sys.stdin.buffer)


def _check(request: IngestRequest) -> None:
    if not request.encoding:
        return
    try:
        "".encode(request.encoding)
        codecs.getincrementaldecoder(request.encoding)
    except (LookupError, UnicodeError) as error:
        found, fix = f"{request.encoding!r} is no encoding", "name one, such as windows-1252"
        raise InputError(Problem(code="encoding", found=found, fix=fix)) from error


def _of_group(group: Group, request: IngestRequest, seen: Seen) -> Iterator[Piece | Problem]:
    documents = [one for one in group.entries if one.name.kind in {"text", "html"}]
    beside = [one for one in group.entries if one.name.kind == "json" and not one.named]
    rest = [one for one in group.entries if one not in documents and one not in beside]
    if len(documents) > 1:
        names = ", ".join(one.file for one in documents)
        for one in documents:
            fix = "rename all but one, or ingest one alone"
            yield problem("duplicate-id", one.file, f"one id for {names}", fix, one.name.stem)
    elif documents:
        yield from _of_file(documents[0], request, seen, beside[0] if beside else None)
    for one in rest if documents else (*beside, *rest):
        yield from _of_file(one, request, seen, None)


def _of_file(
    entry: Entry, request: IngestRequest, seen: Seen, beside: Entry | None
) -> Iterator[Piece | Problem]:
    kind: Kind | None = (request.format if entry.named else None) or entry.name.kind
    if kind is None and not entry.named:
        seen.others += 1
        return
    if wrong := _unusable(entry):
        yield wrong
        return
    try:
        with entry.open() as raw:
            stream = Stream(raw)
            kind = kind or kind_of(stream.peek())
            if kind is None and entry.file == STDIN:
                fix = "say what it is with --format"
                yield problem("source", entry.file, "nothing tells what standard input is", fix)
            elif kind is None:
                seen.others += 1
            elif kind in {"text", "html"}:
                yield _document(entry, kind, stream, request, beside)
            else:
                yield from _table(entry, kind, stream, raw, request)
    except UnreadableError as error:
        yield broken(entry.file, error)
    except SikapError as error:
        yield from error.problems
    except FileNotFoundError:
        fix = "run again: it was there a moment ago"
        yield problem("file-missing", entry.file, "there is no such file", fix)
    except OSError as error:
        found = f"it cannot be read: {error.strerror or error}"
        yield problem("disk", entry.file, found, "make it a readable file")


def _unusable(entry: Entry) -> Problem | None:
    """What keeps a path from being an id."""
    for part in (entry.path, entry.name.stem):
        wrong = unusable_id(part, entry.file)
        if wrong and (part is not entry.path or wrong.code == "encoding"):
            return wrong
    return None


def _document(
    entry: Entry, kind: Format, stream: Stream, request: IngestRequest, beside: Entry | None
) -> Piece | Problem:
    data = whole(stream)
    if data is None:
        found = f"it has more than {MOST_BYTES} bytes"
        return problem("too-large", entry.file, found, "part it", entry.name.stem)
    said = None
    if beside is not None:
        with beside.open() as raw:
            said = whole(Stream(raw))
    return Piece(
        format=kind,
        file=entry.file,
        source=entry.source,
        data=data,
        article_id=entry.name.stem,
        encoding=request.encoding,
        metadata_file=beside.file if beside else "",
        metadata=said,
    )


def _table(
    entry: Entry, kind: Kind, stream: Stream, raw: BinaryIO, request: IngestRequest
) -> Iterator[Piece | Problem]:
    format_: Format = "jsonl" if kind == "json" else kind
    piece = Piece(
        format=format_, file=entry.file, source=entry.source, data=b"", article_id=entry.name.stem
    )
    if kind == "parquet":
        with tempfile.TemporaryFile() as spool:
            seekable = not stream.packed and raw.seekable()
            file = raw if seekable else _spooled(stream, cast("BinaryIO", spool))
            file.seek(0)
            yield from cut_groups(file, piece, request.columns)
        return
    if kind == "json" and not stream.peek().removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        stem = entry.name.stem.rpartition("/")[2]
        found = "it has no article beside it, and is no list of articles"
        fix = f"put the article beside it, as {stem}.txt, or remove it"
        yield problem("metadata-orphan", entry.file, found, fix)
        return
    text = Text(stream, request.encoding)
    piece = msgspec.structs.replace(piece, encoding=text.encoding)
    if kind == "json":
        yield from cut_list(text, piece)
    elif kind == "jsonl":
        yield from cut_lines(text, piece)
    else:
        yield from cut_rows(text, piece, request.columns)


def _spooled(stream: Stream, spool: BinaryIO) -> BinaryIO:
    size = 0
    while data := stream.read(BLOCK):
        size += len(data)
        if size > MOST_UNPACKED:
            raise UnreadableError(f"it unpacks to more than {MOST_UNPACKED} bytes")
        spool.write(data)
    return spool

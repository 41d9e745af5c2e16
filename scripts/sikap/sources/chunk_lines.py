"""Cut files of lines into pieces of about a megabyte: JSONL, CSV and TSV, and lists in JSON."""

import codecs
import json
from collections.abc import Iterator

import msgspec

from sikap.articles.chunks import MOST_BYTES, Piece
from sikap.articles.normalise import encoding_of
from sikap.articles.readers.csv import header_of
from sikap.articles.readers.rows import lacking
from sikap.errors import Problem
from sikap.formats.csv import delimiter_of, split_rows
from sikap.sources.decompress import BLOCK, Stream, UnreadableError, broken

MOST_SKIPPED = 1 << 30
"""Bytes that are looked through for the end of a line that is too long."""


class Text:
    """The bytes of a file in UTF-8, whatever it was in; what cannot be decoded stays invalid."""

    def __init__(self, stream: Stream, told: str) -> None:
        self._stream = stream
        self._first = stream.read(BLOCK)
        found, mark = encoding_of(self._first)
        self.encoding = codecs.lookup(told).name if told else found
        if mark and found == self.encoding:
            self._first = self._first[mark:]
        plain = self.encoding == "utf-8"
        decoder = codecs.getincrementaldecoder(self.encoding)
        self._decoder = None if plain else decoder("surrogateescape")

    def read(self) -> bytes:
        """About a block; empty at the end only."""
        while True:
            data = self._first or self._stream.read(BLOCK)
            self._first = b""
            if self._decoder is None or not data:
                return data
            try:
                text = self._decoder.decode(data)
            except UnicodeError as error:
                raise UnreadableError(f"it is not {self.encoding}: {error}") from error
            if text:
                return text.encode("utf-8", "surrogatepass")


def cut_lines(text: Text, piece: Piece) -> Iterator[Piece | Problem]:
    """Yield pieces of whole lines; ``piece`` says what they are of."""
    line, rest = piece.line, b""
    try:
        while data := text.read():
            rest += data
            end = rest.rfind(b"\n") + 1
            if end:
                yield _of(piece, rest[:end], line)
                line += rest.count(b"\n", 0, end)
                rest = rest[end:]
            elif len(rest) > MOST_BYTES:
                yield _too_large(piece.file, line)
                rest = _skip(text)
                line += 1
    except UnreadableError as error:
        if rest.strip():
            yield _of(piece, rest, line)
        yield broken(piece.file, error, line)
        return
    if rest.strip():
        yield _of(piece, rest, line)


def cut_rows(text: Text, piece: Piece, columns: dict[str, str]) -> Iterator[Piece | Problem]:
    """Yield pieces of whole rows, each with the header before them; none ends inside quotes."""
    try:
        header, rest = _header(text, piece.format)
    except UnreadableError as error:
        yield broken(piece.file, error, 1)
        return
    if not header.strip():
        return
    said = header_of(header.decode("utf-8", "surrogateescape"), piece.format)
    if said is None or said.broken or (problem := lacking(said.cells, columns, piece.file)):
        why = said.broken if said and said.broken else "it has no header"
        fix = "give it a first line with the names of columns"
        other = Problem(code="table-column", file=piece.file, line=1, found=why, fix=fix)
        yield other if said is None or said.broken else problem  # type: ignore[misc]
        return
    separator = delimiter_of(header.decode("utf-8", "surrogateescape"), piece.format == "tsv")
    yield from _rows(text, piece, header, rest, separator)


def _rows(
    text: Text, piece: Piece, header: bytes, rest: bytes, separator: str
) -> Iterator[Piece | Problem]:
    line, wait, error = header.count(b"\n") + 1, 0, None
    while True:
        try:
            data = text.read()
        except UnreadableError as broke:
            data, error = b"", broke
        rest += data
        if not data:
            break
        if len(rest) < wait:
            continue
        end = _rows_end(rest, separator)
        if not end and len(rest) > 2 * MOST_BYTES:
            end = rest.rfind(b"\n") + 1 or len(rest)
        wait = 0 if end else 2 * len(rest)
        if end:
            yield _of(piece, header + rest[:end], line)
            line += rest.count(b"\n", 0, end)
            rest = rest[end:]
    if rest.strip():
        yield _of(piece, header + rest, line)
    if error is not None:
        yield broken(piece.file, error, line)


def _rows_end(data: bytes, separator: str) -> int:
    """The end of the last whole row; 0 where there is none."""
    end = data.rfind(b"\n") + 1
    if not end or b'"' not in data[:end]:
        return end
    rows = split_rows(data[:end].decode("utf-8", "surrogateescape"), separator)
    still = next((row for row in rows if row.open), None)
    if still is None:
        return end
    at = 0
    for _ in range(still.before):
        at = data.index(b"\n", at) + 1
    return at


def _header(text: Text, format_: str) -> tuple[bytes, bytes]:
    """The bytes of the header with all before it, and what was read behind it."""
    rest = b""
    while True:
        data = text.read()
        rest += data
        decoded = rest.decode("utf-8", "surrogateescape")
        rows = split_rows(decoded, delimiter_of(decoded.lstrip("\r\n"), format_ == "tsv"))
        if not data or len(rest) > MOST_BYTES or len(rows) > 1:
            break
    if not rows:
        return b"", b""
    ends = rows[1].before if len(rows) > 1 else None
    if ends is None:
        return rest + (b"" if rest.endswith(b"\n") else b"\n"), b""
    at = 0
    for _ in range(ends):
        at = rest.index(b"\n", at) + 1
    return rest[:at], rest[at:]


def cut_list(text: Text, piece: Piece) -> Iterator[Piece | Problem]:
    """Yield the entries of a list in JSON as lines; where one cannot be read, none behind it is."""
    decoder, entry, lines, size = json.JSONDecoder(), 1, list[bytes](), 0
    first = entry
    source = _Entries(text, decoder)
    try:
        for raw in source:
            lines.append(raw)
            entry, size = entry + 1, size + len(raw)
            if size >= BLOCK:
                yield _of(piece, b"\n".join(lines) + b"\n", first)
                lines, size, first = [], 0, entry
    except UnreadableError as error:
        if lines:
            yield _of(piece, b"\n".join(lines) + b"\n", first)
        yield broken(piece.file, error, entry)
        return
    if lines:
        yield _of(piece, b"\n".join(lines) + b"\n", first)


class _Entries:
    """The values of a list, each on one line, as they come in."""

    def __init__(self, text: Text, decoder: json.JSONDecoder) -> None:
        self._text = text
        self._decoder = decoder
        self._utf8 = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._buffer = ""
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        at = self._blank(0)
        if not self._buffer.startswith("[", at):
            raise UnreadableError("it is no list")
        at, closed = self._blank(at + 1), False
        while not (closed := self._buffer.startswith("]", at)):
            raw, at = self._value(at)
            yield raw
            at = self._blank(at)
            if self._buffer.startswith(",", at):
                at = self._blank(at + 1)
            elif not self._buffer.startswith("]", at):
                break
        if not closed or self._blank(at + 1) < len(self._buffer):
            raise UnreadableError("it is not JSON from here on: the rest is not read")

    def _value(self, at: int) -> tuple[bytes, int]:
        while True:
            try:
                _, end = self._decoder.raw_decode(self._buffer, at)
            except (ValueError, RecursionError) as error:
                end, why = 0, error
            if end and (end < len(self._buffer) or self._ended):
                raw = self._buffer[at:end].replace("\n", " ").replace("\r", " ")
                return raw.encode("utf-8", "surrogateescape"), end
            if self._ended or len(self._buffer) - at > MOST_BYTES:
                raise UnreadableError(f"the entry is not JSON: {why}; the rest is not read")
            at = self._more(at, 2 * (len(self._buffer) - at))

    def _blank(self, at: int) -> int:
        """The next place that is not white space, with more read where that is at the end."""
        while True:
            while at < len(self._buffer) and self._buffer[at] in " \t\r\n":
                at += 1
            if at < len(self._buffer) or self._ended:
                return at
            at = self._more(at, 1)

    def _more(self, at: int, size: int) -> int:
        """Drop what is before a place, which is 0 then, and read on until so much is there."""
        self._buffer = self._buffer[at:]
        while len(self._buffer) < size and not self._ended:
            data = self._text.read()
            self._ended = not data
            self._buffer += self._utf8.decode(data, final=not data)
        return 0


def _skip(text: Text) -> bytes:
    """Read on behind the end of the line."""
    skipped = 0
    while data := text.read():
        if b"\n" in data:
            return data[data.index(b"\n") + 1 :]
        skipped += len(data)
        if skipped > MOST_SKIPPED:
            raise UnreadableError(f"no line ends within {MOST_SKIPPED} bytes: the rest is not read")
    return b""


def _of(piece: Piece, data: bytes, line: int) -> Piece:
    return msgspec.structs.replace(piece, data=data, line=line)


def _too_large(file: str, line: int) -> Problem:
    found = f"the line has more than {MOST_BYTES} bytes"
    return Problem(code="too-large", file=file, line=line, found=found, fix="shorten it")

"""From bytes to frozen text: decode, strip the BOM, unify line ends, NFC; nothing else."""

import codecs
import re
import unicodedata

import msgspec
from charset_normalizer import from_bytes

from sikap.errors import Problem
from sikap.ingest.invisible import INVISIBLE

# Longest first: the BOM of UTF-32-LE begins with that of UTF-16-LE.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Surrogates as CESU-8 and Java write them, which UTF-8 does not allow.
_SURROGATE_BYTES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_COMMON, _FEW = "cp1252", 0.05
# Beside the dashes and quotes, which all encodings of its family have in the same places.
_HIGH = re.compile(rb"[\x80-\x84\x86-\x90\x98-\xff]")
_BLANK = re.compile(rf"[\s{INVISIBLE}]*\Z")


class Frozen(msgspec.Struct, frozen=True):
    """A text that is never changed again, with the encoding it came in and what was changed.

    ``normalised`` holds ``bom``, ``newlines`` and ``nfc``, in this order, as far as they applied.
    """

    text: str
    encoding: str
    normalised: tuple[str, ...]


def freeze(data: bytes, file: str) -> Frozen | Problem:
    """Decode and normalise a file's bytes; a Problem where it cannot become an article.

    The problem's code is one of encoding, surrogate, control-character and empty.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return freeze_text(data[len(bom) :].decode(encoding), file, encoding, bom=True)
            except UnicodeDecodeError as error:
                found = f"it begins like {encoding}, but byte {error.start + len(bom)} is not"
                return _problem("encoding", file, found, "save it as UTF-8")
    try:
        return freeze_text(data.decode(), file, "utf-8")
    except UnicodeDecodeError:
        return _freeze_detected(data, file)


def freeze_text(text: str, file: str, encoding: str, *, bom: bool = False) -> Frozen | Problem:
    """Normalise a text that was decoded before, for example a JSON string; else as ``freeze``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if bad := _FORBIDDEN.search(lines):
        return _forbidden(lines, bad.start(), file)
    frozen = unicodedata.normalize("NFC", lines)
    if _BLANK.match(frozen):
        return _problem("empty", file, "it holds no visible character", "remove it or fill it")
    changes = {"bom": bom, "newlines": lines != text, "nfc": frozen != lines}
    return Frozen(frozen, encoding, tuple(name for name, done in changes.items() if done))


def _freeze_detected(data: bytes, file: str) -> Frozen | Problem:
    if surrogate := _SURROGATE_BYTES.search(data):
        line = data.count(b"\n", 0, surrogate.start()) + 1
        found = f"byte {surrogate.start()} begins a surrogate, which UTF-8 does not allow"
        return _problem("surrogate", file, found, "save it as UTF-8", line)
    encoding = _detect(data)
    if encoding is None:
        return _problem("encoding", file, "no encoding reads its bytes", "save it as UTF-8")
    return freeze_text(data.decode(encoding), file, encoding)


def _detect(data: bytes) -> str | None:
    """The encoding that fits best, by its name in Python."""
    # Where nearly all is ASCII there is too little to tell by; then the most common one it is.
    likely = [_COMMON] if len(_HIGH.findall(data)) <= _FEW * len(data) else []
    for encoding in (*likely, *(match.encoding for match in from_bytes(data))):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _FORBIDDEN.search(text.replace("\r", "\n")):
            return codecs.lookup(encoding).name
    return None


def _forbidden(text: str, offset: int, file: str) -> Problem:
    line = text.count("\n", 0, offset) + 1
    number = f"U+{ord(text[offset]):04X}"
    code = "surrogate" if "\ud800" <= text[offset] <= "\udfff" else "control-character"
    found = f"{number} at code point {offset} of the text"
    return _problem(code, file, found, "correct it at its source", line)


def _problem(code: str, file: str, found: str, fix: str, line: int | None = None) -> Problem:
    return Problem(code=code, file=file, line=line, found=found, fix=fix)

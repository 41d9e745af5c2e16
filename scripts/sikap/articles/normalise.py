"""From bytes to frozen text: decode, strip the BOM, unify line ends, NFC; nothing else."""

import codecs
import re
import unicodedata

import msgspec
from charset_normalizer import from_bytes

from sikap.errors import Problem
from sikap.text.unicode import OUTER

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
_BROKEN, _DECLARED = 0.1, 0.5
"""Shares of the characters beyond ASCII that may be broken, of a guess and of what a page says."""
_HEAD = 65_536
_CHARSET = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_CHARSET_WITHIN = 8192
# Smaller sets that pages name and mean the larger one, as the WHATWG has them.
_AS_BROWSERS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
# Beside the dashes and quotes, which all encodings of its family have in the same places.
_HIGH = re.compile(rb"[\x80-\x84\x86-\x90\x98-\xff]")


class Frozen(msgspec.Struct, frozen=True):
    """A text that is never changed again, with the encoding it came in and what was changed.

    ``normalised`` holds ``bom``, ``newlines`` and ``nfc``, in this order, as far as they applied.
    """

    text: str
    encoding: str
    normalised: tuple[str, ...]


def freeze(data: bytes, file: str, told: str = "") -> Frozen | Problem:
    """Decode and normalise a file's bytes; a Problem where it cannot become an article.

    ``told`` is the encoding where somebody named it. The problem's code is one of encoding,
    surrogate, control-character and empty.
    """
    if told:
        return _freeze_told(data, file, told)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return freeze_text(data[len(bom) :].decode(encoding), file, encoding, bom=True)
            except UnicodeDecodeError as error:
                found = f"it begins like {encoding}, but byte {error.start + len(bom)} is not"
                return _problem("encoding", file, found, "save it as UTF-8")
    if wide := _wide(data):
        return freeze_text(data.decode(wide), file, wide)
    try:
        return freeze_text(data.decode(), file, "utf-8")
    except UnicodeDecodeError:
        return _freeze_detected(data, file)


def _freeze_told(data: bytes, file: str, told: str) -> Frozen | Problem:
    try:
        return freeze_text(data.decode(told), file, codecs.lookup(told).name)
    except (LookupError, UnicodeError):
        found, fix = f"it cannot be read as {told}", "leave the encoding out, or name another"
        return _problem("encoding", file, found, fix)


def encoding_of(beginning: bytes) -> tuple[str, int]:
    """The encoding that a long file has by how it begins, and the length of its byte order mark.

    It is UTF-8 as well where a few of its characters are broken, and where nothing fits.
    """
    for bom, encoding in _BOMS:
        if beginning.startswith(bom):
            return encoding, len(bom)
    if wide := _wide(beginning[: len(beginning) // 2 * 2]):
        return wide, 0
    text = beginning.decode(errors="replace")
    broken = text.count("\ufffd")
    beyond = sum(1 for character in text if character > "\x7f") if broken else 0
    if broken <= _BROKEN * beyond:
        return "utf-8", 0
    return _detect(beginning) or "utf-8", 0


def _wide(data: bytes) -> str:
    """UTF-16 without a byte order mark, by where its zero bytes are; empty where it is not that."""
    head = data[:_HEAD]
    if b"\0" not in head:
        return ""
    pairs = max(len(head) // 2, 1)
    even, odd = head[::2].count(0), head[1::2].count(0)
    high = sum(1 for byte in head if byte >= 0x80)
    # Zeros stand on one side of the pairs: in a third of them by Latin letters, else beside those
    # of other scripts, whose bytes are high.
    one_side = min(even, odd) <= pairs / 100
    if len(data) % 2 or not one_side or (max(even, odd) < pairs * 0.3 and high < pairs * 0.5):
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return "" if _FORBIDDEN.search(text.replace("\r", "\n")) else encoding


def freeze_text(text: str, file: str, encoding: str, *, bom: bool = False) -> Frozen | Problem:
    """Normalise a text that was decoded before, for example a JSON string; else as ``freeze``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if bad := _FORBIDDEN.search(lines):
        return _forbidden(lines, bad.start(), file)
    frozen = unicodedata.normalize("NFC", lines)
    if OUTER.fullmatch(frozen):
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


def declared(data: bytes, file: str, told: str = "") -> tuple[str, str] | Problem:
    """A web page as text, and its encoding: as told, by its byte order mark, as it says, or found.

    Bytes that are none of its encoding come out as U+FFFD: most pages have them where nobody reads.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), encoding
    says = _CHARSET.search(data[:_CHARSET_WITHIN])
    for name in (told, says[1].decode("ascii") if says else ""):
        encoding = _known(name)
        if not encoding:
            continue
        if name != told and _is_utf8(data):
            encoding = "utf-8"  # many servers say of every page that it is Latin
        text = data.decode(encoding, "replace")
        if name == told or text.count("\ufffd") <= _DECLARED * sum(map("\x7f".__lt__, text)):
            return text, encoding
    if told:
        found, fix = f"{told!r} is no encoding", "leave it out, or name another"
        return _problem("encoding", file, found, fix)
    encoding, _ = encoding_of(data[: _HEAD * 16])
    return data.decode(encoding, "replace"), encoding


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.decode().isascii()
    except UnicodeDecodeError:
        return False


def _known(name: str) -> str:
    """The encoding that browsers take a name for, as Python names it; empty where it is none."""
    try:
        encoding = codecs.lookup(name).name if name else ""
        # Python calls hex, idna and more by such names too, which decode no text at all.
        b"a".decode(encoding or "ascii", "replace")
    except (LookupError, UnicodeError):
        return ""
    if encoding.startswith("utf-16"):
        return ""  # whoever could read that has read it as another
    return _AS_BROWSERS.get(encoding, encoding)

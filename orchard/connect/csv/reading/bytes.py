"""Decides what kind of file it is and in which encoding its text is written."""

import codecs
import gzip
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from charset_normalizer import from_bytes

from orchard.kit.errors import Refused
from orchard.kit.words import Phrase, marked

_HEAD = 65_536
_BLOCK = 1 << 20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r cp932 gb18030 big5 euc_jp euc_kr mac_roman"
_OTHER_FILES = (
    (b"%PDF", marked("a PDF")),
    (b"\x89PNG", marked("a picture")),
    (b"\xff\xd8\xff", marked("a picture")),
    (b"GIF8", marked("a picture")),
    (b"PAR1", marked("a Parquet file")),
    (b"SQLite format 3", marked("a database")),
    (b"Rar!", marked("an archive")),
    (b"7z\xbc\xaf", marked("an archive")),
    (b"{\\rtf", marked("a text document")),
)

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP = b"\x1f\x8b"


class Encoding(NamedTuple):
    """How bytes become text: a codec, what it does with bytes it does not know, and a note for the user."""

    codec: str
    errors: str
    note: str = ""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252, which is what such files were stitched together from."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("orchard.windows", _as_windows)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip where it is compressed."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")
    except OSError as error:
        raise Refused("The file {file} cannot be read: {why}.", file=path.name, why=error.strerror) from None


def head_of(path: Path) -> bytes:
    """Return the first 64 KiB of the file, decompressed."""
    with opened(path) as file:
        return file.read(_HEAD)


def encoding_of(path: Path, head: bytes) -> Encoding:
    """Decide the encoding: by its mark, else by the NULs of UTF-16, else UTF-8 if it is, else by likelihood."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec, "orchard.windows" if codec == "utf-8-sig" else "replace")
    if unmarked := _unmarked_utf16(head):
        return Encoding(unmarked, "replace")
    _refuse_binary(path, head)
    around = _first_that_is_not_utf8(path)
    if around is None:
        return Encoding("utf-8", "strict")
    sample = head + around
    decoded = sample.decode("utf-8", "replace")
    broken = decoded.count("\ufffd")
    if sum(character > "\x7f" for character in decoded) - broken > 2 * broken:
        return Encoding(
            "utf-8",
            "orchard.windows",
            marked("Some characters are not valid UTF-8; they were read as Windows-1252."),
        )
    return _legacy(sample)


def _unmarked_utf16(head: bytes) -> str | None:
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 2:  # noqa: PLR2004 - two characters tell nothing
        return None
    at_even, at_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if at_odd > 0.4 and at_even < 0.05:  # noqa: PLR2004 - Latin letters have their NUL second
        return "utf-16-le"
    if at_even > 0.4 and at_odd < 0.05:  # noqa: PLR2004 - or first
        return "utf-16-be"
    return None


def _refuse_binary(path: Path, head: bytes) -> None:
    for magic, what in _OTHER_FILES:
        if head.startswith(magic):
            raise Refused(
                "The file {file} is {what}, not a table; save it as CSV or XLSX.",
                file=path.name,
                what=Phrase(what),
            )
    controls = len(head) - len(head.translate(None, bytes(range(1, 7)) + bytes(range(14, 27)) + b"\x7f"))
    if controls > len(head) * 0.03 or head.count(0) > len(head) * 0.5:
        raise Refused("The file {file} is not text; save the table as CSV or XLSX.", file=path.name)


def _first_that_is_not_utf8(path: Path) -> bytes | None:
    """Return the bytes around the first that is no UTF-8, or None when all of the file is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return error.object[max(0, error.start - _HEAD) : error.end + _HEAD]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return error.object
    return None


def _legacy(sample: bytes) -> Encoding:
    found = from_bytes(sample, cp_isolation=_LEGACY.split())
    best = found.best()
    # A match stands for all encodings under which the text is the same.
    western = next((match for match in found if "cp1252" in match.could_be_from_charset), None)
    if best is None or (western is not None and western.chaos <= best.chaos):
        return Encoding("cp1252", "replace")
    return Encoding(
        best.encoding, "replace", Phrase("The text was read as {encoding}.", encoding=best.encoding)
    )

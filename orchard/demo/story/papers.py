"""What papers look like that members of the demo keep: an offer (PDF), a photographed card (PNG), a list (CSV).

They are drawn by hand, since a picture of a few kilobytes is worth no library. The same words make the same file.
"""

import struct
import unicodedata
import zlib
from collections.abc import Sequence
from datetime import date
from random import Random

from orchard.kit.money import Money

_WIDTH, _HEIGHT = 420, 252
_DESK, _CARD, _INK, _BAND = range(4)
_COLOURS = bytes.fromhex("8a7f72 fbfaf6 2b2b2b 3f7d4e")

# Seven rows of five dots for each sign, from the top, the leftmost dot the highest bit.
_FONT = """
A:0E11111F111111 B:1E11111E11111E C:0E11101010110E D:1C12111111121C E:1F10101E10101F F:1F10101E101010
G:0E11101711110F H:1111111F111111 I:0E04040404040E J:0702020202120C K:11121418141211 L:1010101010101F
M:111B1515111111 N:11191513111111 O:0E11111111110E P:1E11111E101010 Q:0E11111115120D R:1E11111E141211
S:0F10100E01011E T:1F040404040404 U:1111111111110E V:11111111110A04 W:11111115151B11 X:11110A040A1111
Y:11110A04040404 Z:1F01020408101F .:00000000000C0C -:0000001F000000 &:0C12140815120D ,:0000000C0C0408
"""
_SIGNS = dict(pair.split(":") for pair in _FONT.split())


def offer(*, number: int, to: str, company: str, amount: Money, on: date, by: str) -> bytes:
    """Return an offer of one page as PDF."""
    price = f"{amount.minor // 100:,} {amount.currency}"
    lines = [
        (20, 770, "Offer"),
        (11, 742, f"No. {number}, {on:%d.%m.%Y}"),
        (11, 706, to),
        (11, 690, company),
        (11, 640, "A packaging line: planned, built, brought to you and set up."),
        (11, 616, "Trial run with your own goods before it leaves our hall."),
        (11, 600, "Two days of training for those who work with it."),
        (13, 560, f"Price: {price}, without tax"),
        (11, 524, "Delivery within 24 weeks. This offer holds for 60 days."),
        (11, 480, by),
    ]
    drawn = " ".join(f"BT /F1 {size} Tf 72 {y} Td ({_escaped(text)}) Tj ET" for size, y, text in lines)
    content = drawn.encode("cp1252", "replace")
    page = b"/Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page %s >>" % page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for place, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (place, part)
    begin = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % each for each in places)
    made += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, begin)
    return bytes(made)


def card(*, name: str, title: str, company: str) -> bytes:
    """Return a business card as it lay on the desk, as PNG."""
    dots = [bytearray([_DESK]) * _WIDTH for _ in range(_HEIGHT)]
    _fill(dots, (22, 16), (_WIDTH - 22, _HEIGHT - 16), _CARD)
    _fill(dots, (22, 16), (32, _HEIGHT - 16), _BAND)
    _write(dots, company, (52, 42), 2, _BAND)
    _write(dots, name, (52, 118), 3, _INK)
    _write(dots, title, (52, 158), 2, _INK)
    rows = b"".join(
        b"\0" + bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in zip(*[iter(row)] * 4, strict=True))
        for row in dots
    )
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 2, 3, 0, 0, 0)
    pieces = ((b"IHDR", head), (b"PLTE", _COLOURS), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_piece(sort, content) for sort, content in pieces)


def sites(*, cities: Sequence[str], chance: Random) -> bytes:
    """Return a list of a company's sites as CSV: where they pack, on how many lines, and how old these are."""
    rows = [
        f"{city},{chance.randint(1, 6)},{chance.randint(20, 90)},{chance.randint(2004, 2021)}"
        for city in dict.fromkeys(cities)
    ]
    return "\r\n".join(["site,lines,packs a minute,since", *rows, ""]).encode("utf-8-sig")


def _piece(sort: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + sort + content + struct.pack(">I", zlib.crc32(sort + content))


def _fill(dots: list[bytearray], begin: tuple[int, int], end: tuple[int, int], colour: int) -> None:
    for y in range(begin[1], end[1]):
        dots[y][begin[0] : end[0]] = bytes([colour]) * (end[0] - begin[0])


def _write(dots: list[bytearray], text: str, at: tuple[int, int], scale: int, colour: int) -> None:
    """Write a line in capitals, without accents; what is no letter we can draw is left blank, the rest is cut."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).upper()
    signs = [each for each in plain if not unicodedata.combining(each)]
    for place, sign in enumerate(signs[: (_WIDTH - 30 - at[0]) // (6 * scale)]):
        for row, bits in enumerate(bytes.fromhex(_SIGNS.get(sign, ""))):
            for column in range(5):
                if bits & 16 >> column:
                    x, y = at[0] + (place * 6 + column) * scale, at[1] + row * scale
                    _fill(dots, (x, y), (x + scale, y + scale), colour)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

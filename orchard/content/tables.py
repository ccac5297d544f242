"""The fields of facts that name content, and the room's part of the data map."""

from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, Field
from orchard.kit.codes import spelled_out
from orchard.kit.words import Phrase, voiced

_TYPES = {
    "brochure": Phrase("Brochure"),
    "case_study": Phrase("Case study"),
    "catalogue": Phrase("Catalogue"),
    "checklist": Phrase("Checklist"),
    "data_sheet": Phrase("Data sheet"),
    "ebook": Phrase("E-book"),
    "guide": Phrase("Guide"),
    "infographic": Phrase("Infographic"),
    "newsletter": Phrase("Newsletter"),
    "presentation": Phrase("Presentation"),
    "price_list": Phrase("Price list"),
    "sample": Phrase("Sample"),
    "video": Phrase("Video"),
    "webinar": Phrase("Webinar"),
    "white_paper": Phrase("White paper"),
    "whitepaper": Phrase("White paper"),
}
"""What the usual types of content are called; any other may be named, and is spelled out."""

USUAL = tuple(code for code in _TYPES if code != "whitepaper")
"""Those that a page offers: of two spellings of one type the first."""


def type_name(code: str) -> str:
    """Return what a type of content is called where people read."""
    return voiced(_TYPES[code]) if code in _TYPES else spelled_out(code)


FIELDS = (
    Field(
        "content.type",
        ColumnType.TEXT,
        Phrase("type of content"),
        "content_type",
        "facts",
        called=type_name,
    ),
)

PERSONAL = (PersonalTable("content", free=frozenset({"title", "type", "external_ref", "url"})),)

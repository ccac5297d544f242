"""The fields of facts that name content, and the room's part of the data map."""

from orchard.contacts.types import PersonalTable
from orchard.engine.types import ColumnType, Field
from orchard.kit.words import Phrase

FIELDS = (Field("content.type", ColumnType.TEXT, Phrase("type of content"), "content_type", "facts"),)

PERSONAL = (PersonalTable("content", free=frozenset({"title", "type", "external_ref", "url"})),)

"""The team's vocabulary: roles and sides."""

from enum import StrEnum


class Role(StrEnum):
    """What a member does here; rights follow from it by the table of permissions."""

    SALES = "sales"
    MARKETING = "marketing"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The word on the page."""
        return self.value.capitalize()


class Side(StrEnum):
    """The two sides that sign the agreement."""

    SALES = "sales"
    MARKETING = "marketing"

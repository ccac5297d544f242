"""What other rooms may ask: how a score is shown."""

from orchard.scoring.rules import shown

__all__ = ["shown"]

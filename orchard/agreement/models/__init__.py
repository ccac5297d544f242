"""The room's storage: versions and signatures are books, the verdict is a projection."""

from orchard.agreement.models.verdict import Announced, Refreshed, StageReached, Verdict
from orchard.agreement.models.version import AgreementVersion, Signature

__all__ = ["AgreementVersion", "Announced", "Refreshed", "Signature", "StageReached", "Verdict"]

"""The room's storage: versions and signatures are books, verdict and stage are projections."""

from orchard.agreement.models.stage import StageAnnounced, StageReached
from orchard.agreement.models.verdict import Announced, Refreshed, Verdict
from orchard.agreement.models.version import AgreementVersion, Signature

__all__ = [
    "AgreementVersion",
    "Announced",
    "Refreshed",
    "Signature",
    "StageAnnounced",
    "StageReached",
    "Verdict",
]

"""The room's decisions: when two spellings are one (`spelling`), and whose a row of data is (`identity`)."""

from orchard.contacts.rules import merging
from orchard.contacts.rules.identity import Claim, Key, Verdict, assign
from orchard.contacts.rules.spelling import (
    company_domain,
    company_key,
    domain_of,
    full_name,
    linkedin_slug,
    name_key,
    name_keys,
    normal_email,
    normal_phone,
    person_key,
    visible,
)
from orchard.contacts.rules.values import TEXT_LIMITS, custom_problem, is_field_name, problem, unfit

__all__ = [
    "TEXT_LIMITS",
    "Claim",
    "Key",
    "Verdict",
    "assign",
    "company_domain",
    "company_key",
    "custom_problem",
    "domain_of",
    "full_name",
    "is_field_name",
    "linkedin_slug",
    "merging",
    "name_key",
    "name_keys",
    "normal_email",
    "normal_phone",
    "person_key",
    "problem",
    "unfit",
    "visible",
]

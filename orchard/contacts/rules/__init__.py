"""The room's decisions: when two spellings are one (`spelling`), whose a row is (`identity`), what `files` are kept."""

from orchard.contacts.rules import merging
from orchard.contacts.rules.files import (
    FILE_NAME_LENGTH,
    FILE_WORDS_LENGTH,
    LARGEST_FILE,
    MOST_FILES,
    ending_of,
    file_name,
    file_words,
    media_of,
    size_problem,
)
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
    "FILE_NAME_LENGTH",
    "FILE_WORDS_LENGTH",
    "LARGEST_FILE",
    "MOST_FILES",
    "TEXT_LIMITS",
    "Claim",
    "Key",
    "Verdict",
    "assign",
    "company_domain",
    "company_key",
    "custom_problem",
    "domain_of",
    "ending_of",
    "file_name",
    "file_words",
    "full_name",
    "is_field_name",
    "linkedin_slug",
    "media_of",
    "merging",
    "name_key",
    "name_keys",
    "normal_email",
    "normal_phone",
    "person_key",
    "problem",
    "size_problem",
    "unfit",
    "visible",
]

"""Suggests a map for a file that nobody knows, by what its columns are called."""

import re
from collections.abc import Sequence
from typing import Any

from orchard.connect.csv.mapping import ImportMap

_SEVERAL = frozenset({"email", "phone"})

_SYNONYMS = {
    "email": "email|e mail|email address|e mail address|mail|emails|primary email|work email|business email|email 1"
    "|email 2|correo|correo electronico|adresse email|courriel|e mail adresse|contact email",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|mobile number|cell|cell phone|work phone"
    "|direct phone|business phone|phone 1|phone 2|telefon|telefono|téléphone|teléfono|handy|mobil",
    "full_name": "name|full name|contact|contact name|person|nombre completo|nom complet",
    "first_name": "first name|firstname|given name|forename|vorname|prénom|prenom|nombre",
    "last_name": "last name|lastname|surname|family name|nachname|familienname|nom|apellido|apellidos",
    "title": "title|job title|jobtitle|position|role|funktion|titel|cargo|fonction|puesto",
    "department": "department|dept|abteilung|departamento|service",
    "linkedin": "linkedin|linkedin url|linkedin profile|linkedin profile url|person linkedin url",
    "country": "country|country region|country code|land|pays|país|pais",
    "city": "city|town|stadt|ort|ville|ciudad",
    "language": "language|preferred language|sprache|langue|idioma",
    "account.name": "company|company name|organization|organisation|account|account name|firma|unternehmen|empresa"
    "|société|societe|employer|business name|company or organization",
    "account.domain": "website|web site|website url|company website|domain|company domain|url|web|homepage",
    "account.industry": "industry|company industry|branche|sector|secteur|industria",
    "account.employees": "employees|employee count|number of employees|no of employees|company size|headcount"
    "|mitarbeiter",
}
_FIELDS = {word: field for field, words in _SYNONYMS.items() for word in words.split("|")}


def suggest(header: Sequence[str]) -> ImportMap | None:
    """Return a map for an unknown file, or None where no column names a contact or company.

    It is a proposal for a person to look at. It takes no facts, since no column's name says what happened.
    """
    contact: dict[str, Any] = {}
    for name in header:
        field = _FIELDS.get(re.sub(r"[\W_]+", " ", name.casefold()).strip())
        if field in _SEVERAL:
            contact.setdefault(field, []).append({"column": name})
        elif field is not None:
            contact.setdefault(field, {"column": name})
    return ImportMap.model_validate({"contact": contact}) if contact else None

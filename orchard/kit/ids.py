"""How a text becomes an id that cannot be turned back without our key, and how many ids go to the database at once."""

import hmac
from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID


def keyed_hash(text: str, *, key: bytes, purpose: str) -> UUID:
    """Return a 128-bit keyed hash of `text` as a UUID; another purpose or key gives another id (BLAKE2b, RFC 7693)."""
    digest = blake2b(text.encode(), digest_size=16, key=key[:64], person=purpose.encode()[:16])
    return UUID(bytes=digest.digest())


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def as_array(ids: Iterable[int]) -> str:
    """Write ids as PostgreSQL reads `bigint[]`: for a hundred thousand a tenth of what a parameter each costs."""
    return "{" + ",".join(map(str, ids)) + "}"

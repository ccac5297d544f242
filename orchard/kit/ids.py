"""How a text becomes an id that cannot be turned back without our key, and how many ids go to the database at once."""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID


def keyed_hash(text: str, *, key: bytes, purpose: str) -> UUID:
    """Return a 128-bit keyed hash of `text` as a UUID; another purpose or key gives another id (BLAKE2b, RFC 7693)."""
    return UUID(keyed_texts([text], key=key, purpose=purpose)[0])


def keyed_texts(texts: Iterable[str], *, key: bytes, purpose: str) -> list[str]:
    """Return the same hash of each text as hexadecimal digits, which is what a database is told."""
    begun, hashes = _keyed(key[:64], purpose.encode()[:16]), []
    for text in texts:
        digest = begun.copy()
        digest.update(text.encode())
        hashes.append(digest.hexdigest())
    return hashes


@lru_cache(maxsize=8)
def _keyed(key: bytes, person: bytes) -> blake2b:
    """Return the hash with the key taken in: that is half of the work for a short text."""
    return blake2b(digest_size=16, key=key, person=person)


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def as_array(ids: Iterable[int | None]) -> str:
    """Write ids as PostgreSQL reads `bigint[]`: for a hundred thousand a tenth of what a parameter each costs."""
    return "{" + ",".join(map(str, ids)).replace("None", "NULL") + "}"

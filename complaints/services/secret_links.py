"""What every secret link rests on: 128 bits in an address, and a keyed digest in the database."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from django.conf import settings

from complaints.models.secret_links import SecretLinkQuerySet
from governance import privacy

BYTES = 16  # 128 bits
A_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


def secret_of_form(key: UUID, purpose: str) -> str:
    """The secret that belongs to one filled-in form, so that the same form sent twice gets one link.

    It follows from the form's random key, which only the sender's browser holds, and a key of
    the house; neither is stored, so a stolen database opens nothing.
    """
    maker = hmac.new(settings.SECRET_KEY.encode(), purpose.encode() + key.bytes, hashlib.sha256)
    return _written(maker.digest()[:BYTES])


def fresh_secret() -> str:
    """A secret that follows from nothing; shown once, kept nowhere."""
    return _written(secrets.token_bytes(BYTES))


def digest_of(secret: str, purpose: str) -> str:
    """What is stored of a secret; a secret of one purpose opens nothing of another."""
    return privacy.digest(secret, purpose)


def row_behind(rows: SecretLinkQuerySet, secret: str, purpose: str) -> Any:
    """The row a secret opens; None for a wrong, an expired and a withdrawn one alike."""
    if not A_SECRET.fullmatch(secret):
        return None
    return rows.current().filter(secret_digest=digest_of(secret, purpose)).first()


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")

"""Personal data: sealed at rest, found again by a keyed digest, masked on the screen."""

import base64
import binascii
import os
import re
from collections.abc import Callable
from functools import lru_cache, wraps

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from governance.errors import HouseError

NONCE_BYTES = 12
TAG_BYTES = 16
SM4_KEY_BYTES = 16
SHORTEST_KEY = 16
STARS = "***"


class Unreadable(HouseError):
    """A sealed text cannot be opened: it was altered, moved, or its key is not here."""

    def __init__(self) -> None:
        super().__init__(_("加密内容无法读取，请联系系统管理员检查密钥。"))


def seal(text: str, purpose: str) -> str:
    """Encrypt with SM4-GCM under the current key; `purpose` names the column and binds to it.

    The result reads `key id:base64` and differs each time (domain.md 4.3).
    """
    key_id = settings.SEAL_CURRENT_KEY
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(_seal_key(key_id)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound(key_id, purpose))
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return f"{key_id}:{base64.urlsafe_b64encode(nonce + body + encryptor.tag).decode()}"


def unseal(sealed: str, purpose: str) -> str:
    """Open what `seal` closed for the same purpose, under whichever key closed it.

    Raises Unreadable for an altered text, another purpose and an unknown or wrong key.
    """
    key_id, _colon, body = sealed.partition(":")
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable from None
    if key_id not in settings.SEAL_KEYS or len(raw) < NONCE_BYTES + TAG_BYTES:
        raise Unreadable
    nonce, tag = raw[:NONCE_BYTES], raw[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(_seal_key(key_id)), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(_bound(key_id, purpose))
    try:
        return (decryptor.update(raw[NONCE_BYTES:-TAG_BYTES]) + decryptor.finalize()).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise Unreadable from None


def is_sealed_with_current_key(sealed: str) -> bool:
    """False when a text should be sealed anew after the keys were changed."""
    return sealed.startswith(f"{settings.SEAL_CURRENT_KEY}:")


def digest(text: str, purpose: str) -> str:
    """A keyed HMAC-SM3 (64 hex digits) by which equal texts of one purpose find each other."""
    maker = hmac.HMAC(_key_bytes(settings.DIGEST_KEY), hashes.SM3())
    maker.update(purpose.encode() + b"\0" + text.encode())
    return maker.finalize().hex()


def _key_bytes(key: bytes | str) -> bytes:
    found = bytes.fromhex(key) if isinstance(key, str) else key
    if len(found) < SHORTEST_KEY:
        raise ImproperlyConfigured("密钥太短。 A key is too short.")
    return found


def _seal_key(key_id: str) -> bytes:
    if key_id not in settings.SEAL_KEYS:
        raise ImproperlyConfigured(f"没有密钥 {key_id}。 There is no key {key_id}.")
    return _derived(_key_bytes(settings.SEAL_KEYS[key_id]))


@lru_cache(maxsize=32)
def _derived(key: bytes) -> bytes:
    # SM4 takes 16 bytes; the stored key may be longer and is never used directly.
    return HKDF(hashes.SM3(), SM4_KEY_BYTES, salt=None, info=b"seal sm4-gcm").derive(key)


def _bound(key_id: str, purpose: str) -> bytes:
    return f"{key_id}|{purpose}".encode()


def _or_stars(mask: Callable[[str], str]) -> Callable[[str | None], str]:
    """Nothing stays nothing; a mask that fails shows stars, never the plain text (T48)."""

    @wraps(mask)
    def masked(text: str | None) -> str:
        try:
            return mask(text.strip()) if text else ""
        except Exception:  # whatever went wrong, plain text must not come out
            return STARS

    return masked


@_or_stars
def mask_name(text: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小明 → 欧**明; a single character → *."""
    if len(text) == 1:
        return "*"
    if len(text) == 2:
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


@_or_stars
def mask_phone(text: str) -> str:
    """13812345678 → 138****5678, 0533-2345678 → 0533-****678; anything else keeps two digits."""
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"(86)?1[3-9]\d{9}", digits):
        return f"{digits[-11:-8]}****{digits[-4:]}"
    if landline := re.fullmatch(r"(0\d{2,3})[-\s]?(\d{4,5})(\d{3})", text):
        return f"{landline[1]}-{'*' * len(landline[2])}{landline[3]}"
    if len(digits) < 7:
        return STARS
    return "*" * (len(digits) - 2) + digits[-2:]


@_or_stars
def mask_id_number(text: str) -> str:
    """370303199001011234 → 3703**********1234; shorter documents keep one sign and two."""
    if len(text) in (15, 18):
        return text[:4] + "*" * (len(text) - 8) + text[-4:]
    if len(text) < 7:
        return STARS
    return text[0] + "*" * (len(text) - 3) + text[-2:]


@_or_stars
def mask_email(text: str) -> str:
    """su.wenjing@example.cn → s***@example.cn; a long domain is cut."""
    name, _at, domain = text.partition("@")
    return f"{name[:1]}{STARS}@{domain}"[:24]


BUILDING = re.compile(
    r"[0-9A-Za-z〇零一二三四五六七八九十百甲乙丙丁\-－#]+\s*(号楼|栋|幢|座|#楼|#)"
)
KNOWN_PLACE = re.compile(r".*(小区|花园|家园|公寓|新村|社区|街道|村|镇|区|市|苑|里|路|街|巷)")


@_or_stars
def mask_address(text: str) -> str:
    """植园小区3号楼2单元501室 → 植园小区*号楼; without a building, all after the last place name."""
    if building := BUILDING.search(text):
        ending = "号楼" if building[1] in ("#", "#楼") else building[1]
        return re.sub(r"\d+", "*", text[: building.start()]) + "*" + ending
    if place := KNOWN_PLACE.match(re.split(r"\d", text, maxsplit=1)[0]):
        return place[0] + STARS
    return STARS


def phone_tail(text: str) -> str:
    """The last four digits, by which a caller is found; empty when the number is too short."""
    digits = re.sub(r"\D", "", text)
    return digits[-4:] if len(digits) >= 7 else ""

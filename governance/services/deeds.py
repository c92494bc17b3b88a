"""Deed keys: the same request twice is one deed and two equal answers."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from governance.errors import KeyConflict
from governance.models import Deed
from governance.services.audit import deed


def once(
    key: str, *, by: Any, body: Mapping[str, Any], act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Carry out `act` the first time `key` is seen; afterwards return the stored answer.

    Key, fingerprint, effect and answer share one transaction, so a crash leaves all or nothing
    (`reliability.md` 3.2). `act` returns a JSON-able answer; when it refuses, the key stays free.
    Raises KeyConflict when the key was used with another body or by another person.
    """
    print_of_body = fingerprint(body)
    with deed():
        try:
            with transaction.atomic():
                row = Deed.objects.create(key=key, by=by, fingerprint=print_of_body)
        except IntegrityError:
            row = Deed.objects.get(key=key)
            if (row.by_id, row.fingerprint) != (getattr(by, "pk", None), print_of_body):
                raise KeyConflict(
                    _("这次提交与之前用同一编号提交的内容不同，未作改动。请刷新页面后重新提交。")
                ) from None
            return row.answer
        answer = act()
        Deed.objects.filter(pk=row.pk).update(answer=answer)
        return answer


def answered(key: Any, *, by: Any, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What this person was told when this very request was carried out; None when it never was.

    For doors that find nothing where the deed was done: it may have left the person's reach by
    the deed itself, and the repeat of a request whose reply was lost gets its first answer.
    """
    row = Deed.objects.filter(key=str(key), by=by, fingerprint=fingerprint(body)).first()
    return None if row is None else row.answer


def is_known(key: Any) -> bool:
    """Whether a deed under this key has been carried out."""
    return Deed.objects.filter(key=str(key)).exists()


def fingerprint(body: Mapping[str, Any]) -> str:
    """SHA-256 of the request's content, independent of the order of its fields."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()

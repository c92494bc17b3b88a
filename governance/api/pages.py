"""Pages by keyset: each begins where the last one ended, however much has been added since."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_CURSOR = 120
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """By which columns pages run; the last one is unique. Moments come first, then a number."""

    columns: tuple[str, ...] = ("pk",)
    is_descending: bool = False

    def sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order."""
        sign = "-" if self.is_descending else ""
        return rows.order_by(*(f"{sign}{column}" for column in self.columns))

    def after(self, key: list[Any]) -> Q:
        """The rows that come after the one with this key."""
        beyond, at = ("lt", "lte") if self.is_descending else ("gt", "gte")
        if len(key) == 1:
            return Q(**{f"{self.columns[0]}__{beyond}": key[0]})
        first, last = self.columns
        # The first half alone is a range of the index.
        return Q(**{f"{first}__{at}": key[0]}) & (
            Q(**{f"{first}__{beyond}": key[0]}) | Q(**{f"{last}__{beyond}": key[1]})
        )

    def key_of(self, row: Any) -> list[Any]:
        """The key of a row."""
        return [getattr(row, column) for column in self.columns]


def written(key: list[Any]) -> str:
    """A key as an opaque word for an address."""
    text = json.dumps([one.isoformat() if isinstance(one, datetime) else one for one in key])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, order: Order) -> list[Any]:
    """The key that a cursor stands for. Raises ValidationError for anything we did not write."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if isinstance(key, list) and len(key) == len(order.columns):
        *moments, number = key
        moments = [parsed(text) for text in moments]
        if is_number(number) and all(moments):
            return [*moments, number]
    raise ValidationError({"cursor": [_("游标无效，请从第一页重新开始。")]})


def is_number(value: Any) -> bool:
    """Whether it can be the number of a row."""
    return type(value) is int and 0 <= value <= LARGEST_KEY


def parsed(text: Any) -> datetime | None:
    """A moment with its offset, or None."""
    try:
        at = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None and 1970 < at.year < 2200 else None


class PageQuery(serializers.Serializer[Any]):
    """The parameters every list takes."""

    limit = serializers.IntegerField(
        min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE, help_text="每页行数 rows of a page"
    )
    cursor = serializers.CharField(
        max_length=LONGEST_CURSOR,
        required=False,
        help_text="取自上一页的 next，不要自己拼写 taken from `next` of the page before",
    )


class KeysetPages(BasePagination):
    """`{"next": address or null, "results": […]}`; no count, so that a page costs one statement."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page, and whether there is one more."""
        asked, order = view.asked, view.order
        if "cursor" in asked:
            queryset = queryset.filter(order.after(read(asked["cursor"], order)))
        found = list(order.sorted(queryset)[: asked["limit"] + 1])
        rows = found[: asked["limit"]]
        self.next = None
        if len(found) > len(rows):
            cursor = written(order.key_of(rows[-1]))
            self.next = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        """The shape of a page for the OpenAPI document."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": address, "results": schema},
        }

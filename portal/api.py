"""The interface for programs as a whole: its contents, its document, and a page to read it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from governance.api.access import TokenAuthentication, TokenBudget
from governance.api.document import TokenScheme
from governance.api.views import ApiView, OnlyJson, told
from governance.models import ApiToken
from portal.api_document import Operation, operations

# The library finds it by its class; the document is made here.
SECURITY = TokenScheme.name
LISTS = ("complaints", "organisations", "grids", "categories")


class Contents(serializers.Serializer[Any]):
    """Where the lists are."""

    complaints = serializers.URLField()
    organisations = serializers.URLField()
    grids = serializers.URLField()
    categories = serializers.URLField()
    document = serializers.URLField()


@told("接口目录 Contents")
class Root(ApiView):
    """接口目录。Where the lists and this document are."""

    serializer_class = Contents

    def get(self, request: Request) -> Response:
        found = {name: reverse(f"api:{name}", request=request) for name in LISTS}
        return Response(found | {"document": reverse("api:document", request=request)})


@extend_schema(exclude=True)
class Nowhere(ApiView):
    """Every other address below the interface: a refusal a program can read, not a page."""

    def get(self, request: Request, rest: str) -> Response:
        raise NotFound(_("没有这个地址。地址须以 / 结尾，目录见 /api/v1/。"))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Parameters of nothing are not looked at."""
        super(ApiView, self).initial(request, *args, **kwargs)


class MayReadTheDocument(BasePermission):
    """A program with a token, or somebody who has a desk."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """The document names no row of anybody; still it is not for strangers."""
        return isinstance(request.auth, ApiToken) or admin.site.has_permission(request)


@extend_schema(exclude=True)
class Document(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document, generated from the very views that answer."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [MayReadTheDocument]
    throttle_classes = [TokenBudget]
    content_negotiation_class = OnlyJson
    http_method_names = ["get", "head"]


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The document as a page for people at a desk, written by this server without any script."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return render(request, "api/documentation.html", {"operations": described(get_language())})


@cache
def described(_language: str | None) -> list[Operation]:
    """The operations as a page shows them; the views do not change while a process lives."""
    return operations(SchemaGenerator().get_schema(request=None, public=True))

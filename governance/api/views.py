"""What every list and every single row of the interface has in common."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from governance.api.errors import PROBLEM, Problem
from governance.api.pages import KeysetPages, Order, PageQuery
from governance.choices import ApiArea

View = TypeVar("View", bound="ApiView")


class OnlyJson(BaseContentNegotiation):
    """The interface speaks JSON, whatever a program says it would accept."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Moment(serializers.DateTimeField):
    """A moment as programs write it: ISO 8601, a day alone is its midnight, "+" may be a space."""

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > 6 and value[-6] == " ":
            value = f"{value[:-6]}+{value[-5:]}"  # an unescaped "+08:00" arrives as " 08:00"
        at = super().to_internal_value(value)
        if not 1970 < at.year < 2200:
            raise ValidationError(_("时间超出范围。"))
        return at


@method_decorator(conditional_page, name="dispatch")
class ApiView(GenericAPIView):
    """One address for programs: JSON, private, checked parameters, an ETag for what is unchanged."""

    area: ApiArea | None = None
    word = "see"
    content_negotiation_class = OnlyJson
    http_method_names = ["get", "head", "options"]
    query_serializer_class: type[serializers.Serializer[Any]] | None = None

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The checked parameters. Raises ValidationError, also for one that does not exist.

        A misspelt filter would otherwise quietly give everything.
        """
        given = self.request.query_params
        if self.query_serializer_class is None:
            fields: Any = {}
        else:
            fields = self.query_serializer_class().fields
        unknown = [name for name in given if name not in fields]
        if unknown:
            known = "、".join(fields) or _("无")
            text = _("没有这个参数。可用的参数：%(names)s。") % {"names": known}
            raise ValidationError({name[:40]: [text] for name in unknown[:5]})
        if self.query_serializer_class is None:
            return {}
        many = (serializers.ListField, serializers.MultipleChoiceField)
        query = self.query_serializer_class(
            data={
                name: given.getlist(name) if isinstance(fields[name], many) else given[name]
                for name in given
            }
        )
        query.is_valid(raise_exception=True)
        return dict(query.validated_data)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            _checked = self.asked

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Nobody between us and the program may keep the answer."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == status.HTTP_200_OK:
            patch_cache_control(answer, private=True, no_cache=True)
        else:
            add_never_cache_headers(answer)
        patch_vary_headers(answer, ["Authorization"])
        return answer


class ListView(mixins.ListModelMixin, ApiView):
    """Rows within reach, page by page."""

    pagination_class = KeysetPages
    query_serializer_class = PageQuery

    @property
    def order(self) -> Order:
        """How the rows follow each other."""
        return Order()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class RowView(mixins.RetrieveModelMixin, ApiView):
    """One row within reach; somebody else's and one that never was look alike."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)


def refusals(*further: int) -> dict[Any, Any]:
    """The refusals that every address may answer with, for the OpenAPI document."""
    codes = (400, 401, 403, 429, *further)
    return {(code, PROBLEM): OpenApiResponse(Problem) for code in codes}


def told(summary: str) -> Callable[[type[View]], type[View]]:
    """Class decorator: tell the OpenAPI document what the view's `get` takes and gives."""

    def tell(view: type[View]) -> type[View]:
        is_list = issubclass(view, ListView)
        serializer: Any = view.serializer_class
        query = view.query_serializer_class
        describe = extend_schema(
            summary=summary,
            description=" ".join((view.__doc__ or "").split()),
            tags=[str(view.area.value) if view.area else "api"],
            parameters=[query] if query else [],
            responses={
                200: serializer(many=True) if is_list else serializer,
                **refusals(*(() if is_list else (404,))),
            },
        )
        return extend_schema_view(get=describe)(view)

    return tell

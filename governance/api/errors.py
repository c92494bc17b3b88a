"""Refusals for programs: problem details (RFC 9457) with a sentence in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from governance.errors import HouseError

PROBLEM = "application/problem+json"
TITLES = {
    status.HTTP_400_BAD_REQUEST: gettext_lazy("请求有误"),
    status.HTTP_401_UNAUTHORIZED: gettext_lazy("需要有效的令牌"),
    status.HTTP_403_FORBIDDEN: gettext_lazy("没有权限"),
    status.HTTP_404_NOT_FOUND: gettext_lazy("没有找到"),
    status.HTTP_405_METHOD_NOT_ALLOWED: gettext_lazy("不支持这种请求方法"),
    status.HTTP_409_CONFLICT: gettext_lazy("现在不能办理"),
    status.HTTP_429_TOO_MANY_REQUESTS: gettext_lazy("请求过于频繁"),
}


class Problem(serializers.Serializer[Any]):
    """What went wrong: a title for its kind, a sentence, and the parameters concerned."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def problem(refusal: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as a problem; what is no refusal stays an error of the house (500)."""
    if isinstance(refusal, HouseError):
        return as_problem(Response(refusal.message, status=status.HTTP_409_CONFLICT))
    answer = exception_handler(refusal, context)
    if answer is None:
        return None
    return as_problem(answer, about_parameters=isinstance(refusal, ValidationError))


def as_problem(answer: Response, *, about_parameters: bool = False) -> Response:
    """Rewrite the body of a refusal; parameters keep their sentences one by one."""
    said = answer.data
    errors = said if about_parameters and isinstance(said, dict) else None
    if errors is not None:
        detail = _("请检查这些参数：%(names)s。") % {"names": "、".join(errors)}
    else:
        detail = str(said.get("detail", "") if isinstance(said, dict) else said)
    title = TITLES.get(answer.status_code, TITLES[status.HTTP_400_BAD_REQUEST])
    answer.data = {"title": str(title), "status": answer.status_code, "detail": detail}
    if errors is not None:
        answer.data["errors"] = {
            name: [str(line) for line in (lines if isinstance(lines, list) else [lines])]
            for name, lines in errors.items()
        }
    answer.content_type = PROBLEM
    return answer

"""`translate`, `url` and `static` as Django has them, with what never changes written once.

A sentence that stands in the template is the same for all who speak its language, a page without
arguments and a file lie where they lie. Together they were a sixth of a page. `portal/templating.py`
puts these in the place of Django's own, so that a template loads `i18n` and `static` as everywhere.
"""

from typing import Any

from django import template
from django.template import Context, Node, defaulttags
from django.template.base import FilterExpression, Parser, Token
from django.templatetags import i18n
from django.templatetags import static as files
from django.utils.translation import get_language

register = template.Library()
for library in (i18n.register, files.register):
    register.tags.update(library.tags)
    register.filters.update(library.filters)


class Kept(Node):
    """A tag that is carried out once, or once for each language when it speaks."""

    child_nodelists = ()

    def __init__(self, tag: Any, name: str | None, *, speaks: bool) -> None:
        self.tag, self.name, self.speaks = tag, name, speaks
        self.texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """The kept text, or with `as` nothing but a variable that holds it."""
        language = get_language() if self.speaks else None
        text = self.texts.get(language)
        if text is None:
            text = self.written(language, context)
        if self.name is None:
            return text
        context[self.name] = text
        return ""

    def written(self, language: str | None, context: Context) -> str:
        """What the tag itself says; nothing is kept of a page that does not exist."""
        shown = self.tag.render(context)
        text: str = shown if self.name is None else context[self.name]
        if text:
            self.texts[language] = text
        return text


def is_constant(value: FilterExpression | None) -> bool:
    """Whether a value stands in the template itself, and nothing is done to it."""
    if value is None:
        return True
    return not value.filters and getattr(value.var, "literal", value.var) is not None


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "查找" %}`."""
    tag = i18n.do_translate(parser, token)
    if is_constant(tag.filter_expression) and is_constant(tag.message_context):
        return Kept(tag, tag.asvar, speaks=True)
    return tag


register.tag("trans", translate)


@register.tag
def static(parser: Parser, token: Token) -> Node:
    """`{% static "css/base.css" %}`."""
    tag = files.do_static(parser, token)
    return Kept(tag, tag.varname, speaks=False) if is_constant(tag.path) else tag


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """`{% url "admin:index" %}`; with arguments it is looked up each time."""
    tag = defaulttags.url(parser, token)
    if is_constant(tag.view_name) and not (tag.args or tag.kwargs):
        return Kept(tag, tag.asvar, speaks=False)
    return tag

"""What a template always says is written once for each language, and says what Django's own tags say."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.template import Context, Engine, Template
from django.templatetags import i18n
from django.urls import path
from django.utils.translation import override

from governance.templatetags import kept

urlpatterns = [path("elsewhere/", lambda _request: HttpResponse(), name="not-in-the-house")]

SOURCES = [
    '{% translate "保存" %}',
    '{% trans "保存" %}',
    '{% translate "登记" context "按钮" %}',
    '{% translate "保存" noop %}',
    '{% translate "100% <b>" %}',
    '{% translate "保存" as word %}[{{ word }}]',
    '{% translate words %}',
    '{% translate "保存"|upper %}',
    '{% blocktranslate %}保存{% endblocktranslate %}',
    '{% static "css/base.css" %}',
    '{% static "css/base.css" as place %}[{{ place }}]',
    "{% static words %}",
    '{% url "admin:index" %}',
    '{% url "admin:index" as place %}[{{ place }}]',
    "{% url name %}",
    '{% url "board:case" 7 %}',
    '{% url "nowhere" as place %}[{{ place }}]',
]  # fmt: skip
LOADED = "{% load i18n static %}"


def djangos_own() -> Engine:
    """An engine without the settings of the house."""
    libraries = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
    return Engine(libraries=libraries)


@pytest.mark.parametrize("source", SOURCES)
def test_the_tags_say_what_djangos_own_say_in_both_languages(source: str) -> None:
    ours, own = Template(LOADED + source), djangos_own().from_string(LOADED + source)
    for language in ("zh-hans", "en", "zh-hans"):
        for words, name in (("保存", "admin:index"), ("退出", "board:overview")):
            values = {"words": words, "name": name}
            with override(language):
                assert ours.render(Context(values)) == own.render(Context(values))


@pytest.mark.parametrize(
    ("source", "times"),
    [
        ('{% translate "保存" %}', 2),
        ('{% translate "保存" as word %}', 2),
        ("{% translate words %}", 4),
        ('{% translate "保存"|upper %}', 4),
    ],
)
def test_a_sentence_is_looked_up_once_for_each_language(
    monkeypatch: pytest.MonkeyPatch, source: str, times: int
) -> None:
    looked_up, own = [], i18n.TranslateNode.render

    def counted(self: Any, context: Context) -> str:
        looked_up.append(self)
        return str(own(self, context))

    monkeypatch.setattr(i18n.TranslateNode, "render", counted)
    page = Template(LOADED + source)
    for language in ("zh-hans", "en", "zh-hans", "en"):
        with override(language):
            page.render(Context({"words": "保存"}))
    assert len(looked_up) == times


def test_a_page_that_does_not_exist_is_looked_for_again(settings: Any) -> None:
    page = Template('{% url "not-in-the-house" as place %}[{{ place }}]')
    assert page.render(Context()) == "[]"
    settings.ROOT_URLCONF = __name__
    assert page.render(Context()) == "[/elsewhere/]"


def test_every_template_gets_these_tags() -> None:
    page = Template('{% load i18n static %}{% translate "a" %}{% static "b" %}{% url "c" as d %}')
    assert [type(node) for node in page.nodelist[1:]] == [kept.Kept] * 3

"""The template engine of the house: Django's, with tags of our own under names it knows."""

from typing import Any

from django.template.backends.django import DjangoTemplates
from django.template.library import import_library

TAGS = "governance.templatetags.kept"


class HouseTemplates(DjangoTemplates):
    """`{% load i18n static %}` loads tags that write once what never changes; so does `{% url %}`."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        # On purpose; that two libraries have one name by mistake is still found by Django's check.
        kept = import_library(TAGS)
        self.engine.template_libraries |= {"i18n": kept, "static": kept}
        self.engine.template_builtins.append(kept)

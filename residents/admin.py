"""Who lives where, at the desk: to look up; moving in and out are deeds of the grid worker."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from governance.admin.base import ScopedAdmin
from governance.choices import Word
from residents.models import PersonHouse


@admin.register(PersonHouse)
class PersonHouseAdmin(ScopedAdmin):
    """Ties between people and dwellings within reach; numbers are not shown here."""

    view_words = (Word.SEE,)
    may_add = False
    may_change = False
    list_display = ("person", "dwelling", "relation", "residence_type", "is_living", "started_on",
                    "ended_on")  # fmt: skip
    list_filter = ("relation", "residence_type", "is_living")
    search_fields = ("person__name__startswith", "person__name_initials__startswith")
    list_select_related = ("person", "dwelling__building__compound")
    ordering = ("-pk",)
    fields = ("person", "dwelling", "relation", "relation_to_head", "residence_type", "is_head",
              "is_living", "started_on", "ended_on")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("person__home_organisation")

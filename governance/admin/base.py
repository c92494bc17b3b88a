"""ScopedAdmin: rows within reach, rights from appointments, an audit line for every change."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from governance.choices import Word
from governance.errors import HouseError
from governance.forms import name_what_is_missing
from governance.models import ScopedQuerySet
from governance.models.reach import may, roots
from governance.selectors import common_rows, covers_every_street, rule_rows
from governance.services import audit

CAP = 1000
ROWS = 50
LONGEST_SEARCH = 100


def scoped_query_set(model: type[models.Model]) -> Any:
    """The class of the model's query set when its rows have a place, else None."""
    kind = model._meta.default_manager._queryset_class
    return kind if issubclass(kind, ScopedQuerySet) else None


class CappedPaginator(Paginator):
    """Counts no further than the cap, so that a list of 160,000 rows opens at once."""

    @cached_property
    def count(self) -> int:
        """At most one more than the cap; pages show it as "1000+"."""
        return self.object_list.order_by()[: CAP + 1].count()


class ServiceForm(forms.ModelForm):
    """A form whose saving is a service: what the service refuses stands on the form as a sentence.

    `carry_out` runs at the end of validation, in a transaction of its own, because only there a
    refusal can still be shown beside everything that was typed.
    """

    by: Any = None
    is_refused = False

    def carry_out(self) -> models.Model:
        """Call the service and return the saved row."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.carry_out()
        except (HouseError, PermissionDenied) as refusal:
            self.is_refused = True
            self.add_error(None, getattr(refusal, "message", None) or str(refusal))

    def save(self, commit: bool = True) -> models.Model:
        """Nothing is left to do: the service has saved."""
        self.save_m2m = lambda: None
        return self.instance


class DeedForm(forms.Form):
    """A deed on one row of master data, with a page of its own (close, end, reveal …)."""

    label = ""
    warning = ""
    words: Sequence[str] = (Word.MANAGE,)
    success = ""

    def __init__(self, *args: Any, subject: models.Model, by: Any, **kwargs: Any) -> None:
        self.subject, self.by = subject, by
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name_what_is_missing(field, field.label)

    @classmethod
    def is_open_for(cls, subject: models.Model) -> bool:
        """Whether the deed makes sense for this row at all."""
        return True

    def act(self) -> str:
        """Call the service; returns a text to show once (a revealed number), or ""."""
        raise NotImplementedError


class ScopedAdmin(admin.ModelAdmin):
    """The base of every list at the desk (`architecture.md` 7, `reliability.md` T01–T04, T20)."""

    view_words: Sequence[str] = (Word.SEE,)
    change_words: Sequence[str] = (Word.MANAGE,)
    may_add = True
    may_change = True
    deeds: dict[str, type[DeedForm]] = {}
    # Fields that are given once, when the row is made.
    fixed_fields: Sequence[str] = ()

    list_per_page = ROWS
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        js = ("js/autocomplete-names.js",)

    paginator = CappedPaginator
    view_on_site = False
    actions = None
    # Columns with choices, found by the words on the screen.
    search_choices: Sequence[str] = ()
    list_select_related = True
    change_form_template = "desk/change_form.html"
    change_list_template = "desk/change_list.html"

    # What may be seen and done -------------------------------------------------------------

    def rows_for(self, user: Any, words: Sequence[str]) -> Any:
        """The rows the user reaches with any of the words."""
        found = self.model.objects.visible_to(user, words[0])
        for word in words[1:]:
            found = found | self.model.objects.visible_to(user, word)
        return found

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only rows within reach: lists, pages, pickers and actions all start here."""
        rows = self.rows_for(request.user, self.view_words)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def paths_of(self, row: models.Model) -> list[str]:
        """The organisation paths of a row, as its query set names them."""
        found = []
        for lookup in scoped_query_set(type(row)).scope_paths:
            value: Any = row
            for name in lookup.split("__"):
                value = getattr(value, name, None) if value is not None else None
            if value:
                found.append(value)
        return found

    def reaches(self, user: Any, words: Sequence[str], row: models.Model | None) -> bool:
        """Whether one of the words covers the row; without a row, whether it is held anywhere."""
        if row is None or row.pk is None:
            return any(roots(user, word) for word in words)
        return any(may(user, word, path) for word in words for path in self.paths_of(row))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request.user, self.view_words, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.reaches(request.user, self.view_words, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self.reaches(request.user, self.change_words, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and self.reaches(request.user, self.change_words, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # A row of somebody else and a row that never was look alike.
        raise Http404

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters that the list itself offers (T02)."""
        names = [name if isinstance(name, str) else name[0] for name in self.list_filter
                 if isinstance(name, str | tuple)]  # fmt: skip
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.attname

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = list(self.fixed_fields) if obj is not None else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """No more of a search than a person types; databases refuse patterns of any length.

        The words of `search_choices` are searched as they stand on the screen.
        """
        term = search_term[:LONGEST_SEARCH].replace("\x00", "")
        found, may_double = super().get_search_results(request, queryset, term)
        if term.strip() and self.search_choices:
            found = queryset.filter(Q(pk__in=found.values("pk")) | self.chosen_by_words(term))
        return found, may_double

    def chosen_by_words(self, term: str) -> Q:
        """Rows of which a choice reads like the term."""
        wanted = Q(pk__in=[])
        for name in self.search_choices:
            choices = self.opts.get_field(name).flatchoices
            values = [value for value, label in choices if term.strip() in str(label)]
            wanted |= Q(**{f"{name}__in": values})
        return wanted

    # Forms ---------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Related rows come from reach too, whatever the browser sends (T03)."""
        related = db_field.remote_field.model
        if "queryset" not in kwargs and scoped_query_set(related) is not None:
            kwargs["queryset"] = self.choices_for(related, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def choices_for(self, related: Any, user: Any) -> Any:
        """The rows of another table that this form may point at."""
        found = related.objects.visible_to(user, self.change_words[0])
        for word in self.change_words[1:]:
            found = found | related.objects.visible_to(user, word)
        return found

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No windows that pop up, no links to add a related row on the side."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field is not None:
            name_what_is_missing(field, field.label)
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and remember who changed which fields; a service form has done both already."""
        if isinstance(form, ServiceForm):
            return
        super().save_model(request, obj, form, change)
        self.record(request, obj, "change" if change else "add", form.changed_data)
        self.saved(obj)

    def saved(self, obj: Any) -> None:
        """What else must happen after a row was saved."""

    def record(self, request: HttpRequest, obj: Any, verb: str, fields: Sequence[str]) -> None:
        """One audit line with the names of the changed fields, never their values."""
        paths = self.paths_of(obj)
        audit.record(
            f"{verb}_{self.opts.model_name}",
            by=request.user,
            subject=f"{self.opts.model_name}:{obj.pk}",
            organisation_path=paths[0] if paths else "",
            detail={"fields": list(fields)},
        )

    # The audit chain is the log of the house; Django's own log of actions stays empty.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None: ...

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        raise Http404

    # Deeds ---------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        base = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(partial(self.deed_view, name=name)),
                name=f"{base}_{name}",
            )
            for name in self.deeds
        ]
        return [*own, *super().get_urls()]

    def open_deeds(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Names and labels of the deeds this user may do on this row."""
        return [
            (f"../{name}/", str(form.label))
            for name, form in self.deeds.items()
            if form.is_open_for(obj) and self.reaches(request.user, form.words, obj)
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        tools = self.open_deeds(request, obj) if obj is not None else []
        context = {**(extra_context or {}), "deeds": tools}
        return super().change_view(request, object_id, form_url, context)

    def deed_view(self, request: HttpRequest, object_id: str, *, name: str) -> HttpResponse:
        """One deed on one row: a form, a service, and what the service had to say."""
        form_class = self.deeds[name]
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not form_class.is_open_for(obj):
            raise Http404
        if not self.reaches(request.user, form_class.words, obj):
            raise PermissionDenied
        form = form_class(request.POST or None, subject=obj, by=request.user)
        shown = ""
        if request.method == "POST" and form.is_valid():
            done, shown = attempt(form.act, form)
            if done and not shown:
                return self.done(request, form)
        return TemplateResponse(
            request,
            "desk/master_deed.html",
            {
                **self.admin_site.each_context(request),
                "title": form_class.label,
                "form": form,
                "opts": self.opts,
                "original": obj,
                "shown": shown,
                "back_url": self.back_to(obj),
            },
            status=200 if not form.errors else 422,
        )

    def done(self, request: HttpRequest, form: DeedForm) -> HttpResponse:
        """Where to go after a deed with nothing to show: back to the row, which says so."""
        self.message_user(request, form.success or _("已办理。"))
        return redirect(self.back_to(form.subject))

    def back_to(self, obj: Any) -> str:
        """The address of the row's own page."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk])


def attempt(act: Callable[[], str], form: forms.Form) -> tuple[bool, str]:
    """Carry out a deed; a refusal becomes a sentence on the form."""
    try:
        return True, act() or ""
    except (HouseError, PermissionDenied) as refusal:
        form.add_error(None, getattr(refusal, "message", None) or str(refusal))
        return False, ""


class DoorAdmin(ScopedAdmin):
    """An entry of the menu whose pages are all our own; it lists and changes no rows itself."""

    may_add = may_change = False

    def rows_for(self, user: Any, words: Sequence[str]) -> Any:
        """None: what a page shows, it reads itself."""
        return models.QuerySet(self.model).none()


class StreetRowAdmin(ScopedAdmin):
    """Rules of the office: rows common to all streets, or a street's own that win over them.

    Common rows are changed by whoever holds the word on every street; others add rows of their own.
    """

    view_words = (Word.CONFIGURE,)
    change_words = (Word.CONFIGURE,)

    def rows_for(self, user: Any, words: Sequence[str]) -> Any:
        return rule_rows(self.model, user, words)

    def reaches(self, user: Any, words: Sequence[str], row: models.Model | None) -> bool:
        if row is None or row.pk is None:
            return any(roots(user, word) for word in words)
        street = getattr(row, "subdistrict", None)
        if street is not None:
            return any(may(user, word, street.path) for word in words)
        return any(covers_every_street(user, word) for word in words)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.reaches(request.user, self.view_words, None)

    def paths_of(self, row: models.Model) -> list[str]:
        street = getattr(row, "subdistrict", None)
        return [street.path] if street is not None else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "subdistrict":
            kwargs["queryset"] = self.choices_for(db_field.remote_field.model, request.user).filter(
                parent=None
            )
            field = super().formfield_for_foreignkey(db_field, request, **kwargs)
            field.required = not covers_every_street(request.user, self.change_words[0])
            field.empty_label = _("各街道通用")
            return field
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CommonRowAdmin(ScopedAdmin):
    """Rows that belong to no street at all (calendar, headings): one word opens all of them."""

    view_words = (Word.CONFIGURE,)
    change_words = (Word.CONFIGURE,)

    def rows_for(self, user: Any, words: Sequence[str]) -> Any:
        return common_rows(self.model, user, words)

    def reaches(self, user: Any, words: Sequence[str], row: models.Model | None) -> bool:
        return any(roots(user, word) for word in words)

    def paths_of(self, row: models.Model) -> list[str]:
        return []

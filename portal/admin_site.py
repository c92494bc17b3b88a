"""The secretaries' desk: Django's admin with rights from appointments and an index that is work."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, include, path, re_path, reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from complaints.desk.suggesting import queue as queue_of
from complaints.desk.workbench import workbench
from complaints.selectors import capped_count, count_label, waiting_for
from governance.choices import Word
from governance.models.reach import SEGMENT, in_place_of, rights, roots
from governance.selectors import subdistrict_of
from governance.services import notices

DESK_WORDS = frozenset(
    {
        Word.SEE,
        Word.DISPATCH,
        Word.REVIEW,
        Word.CALLBACK,
        Word.MANAGE,
        Word.CONFIGURE,
        Word.SECURE,
        Word.AUDIT,
    }
)
SHORTEST_TERM = 2
NAME_KEPT_SECONDS = 300
FLOORS = ("governance", "grids", "residents", "complaints")
# The menu 设置: a heading and the lists under it, as far as the reader's words open them.
MENU = [
    (gettext_lazy("人员组织"), ["governance.organisation", "governance.person",
                            "governance.appointment", "governance.leave", "governance.role"]),
    (gettext_lazy("网格地块"), ["grids.grid", "grids.residentialcompound", "grids.building",
                            "residents.personhouse", "residents.communitygroup",
                            "complaints.placecode"]),
    (gettext_lazy("办理规则"), ["complaints.category", "complaints.urgencylimit",
                            "complaints.levelbox", "complaints.reminderrule",
                            "complaints.oversightrules", "complaints.caserules",
                            "complaints.assistrule", "complaints.requestrule",
                            "complaints.requestreason", "complaints.headersynonym",
                            "complaints.replytemplate", "complaints.callscript",
                            "complaints.sendbackreason"]),
    (gettext_lazy("居民入口"), ["complaints.plainkind", "complaints.privacynotice",
                            "complaints.residentrules"]),
    (gettext_lazy("日历"), ["governance.calendaryear", "governance.calendarday",
                          "governance.officehours"]),
    (gettext_lazy("消息外发"), ["governance.channel", "governance.delivery"]),
    (gettext_lazy("接口"), ["governance.apitoken"]),
    (gettext_lazy("审计"), ["governance.auditentry"]),
]  # fmt: skip


class PatientAutocomplete(AutocompleteJsonView):
    """Pickers that answer only when two characters were typed, so that nobody leafs through all."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if len(self.term.strip()) >= SHORTEST_TERM else rows.none()


class DeskSite(AdminSite):
    """One desk for everybody whose appointments carry a word that is used at a desk."""

    site_header = gettext_lazy("网格治理")
    site_title = gettext_lazy("网格治理")
    index_title = gettext_lazy("工作台")
    site_url = None
    enable_nav_sidebar = False
    index_template = "desk/index.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the house's own lists have a place here: no raw groups, rights or second factors."""
        if getattr(admin_class, "__module__", "").split(".")[0] in FLOORS:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether an appointment of today opens the desk; staff flags and superusers count nothing."""
        return any(word in DESK_WORDS for word, _path in rights(request.user))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Strangers are led to the sign-in page; who has no desk is told so."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        inner.__name__ = getattr(view, "__name__", type(self).__name__)
        inner.__doc__ = view.__doc__
        return csrf_protect(inner if cacheable else never_cache(inner))

    def get_urls(self) -> list[URLPattern]:
        """Django's own list without sign-in, passwords, `view_on_site` and recent actions."""
        own: list[Any] = [
            path("", self.admin_view(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("logout/", self.logout, name="logout"),
            path(
                "notices/read/",
                self.admin_view(require_POST(self.read_notices)),
                name="notices_read",
            ),
            path("autocomplete/", self.admin_view(self.autocomplete_view), name="autocomplete"),
            path("counts/", self.admin_view(self.counts), name="counts"),
            path("jsi18n/", self.admin_view(self.i18n_javascript, cacheable=True), name="jsi18n"),
        ]
        for model, model_admin in self._registry.items():
            place = f"{model._meta.app_label}/{model._meta.model_name}/"
            own.append(path(place, include(model_admin.urls)))
        labels = "|".join(sorted({model._meta.app_label for model in self._registry}))
        own.append(
            re_path(
                rf"^(?P<app_label>{labels})/$", self.admin_view(self.app_index), name="app_list"
            )
        )
        own.append(re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view)))
        return own

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The house has one page to sign in."""
        return redirect_to_login(reverse("admin:index"), settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The house has one page to sign out."""
        return redirect("account_logout")

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lists are found in the menu; the address of an app leads back to the workbench."""
        return redirect("admin:index")

    def catch_all_view(self, request: HttpRequest, url: str) -> HttpResponse:
        """No guessing of addresses, no redirects that tell which exist."""
        raise Http404

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Scoped through the list of the related table."""
        return PatientAutocomplete.as_view(admin_site=self)(request)

    def read_notices(self, request: HttpRequest) -> HttpResponse:
        """Put the reader's own notices away."""
        notices.mark_read(request.user)
        return redirect("admin:index")

    def counts(self, request: HttpRequest) -> HttpResponse:
        """How much waits for the reader, for the title of the tab; two capped counts."""
        user = request.user
        waiting = capped_count(waiting_for(user)) if roots(user, Word.SEE) else 0
        queue = capped_count(queue_of(user)) if roots(user, Word.DISPATCH) else 0
        return JsonResponse({"waiting": count_label(waiting), "queue": count_label(queue)})

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The workbench: what waits, what is late, what is due, what nobody can do."""
        context = {
            **self.each_context(request),
            "title": "",
            "subtitle": None,
            "unit": _("件"),
            **workbench(request.user),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, self.index_template, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu 设置: only lists that the reader's words open; no statement beyond the rights."""
        groups = []
        for heading, lines in menu_in(get_language(), self):
            models = [line for one, line in lines if one.has_module_permission(request)]
            if models:
                groups.append({"name": heading, "app_label": "", "app_url": "", "models": models})
        return groups

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the desk needs; the reader's rights are the only thing read."""
        allowed = self.has_permission(request)
        return {
            "site_title": self.site_title,
            "site_header": self.heading(request.user) if allowed else self.site_header,
            "site_url": None,
            "has_permission": allowed,
            "available_apps": self.get_app_list(request) if allowed else [],
            "desk_tabs": self.tabs(request) if allowed else [],
            "in_place_of": sorted({name for _path, name in in_place_of(request.user)}),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": [],
        }

    def heading(self, user: Any) -> str:
        """The street's name in the bar; kept for a while, because every page shows it."""
        root = min(path for _word, path in rights(user))[:SEGMENT]
        name = cache.get(f"street:{root}")
        if name is None:
            name = subdistrict_of(root).display_name
            cache.set(f"street:{root}", name, NAME_KEPT_SECONDS)
        return _("%(street)s · 网格治理") % {"street": name}

    def tabs(self, request: HttpRequest) -> list[dict[str, str]]:
        """The tabs of the bar, as far as the reader's words open them."""
        user = request.user
        cases, queue = address("complaints_complaint_changelist"), address("complaints_queue")
        new, imports = address("complaints_complaint_add"), address("complaints_import")
        reviews, calls = address("complaints_reviews"), address("complaints_callbacks")
        results, presses = address("complaints_publications"), address("complaints_pressing")
        found = []
        if roots(user, Word.SEE):
            # Below the list of cases, but tabs of their own.
            own = (
                one
                for one in (queue, new, imports, reviews, calls, results, presses)
                if request.path.startswith(one)
            )
            found.append({"label": _("诉求"), "url": cases, "but": next(own, "")})
        if roots(user, Word.DISPATCH):
            found.append({"label": _("待派单"), "url": queue, "count_of": "queue"})
        if roots(user, Word.REVIEW):
            found.append({"label": _("审核"), "url": reviews})
        if roots(user, Word.CALLBACK):
            found.append({"label": _("回访"), "url": calls})
        if roots(user, Word.SEE):
            found.append({"label": _("督促"), "url": presses})
        if roots(user, Word.DISPATCH):
            found.append({"label": _("公开"), "url": results})
        if roots(user, Word.SEE):
            found.append({"label": pgettext("按钮", "登记"), "url": new})
        if roots(user, Word.DISPATCH):
            found.append({"label": _("导入"), "url": imports})
        if roots(user, Word.MANAGE):
            people = address("governance_appointment_changelist")
            found.append({"label": _("人员任职"), "url": people})
        return found


@functools.cache
def address(name: str) -> str:
    """Where a page of the desk lies; looked up once for each process."""
    return reverse(f"admin:{name}")


@functools.cache
def menu_in(language: str | None, site: DeskSite) -> list[tuple[str, list[tuple[Any, Any]]]]:
    """The whole menu in the language that is being spoken: headings, and under each its lists."""
    known = {model._meta.label_lower: one for model, one in site._registry.items()}
    return [
        (str(heading), [(known[name], menu_line(known[name])) for name in names if name in known])
        for heading, names in MENU
    ]


def menu_line(model_admin: Any) -> dict[str, Any]:
    """One entry of the menu, in the shape Django's templates know."""
    opts = model_admin.opts
    return {
        "name": str(getattr(model_admin, "menu_name", opts.verbose_name_plural)),
        "object_name": opts.object_name,
        "admin_url": address(f"{opts.app_label}_{opts.model_name}_changelist"),
        "perms": {},
    }
